"""The wave editor: groups found as one types, and servers of a wave chosen one by one."""
import re
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import PATIENCE, SCREENSHOTS, call
from sweep import MODES, RULES

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def groups():
    """More groups than are offered at once; gone afterwards."""
    mark, place = uuid.uuid4().hex[:6], call("GET", "/protection-groups?limit=1")["items"][0]
    made = [call("POST", "/protection-groups", {
        "groupName": f"Zone {mark} {number:02d}", "accountId": place["accountId"], "region": place["region"],
        "serverSelectionTags": {"none": mark}})["groupId"] for number in range(21)]
    yield mark
    for group in made:
        call("DELETE", f"/protection-groups/{group}")


def test_groups_are_found_as_one_types(open_page, groups):
    page = open_page()
    page.goto("/recovery-plans/new")
    wave = page.locator(".wave").first
    find, list = wave.get_by_role("searchbox", name="Find groups"), wave.locator("[data-found]")
    find.fill(f"{groups} 17")
    expect(list.get_by_role("checkbox")).to_have_count(1)
    list.get_by_role("checkbox").check()
    # A search is no reason to send the form, and what is chosen stays.
    find.press("Enter")
    find.fill(f"{groups} 03")
    expect(list).to_contain_text(f"Zone {groups} 03")
    expect(list.get_by_role("checkbox", name=f"Zone {groups} 17")).to_be_checked()
    assert list.get_by_role("checkbox").first.get_attribute("name") == "waves.0.protectionGroupIds[]"
    page.get_by_role("button", name="Add wave").click()
    second = page.locator(".wave").nth(1)
    second.get_by_role("searchbox", name="Find groups").fill(f"{groups} 05")
    expect(second.locator("[data-found]").get_by_role("checkbox")).to_have_count(1)
    expect(page).to_have_url("/recovery-plans/new")


@pytest.fixture
def plan():
    """A plan of one group of several servers, that nothing uses; gone afterwards."""
    group = next(it for it in call("GET", "/protection-groups?limit=200")["items"] if it["serverCount"] > 1)
    plan = call("POST", "/recovery-plans", {
        "planName": f"One by one {uuid.uuid4().hex[:6]}",
        "waves": [{"waveNumber": 0, "name": "Some", "protectionGroupIds": [group["groupId"]]}]})
    yield plan["planId"], group["sourceServerIds"]
    call("DELETE", f"/recovery-plans/{plan['planId']}")


def test_servers_of_a_wave_are_chosen_one_by_one(open_page, plan):
    plan, (first, *_, last) = plan
    page = open_page()
    page.goto(f"/recovery-plans/{plan}/edit")
    servers = page.locator("details[data-servers]").first
    servers.locator("summary").press("Enter")
    row = servers.locator("[data-row]").filter(has_text=first)
    row.get_by_role("checkbox").check()
    row.get_by_label("If it fails").select_option("OPTIONAL")
    row.get_by_label("Recovery point").fill("pit-0123456789abcdef0")
    servers.locator("[data-row]").filter(has_text=last).get_by_role("checkbox").check()
    for mode, (size, media) in MODES.items():
        page.set_viewport_size(size)
        page.emulate_media(**media)
        page.evaluate("scrollTo(0, 0)")
        report = Axe().run(page, options={"runOnly": RULES})
        assert report.violations_count == 0, report.generate_report()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), mode
        page.screenshot(path=SCREENSHOTS / f"wave-servers-{mode}.png", full_page=True)
    page.get_by_role("button", name="Save plan").click()
    # Whoever goes elsewhere before the page has come that follows races with it.
    expect(page).to_have_url(re.compile(f"/recovery-plans/{plan}$"))
    expect(page.locator("#flashes")).to_contain_text("The plan is saved.")
    wave = call("GET", f"/recovery-plans/{plan}")["waves"][0]
    assert sorted(wave["serverIds"]) == sorted({first, last})
    choice = {"serverId": first, "impact": "OPTIONAL", "recoverySnapshotId": "pit-0123456789abcdef0"}
    assert wave["servers"] == [choice]

    # What nobody opens is sent back as it is.
    page.goto(f"/recovery-plans/{plan}/edit")
    expect(page.locator("details[data-servers] summary").first).to_contain_text("1 may fail")
    page.get_by_label("Description").first.fill("Saved without a look at the servers")
    page.get_by_role("button", name="Save plan").click()
    expect(page).to_have_url(re.compile(f"/recovery-plans/{plan}$"))
    expect(page.locator("#flashes")).to_contain_text("The plan is saved.")
    again = call("GET", f"/recovery-plans/{plan}")
    assert again["description"] == "Saved without a look at the servers"
    assert again["waves"][0]["servers"] == [choice]
