"""The wallboard by a link: without a session, live, and gone when the link is taken back."""
import re
import uuid

from playwright.sync_api import expect

from conftest import HUB, PATIENCE, SCREENSHOTS, call

expect.set_options(timeout=PATIENCE)


def test_a_link_shows_the_wall_without_a_session(open_page, world):
    page = open_page()
    page.goto(f"/executions/{world['execution']}")
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share the wallboard")
    label = f"Hall {uuid.uuid4().hex[:6]}"
    dialog.get_by_label("Where it hangs").fill(label)
    dialog.get_by_role("button", name="Make link").click()
    link = dialog.locator("output")
    expect(link).to_contain_text("share=")
    address = link.text_content()

    screen = open_page(extra_http_headers={})
    assert screen.goto(address).status == 200
    expect(screen.locator("#live")).to_have_attribute("data-state", "live")
    note = f"For the wall {uuid.uuid4().hex[:6]}"
    call("POST", f"/executions/{world['execution']}/notes", {"text": note})
    expect(screen.locator("#wall")).to_contain_text(note)
    screen.screenshot(path=SCREENSHOTS / "wall-shared.png")

    # A reload lists it; taken back, the screen says so by itself.
    page.reload()
    page.get_by_role("button", name="Share").click()
    row = page.get_by_role("dialog").locator("li").filter(has_text=label)
    row.get_by_role("button", name="Take back").click()
    expect(page.locator("#flashes")).to_contain_text("The link is taken back.")
    call("POST", f"/executions/{world['execution']}/notes", {"text": "After it was taken back"})
    expect(screen.locator("#staleness")).to_contain_text("This link has expired or was taken back.")
    expect(screen.locator("#wall")).not_to_contain_text("After it was taken back")
    assert screen.goto(address).status == 401
    open_page.complaints.clear()  # The browser writes down that it was refused.


def test_more_tabs_than_connections_all_stay_current(open_page, world):
    """Over HTTP/1.1 a browser has six connections to a host: four tabs stream, the others ask."""
    first = open_page()
    tabs = [first] + [first.context.new_page() for _ in range(8)]
    for tab in tabs:
        tab.goto(f"/executions/{world['execution']}")
    for tab in tabs:
        expect(tab.locator("#live")).to_have_attribute("data-state", "live")
    note = f"To all tabs {uuid.uuid4().hex[:6]}"
    call("POST", f"/executions/{world['execution']}/notes", {"text": note})
    for tab in tabs:
        expect(tab.locator("#events")).to_contain_text(note)


def test_signing_in_leads_to_a_running_drill(open_page, world):
    """As somebody does who has just started the quickstart."""
    page = open_page(extra_http_headers={})
    page.goto("/")
    if page.get_by_role("link", name=re.compile("^Sign in")).count():
        page.get_by_role("link", name=re.compile("^Sign in")).first.click()
    page.get_by_role("button", name="ada").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    expect(page.locator("#active")).to_contain_text("Warehouse, with a look before the web tier")
    page.screenshot(path=SCREENSHOTS / "quickstart.png")
    # The simulated Cognito's page is none of ours; it has no icon, for one.
    open_page.complaints[:] = [it for it in open_page.complaints if it.startswith(HUB)]
