"""What people come for: a group, a plan, a drill with an approval, watched live, cleaned up; and the same by keyboard."""
import re
import uuid

from playwright.sync_api import expect

from conftest import HUB, PATIENCE, SCREENSHOTS, call, until

expect.set_options(timeout=PATIENCE)


def free_servers(number):
    """An account and Region with so many servers that belong to no group."""
    places = {}
    for server in call("GET", "/drs/source-servers?assignment=AVAILABLE&limit=200")["items"]:
        places.setdefault((server["accountId"], server["region"]), []).append(server)
    return next(servers[:number] for servers in places.values() if len(servers) >= number)


def test_from_group_to_clean_up(open_page):
    servers, name = free_servers(2), f"Browser {uuid.uuid4().hex[:8]}"
    page = open_page()

    page.goto("/protection-groups")
    page.get_by_role("link", name="Create group").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Account").select_option(servers[0]["accountId"])
    page.get_by_label("Region").select_option(servers[0]["region"])
    for server in servers:
        page.get_by_role("searchbox", name="Find servers").fill(server["sourceServerId"])
        page.locator(f"input[value={server['sourceServerId']}]").check()
    expect(page.locator("#chosen")).to_have_text("2 servers chosen")
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#flashes")).to_contain_text("The group is saved.")

    page.goto("/recovery-plans/new")
    page.get_by_label("Name", exact=True).first.fill(name)
    wave = page.locator(".wave").first
    wave.get_by_label("Name").fill("Only wave")
    wave.get_by_label(re.compile(name)).check()
    wave.get_by_text("Gates, failure and time-out").click()
    wave.get_by_label("Approval before this wave").check()
    wave.get_by_label("Not by the person who started the run").uncheck()
    page.get_by_role("button", name="Create plan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)

    page.get_by_role("link", name="Start drill").click()
    page.get_by_label("Reason").fill("A look at the console")
    page.get_by_role("button", name="Start drill").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#needs-you")).to_contain_text("Approval needed before wave 1")
    page.screenshot(path=SCREENSHOTS / "flow-approval.png", full_page=True)
    page.locator("#needs-you").get_by_role("button", name="Approve").click()
    page.get_by_role("dialog").get_by_label("Comment").fill("Go on.")
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()

    # From here on nobody touches the page: what happens comes by itself.
    expect(page.locator("#summary")).to_contain_text("Completed", timeout=240_000)
    expect(page.locator("#events")).to_contain_text("Go on.")
    page.screenshot(path=SCREENSHOTS / "flow-completed.png", full_page=True)
    page.get_by_role("button", name="Terminate instances").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type the plan's name to confirm").fill("something else")
    dialog.get_by_role("button", name="Terminate").click()
    expect(dialog).to_contain_text(f"Type {name}")
    dialog.get_by_label("Type the plan's name to confirm").fill(name)
    dialog.get_by_role("button", name="Terminate").click()
    expect(page.locator("#needs-you")).to_contain_text("Cleaned up", timeout=240_000)


def test_by_keyboard_alone(open_page, world):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/executions$"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/executions/[0-9a-f-]+$"))
    page.goto(f"/executions/{world['execution']}")
    page.keyboard.press(".")
    expect(page.get_by_role("button", name="Resume").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add note")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Add a note")
    expect(dialog).to_be_visible()
    page.keyboard.press("Tab")
    note = f"By keyboard {uuid.uuid4().hex[:6]}"
    page.keyboard.type(note)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#events")).to_contain_text(note)


def test_a_patch_leaves_what_somebody_types(open_page, world):
    page = open_page()
    page.goto(f"/executions/{world['execution']}")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.get_by_role("button", name="Add note").click()
    field = page.get_by_role("dialog").get_by_label("Note")
    field.fill("half a sente")
    note = f"From elsewhere {uuid.uuid4().hex[:6]}"
    call("POST", f"/executions/{world['execution']}/notes", {"text": note})
    expect(page.locator("#events")).to_contain_text(note)
    expect(field).to_have_value("half a sente")
    expect(field).to_be_focused()


def test_hidden_input_is_text(open_page, world):
    """What people write is text, wherever it is shown."""
    page = open_page()
    text = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    call("POST", f"/executions/{world['execution']}/notes", {"text": text})
    page.goto(f"/executions/{world['execution']}")
    expect(page.locator("#events")).to_contain_text("<img src=x")
    assert page.locator("#events img").count() == 0 and page.title() != "broken"


def test_problems_stand_beside_their_fields(open_page, world):
    page = open_page()
    page.goto("/recovery-plans/new")
    page.get_by_role("button", name="Create plan").click()
    expect(page.get_by_label("Name", exact=True).first).to_be_focused()
    expect(page.get_by_label("Name", exact=True).first).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name", exact=True).first.fill("Shop, three tiers")
    wave = page.locator(".wave").first
    wave.get_by_label("Name").fill("One")
    wave.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Create plan").click()
    expect(page.locator(".form-error").first).not_to_be_empty()
    open_page.complaints.clear()  # The browser writes down that a request was refused.


def test_back_restores_the_filter(open_page):
    page = open_page()
    page.goto("/servers")
    page.get_by_role("searchbox", name="Find servers").fill("shop-db")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{HUB}/servers?q=shop-db")
    page.locator("tbody a").first.click()
    page.go_back()
    expect(page.get_by_role("searchbox", name="Find servers")).to_have_value("shop-db")


def test_preferences_are_kept(open_page):
    page = open_page()
    page.goto("/settings")
    page.get_by_label("Dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    until("the cookie is kept", lambda: any(it["name"] == "muster_preferences" for it in page.context.cookies()))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
