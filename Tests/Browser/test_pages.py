"""Every page: nothing that axe can see is wrong, in any mode; and nothing scrolls sideways."""
import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import MODES, SCREENSHOTS

PAGES = {
    "dashboard": "/", "approvals": "/approvals", "executions": "/executions", "execution": "/executions/{execution}",
    "wall": "/executions/{execution}/wall", "plans": "/recovery-plans", "plan": "/recovery-plans/{plan}",
    "plan-new": "/recovery-plans/new", "plan-edit": "/recovery-plans/{plan}/edit",
    "plan-start": "/recovery-plans/{plan}/start?type=RECOVERY", "groups": "/protection-groups",
    "group": "/protection-groups/{group}", "group-new": "/protection-groups/new",
    "group-edit": "/protection-groups/{group}/edit", "servers": "/servers", "server": "/servers/{server}",
    "accounts": "/accounts", "account": "/accounts/{account}", "getting-started": "/getting-started",
    "audit": "/audit", "settings": "/settings", "search": "/search?q=shop", "api": "/docs/api", "design": "/design",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
titles = {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PAGES)
def test_page(name, mode, open_page, world):
    page = open_page(mode)
    answer = page.goto(PAGES[name].format(**world))
    assert answer.status == 200
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    page.locator("html[data-scripted]").wait_for()
    if name in ("group-new", "group-edit"):
        page.locator("#discovery[aria-busy=false]").wait_for()
    report = Axe().run(page, options={"runOnly": RULES})
    page.screenshot(path=SCREENSHOTS / f"{name}-{mode}.png", full_page=True)
    assert report.violations_count == 0, report.generate_report()
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    assert titles.setdefault(page.title(), name) == name, "another page has the same title"


@pytest.mark.parametrize("mode", ["light", "dark", "narrow"])
def test_nothing_is_there(mode, open_page):
    page = open_page(mode)
    answer = page.goto("/recovery-plans/01950000-0000-7000-8000-000000000000")
    assert answer.status == 404
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert page.locator("h1").inner_text() == "There is nothing here"
    report = Axe().run(page, options={"runOnly": RULES})
    # The browser itself writes down that a document was not found.
    open_page.complaints.clear()
    assert report.violations_count == 0, report.generate_report()


def test_reads_without_script(open_page, world):
    page = open_page(java_script_enabled=False)
    page.goto(f"/executions/{world['execution']}")
    assert "Paused" in page.locator("#summary").inner_text()
    assert page.locator("#servers tbody tr").count() > 0
    assert page.locator("#nav").is_visible()
