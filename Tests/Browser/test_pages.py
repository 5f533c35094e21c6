"""Every page: nothing that axe can see is wrong, in any mode; and nothing scrolls sideways."""
import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import CHROMIUM, HEADERS, HUB, PATIENCE, SCREENSHOTS
from sweep import MODES, RULES, sweep

PAGES = {
    "dashboard": "/", "approvals": "/approvals", "executions": "/executions", "execution": "/executions/{execution}",
    "execution-server": "/executions/{execution}?wave=0&server={launched}", "execution-event": "/executions/{execution}?event=4",
    "wall": "/executions/{execution}/wall", "report": "/executions/{execution}/report", "coverage": "/coverage", "findings": "/findings", "compare": "/executions/compare?a={execution}", "plans": "/recovery-plans", "plan": "/recovery-plans/{plan}",
    "plan-versions": "/recovery-plans/{plan}/versions", "plan-import": "/recovery-plans/import",
    "plan-new": "/recovery-plans/new", "plan-edit": "/recovery-plans/{plan}/edit",
    "plan-start": "/recovery-plans/{plan}/start?type=RECOVERY", "schedules": "/schedules", "schedule": "/schedules/{schedule}",
    "orphans": "/orphans", "campaigns": "/campaigns",
    "notification-targets": "/notification-targets", "notification-target": "/notification-targets/{target}",
    "groups": "/protection-groups",
    "group": "/protection-groups/{group}", "group-new": "/protection-groups/new",
    "group-edit": "/protection-groups/{group}/edit", "servers": "/servers", "server": "/servers/{server}",
    "accounts": "/accounts", "account": "/accounts/{account}",
    "account-checked": "/accounts/{account}?access=check", "getting-started": "/getting-started",
    "audit": "/audit", "settings": "/settings", "search": "/search?q=shop", "api": "/docs/api", "design": "/design",
}


@pytest.fixture(scope="session")
def seen(world):
    paths = {name: path.format(**world) for name, path in PAGES.items()}
    return sweep(HUB, HEADERS, paths, SCREENSHOTS, PATIENCE, CHROMIUM)


@pytest.mark.parametrize("name", PAGES)
def test_page(name, seen):
    page = seen[name]
    assert page.failure == ""
    assert page.status == 200
    assert "require-trusted-types-for 'script'" in page.policy
    assert page.violations == {mode: [] for mode in MODES}
    assert page.sideways == [], "it scrolls sideways"
    assert page.complaints == [], "the browser's console complains"
    assert page.headings == 1


def test_every_title_is_its_own(seen):
    # The same page twice is the same page.
    again = ("account-checked", "execution-server", "execution-event")
    titles = [page.title for name, page in seen.items() if name not in again]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("path", ["/recovery-plans/01950000-0000-7000-8000-000000000000", "/nothing"])
@pytest.mark.parametrize("mode", ["light", "dark", "narrow"])
def test_nothing_is_there(mode, path, open_page):
    page = open_page(mode)
    answer = page.goto(path)
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
