"""Pages that cannot be shown: each says why, what to do, and under which number the hub's log has it."""
import json
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import PATIENCE, SCREENSHOTS, SIMULATOR, database
from sweep import MODES, RULES

expect.set_options(timeout=PATIENCE)
needs_stack = pytest.mark.skipif(not SIMULATOR, reason="the hub is another's: its people and its database are not ours")


def token(*groups):
    """An access token of somebody in these groups."""
    body = json.dumps({"username": "stranger", "groups": groups, "client_id": "muster-browser"}).encode()
    request = urllib.request.Request(f"{SIMULATOR}/us-east-1_MusterSim/test/token", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["access_token"]


def judged(page, name):
    """Nothing that axe can see is wrong with it, in any mode."""
    for mode, (size, media) in MODES.items():
        page.set_viewport_size(size)
        page.emulate_media(**media)
        report = Axe().run(page, options={"runOnly": RULES})
        assert report.violations_count == 0, report.generate_report()
        page.screenshot(path=SCREENSHOTS / f"{name}-{mode}.png", full_page=True)


@needs_stack
def test_somebody_without_a_role_is_told_what_to_do(open_page):
    page = open_page(extra_http_headers={"Authorization": f"Bearer {token('Visitors')}"})
    assert page.goto("/recovery-plans").status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not see this")
    main = page.locator("main")
    expect(main).to_contain_text("none of your groups gives you a role")
    expect(main).to_contain_text("Ask an administrator of Muster")
    expect(main.locator("code")).to_have_text(re.compile("^[0-9a-f-]{36}$"))
    judged(page, "error-403")
    # The browser itself writes down that a document was refused.
    open_page.complaints.clear()
    main.get_by_role("link", name="Your roles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


@needs_stack
def test_a_mistake_of_ours_has_a_number_and_a_way_on(open_page, world):
    page, path = open_page(), f"/executions/{world['execution']}"
    database("ALTER TABLE wall_link RENAME TO wall_link_gone")
    try:
        answer = page.goto(path)
        assert answer.status == 500
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong")
        main = page.locator("main")
        expect(main).to_contain_text("tell your administrator the request's number")
        expect(main.locator("code")).to_have_text(re.compile("^[0-9a-f-]{36}$"))
        # Nothing of the inside is shown.
        assert "wall_link" not in page.content()
        judged(page, "error-500")
    finally:
        database("ALTER TABLE wall_link_gone RENAME TO wall_link")
    main.get_by_role("link", name="Try again").click()
    expect(page.locator("#summary")).to_be_visible()
    open_page.complaints.clear()
