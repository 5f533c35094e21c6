"""The session's end: said two minutes before, put off by one key, and leading back to where one was."""
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import HUB, PATIENCE, SCREENSHOTS
from sweep import RULES

expect.set_options(timeout=PATIENCE)


def test_the_end_of_an_idle_session_is_said_before(open_page):
    page = open_page(extra_http_headers={})
    page.goto("/recovery-plans")
    if page.get_by_role("link", name=re.compile("^Sign in")).count():
        page.get_by_role("link", name=re.compile("^Sign in")).first.click()
    page.get_by_role("button", name="ada").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery plans")
    # From here on the page's clock is ours.
    page.clock.install()
    page.reload()
    page.locator("html[data-scripted]").wait_for()
    seconds = int(page.locator("body").get_attribute("data-idle-seconds"))
    dialog = page.get_by_role("dialog", name="Stay signed in?")

    page.clock.fast_forward((seconds - 300) * 1000)
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(200 * 1000)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    report = Axe().run(page, options={"runOnly": RULES})
    assert report.violations_count == 0, report.generate_report()
    page.screenshot(path=SCREENSHOTS / "idle-warning.png")
    with page.expect_response("**/session/touch") as touched:
        page.keyboard.press("Enter")
    assert touched.value.ok
    expect(dialog).to_be_hidden()

    # Nobody answers the second time.
    page.clock.fast_forward((seconds - 100) * 1000)
    expect(dialog).to_be_visible()
    page.clock.fast_forward(110 * 1000)
    expect(page).to_have_url(f"{HUB}/signed-out?return=%2Frecovery-plans")
    # The simulated Cognito's page is none of ours; it has no icon, for one.
    open_page.complaints[:] = [it for it in open_page.complaints if it.startswith(HUB)]
