"""A drill report in the console: people add what only they know, and the report that reads by itself says it."""
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import PATIENCE, call, until
from sweep import RULES
from test_links import ended_execution

expect.set_options(timeout=PATIENCE)


def test_people_add_what_only_they_know_and_the_report_says_it(open_page):
    execution = ended_execution()
    until("the report has made itself", lambda: call("GET", f"/executions/{execution}/reports")["items"])
    page = open_page()
    page.goto(f"/executions/{execution}")
    page.get_by_role("link", name="Report", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Drill report")
    page.get_by_role("button", name="Add entry").click()
    dialog = page.get_by_role("dialog", name="Add entry")
    dialog.get_by_label("Section and kind").select_option("SCENARIO")
    dialog.get_by_label("What", exact=True).fill("The Region is lost for a day")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("cell", name="The Region is lost for a day")).to_be_visible()
    page.get_by_role("button", name="Sign off").click()
    dialog = page.get_by_role("dialog", name="Sign off")
    dialog.get_by_label("Name", exact=True).fill("G. Hopper")
    dialog.get_by_label("As", exact=True).select_option("business owner")
    dialog.get_by_label("Statement").fill("Approved")
    dialog.get_by_role("button", name="Sign off").click()
    expect(page.get_by_role("cell", name="G. Hopper")).to_be_visible()
    find_a_gap(page)
    # The browser writes down that two forms were refused, as they were meant to be.
    assert all("400" in line or "422" in line for line in open_page.complaints), open_page.complaints
    open_page.complaints.clear()
    page.get_by_role("button", name="Make a new version").click()
    dialog = page.get_by_role("dialog", name="Make a new version")
    dialog.get_by_label("Why there is another version").fill("signed off")
    dialog.get_by_role("button", name="Make a new version").click()
    expect(page.get_by_role("cell", name="signed off", exact=True)).to_be_visible()
    read(page, execution)


def find_a_gap(page):
    """Records a finding, and takes its risk: without saying who does, it is refused where it belongs."""
    page.get_by_role("button", name="Record a finding").click()
    dialog = page.get_by_role("dialog", name="Record a finding")
    dialog.get_by_label("What was found").fill("The runbook names a host that is gone")
    dialog.get_by_label("Until when").fill("2027-02-30")
    dialog.get_by_role("button", name="Record", exact=True).click()
    expect(dialog.locator("[data-field=dueOn] .problem")).not_to_be_empty()
    dialog.get_by_label("Until when").fill("2027-01-31")
    dialog.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("rowheader", name="The runbook names a host that is gone")).to_be_visible()
    page.get_by_role("button", name="Change", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Change the finding")
    dialog.get_by_label("State").select_option("ACCEPTED")
    dialog.get_by_role("button", name="Change", exact=True).click()
    expect(dialog.locator("[data-field=riskAcceptance] .problem")).not_to_be_empty()
    dialog.get_by_label("Risk accepted").fill("A. Lovelace, until the host is back in March")
    dialog.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("cell", name="Risk accepted")).to_be_visible()


def read(page, execution):
    """The report as it stands for itself: what was added is in it, and a screen reader can read it."""
    page.goto(f"/api/v1/executions/{execution}/report?format=html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Drill report")
    assert page.locator("section > h2").count() == 22
    for text in ("The Region is lost for a day", "G. Hopper", "The runbook names a host that is gone"):
        expect(page.get_by_text(text).first).to_be_visible()
    result = Axe().run(page, options={"runOnly": RULES})
    assert result.violations_count == 0, result.generate_report()
