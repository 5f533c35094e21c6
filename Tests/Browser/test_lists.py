"""Lists as somebody wants them: views by name, columns, and several rows at once."""
import json
import re
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect

from conftest import HUB, PATIENCE, SIMULATOR, call, until
from looking import looked_at

expect.set_options(timeout=PATIENCE)


def test_a_view_is_kept_by_name(open_page):
    page = open_page()
    page.goto("/servers?q=shop&sort=-hostname")
    # By keyboard, as everything.
    page.locator("summary", has_text="Views").press("Enter")
    page.get_by_label("Keep this filter as").fill("The shop")
    page.get_by_label("Keep this filter as").press("Enter")
    views = page.get_by_role("navigation", name="Saved views")
    expect(views.get_by_role("link", name="The shop")).to_have_attribute("aria-current", "page")
    page.goto("/servers?q=depot-db")
    expect(views.get_by_role("link", name="The shop")).not_to_have_attribute("aria-current", "page")
    page.locator("summary", has_text="Views").click()
    looked_at(page, "views")
    page.locator("summary", has_text="Views").click()
    views.get_by_role("link", name="The shop").click()
    expect(page).to_have_url(f"{HUB}/servers?q=shop&sort=-hostname")
    page.goto("/recovery-plans")
    expect(views).to_have_count(0)
    page.go_back()
    page.locator("summary", has_text="Views").click()
    page.get_by_role("button", name="Remove The shop").click()
    expect(views).to_have_count(0)


def test_columns_are_chosen(open_page):
    page = open_page()
    page.goto("/servers?q=depot-db")
    expect(page.get_by_role("columnheader", name="Lag")).to_be_visible()
    page.locator("summary", has_text="Columns").click()
    looked_at(page, "columns", ("dark", "narrow"))
    page.get_by_label("Lag", exact=True).uncheck()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Lag")).to_have_count(0)
    expect(page).to_have_url(f"{HUB}/servers?q=depot-db")
    page.goto("/servers")
    expect(page.get_by_role("columnheader", name="Lag")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Replication")).to_be_visible()
    page.locator("summary", has_text="Columns").click()
    page.get_by_label("Lag", exact=True).check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Lag")).to_be_visible()


def test_selected_servers_become_a_group(open_page):
    page = open_page()
    page.goto("/servers?assignment=AVAILABLE&q=depot")
    boxes = page.locator("tbody [data-select]:enabled")
    first = boxes.first.get_attribute("value")
    page.get_by_label("All available on this page").check()
    assert boxes.count() > 1
    expect(page.locator("tbody [data-select]:checked")).to_have_count(boxes.count())
    looked_at(page, "servers-selected", ("dark", "narrow"))
    page.get_by_role("button", name="Create group of those selected").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create protection group")
    # A group is of one account and Region: the others are left out, and it is said.
    server = call("GET", f"/drs/source-servers?sourceServerId={first}")["items"][0]
    free = [it for it in call("GET", "/drs/source-servers?assignment=AVAILABLE&q=depot&sort=hostname&limit=50")["items"]
            if (it["accountId"], it["region"]) == (server["accountId"], server["region"])]
    expect(page.get_by_label("Account")).to_have_value(server["accountId"])
    expect(page.locator("#chosen")).to_contain_text(f"{len(free)} server")
    expect(page.locator(f"#discovery input[value='{first}']")).to_be_checked()
    page.get_by_label("All available that are shown").uncheck(force=True)


@pytest.fixture
def three_waves():
    """A plan of three waves, the last of which waits for the first; gone afterwards."""
    groups = [it["groupId"] for it in call("GET", "/protection-groups?limit=200")["items"] if it["serverCount"] > 0][:3]
    waves = [{"waveNumber": number, "name": name, "protectionGroupIds": [group]}
             for number, (name, group) in enumerate(zip("ABC", groups))]
    waves[2]["dependsOnWaves"] = [0]
    plan = call("POST", "/recovery-plans", {
        "planName": f"Order {uuid.uuid4().hex[:6]}", "ordering": "DEPENDENCIES", "waves": waves})["planId"]
    yield plan
    call("DELETE", f"/recovery-plans/{plan}")


def names(page):
    return [page.locator(".wave").nth(number).get_by_label("Name", exact=True).input_value() for number in range(3)]


def saved(plan):
    return [(it["name"], it["dependsOnWaves"]) for it in call("GET", f"/recovery-plans/{plan}")["waves"]]


def test_waves_are_moved_by_button_and_by_mouse_and_keep_what_they_wait_for(open_page, three_waves):
    # All of it can be seen: nothing scrolls below the mouse.
    page = open_page(viewport={"width": 1360, "height": 3200})
    page.goto(f"/recovery-plans/{three_waves}/edit")
    page.locator("html[data-scripted]").wait_for()
    assert names(page) == ["A", "B", "C"]
    page.locator(".wave").nth(0).get_by_role("button", name="Move down").press("Enter")
    assert names(page) == ["B", "A", "C"]
    page.get_by_role("button", name="Save plan").click()
    expect(page.locator("#flashes")).to_contain_text("The plan is saved.")
    expect(page).to_have_url(re.compile(f"/recovery-plans/{three_waves}$"))
    assert saved(three_waves) == [("B", []), ("A", []), ("C", [1])]
    page.goto(f"/recovery-plans/{three_waves}/edit")
    page.locator("html[data-scripted]").wait_for()
    # B is dragged below A: A becomes the first wave, and C still waits for it.
    page.locator(".wave").nth(0).locator("[data-drag]").drag_to(
        page.locator(".wave").nth(1), target_position={"x": 40, "y": page.locator(".wave").nth(1).bounding_box()["height"] - 8})
    assert names(page) == ["A", "B", "C"]
    page.get_by_role("button", name="Save plan").click()
    expect(page.locator("#flashes")).to_contain_text("The plan is saved.")
    expect(page).to_have_url(re.compile(f"/recovery-plans/{three_waves}$"))
    assert saved(three_waves) == [("A", []), ("B", []), ("C", [0])]


@pytest.fixture
def failing():
    """An ended drill of three servers, each of which fails at its first launch; cleaned up and gone afterwards."""
    places = {}
    for server in call("GET", "/drs/source-servers?assignment=AVAILABLE&limit=200")["items"]:
        places.setdefault((server["accountId"], server["region"]), []).append(server["sourceServerId"])
    (account, region), servers = next((place, ids[:3]) for place, ids in places.items() if len(ids) >= 3)
    for server in servers:
        body = json.dumps({"failure": {"ending": "LAUNCH_FAILED", "launches": 1}}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{SIMULATOR}/simulator/servers/{server}", body), timeout=60):
            pass
    mark = uuid.uuid4().hex[:6]
    group = call("POST", "/protection-groups", {
        "groupName": f"Fails {mark}", "accountId": account, "region": region, "sourceServerIds": servers})["groupId"]
    plan = call("POST", "/recovery-plans", {"planName": f"Fails {mark}", "waves": [
        {"waveNumber": 0, "name": "All", "protectionGroupIds": [group]}]})["planId"]
    execution = call("POST", "/executions", {"planId": plan, "executionType": "DRILL"})["executionId"]
    until("the drill has ended", lambda: call("GET", f"/executions/{execution}")["endedAt"])
    yield execution
    call("POST", f"/executions/{execution}/terminate-instances", {})
    until("its instances are gone", lambda: call("GET", f"/executions/{execution}")["instancesTerminated"])
    call("DELETE", f"/recovery-plans/{plan}")
    call("DELETE", f"/protection-groups/{group}")


@pytest.mark.skipif(not SIMULATOR, reason="the hub is another's: nothing can be made to fail")
def test_failed_servers_are_retried_together(open_page, failing):
    page = open_page()
    page.goto(f"/executions/{failing}")
    servers = page.locator("#servers")
    page.get_by_role("button", name="Retry selected").click()
    page.locator("#retry-selected").get_by_role("button", name="Retry them").click()
    expect(page.locator("#retry-selected .form-error")).to_contain_text("Select at least one row.")
    page.locator("#retry-selected").get_by_role("button", name="Close").first.click()
    servers.get_by_label("All failed on this page").check()
    expect(servers.locator("[data-select]:checked")).to_have_count(3)
    looked_at(page, "execution-selected", ("dark", "narrow"))
    servers.locator("tbody [data-select]").first.uncheck()
    page.get_by_role("button", name="Retry selected").click()
    expect(page.locator("#retry-selected")).to_contain_text("Launch 2 selected servers once more.")
    page.locator("#retry-selected").get_by_role("button", name="Retry them").click()
    expect(page.locator("#flashes")).to_contain_text("The servers are launched once more.")

    def statuses():
        return sorted(it["status"] for it in call("GET", f"/executions/{failing}")["waves"][0]["servers"])

    until("two are launched, and the third was not asked for", lambda: statuses() == ["FAILED", "LAUNCHED", "LAUNCHED"])
    expect(servers.locator("[data-select]")).to_have_count(1)
    servers.locator("[data-select]").check()
    page.get_by_role("button", name="Skip selected").click()
    page.locator("#skip-selected").get_by_label("Reason").fill("It is not needed today.")
    page.locator("#skip-selected").get_by_role("button", name="Skip them").click()
    until("the third is skipped", lambda: statuses() == ["LAUNCHED", "LAUNCHED", "SKIPPED"])
    # Where no row has a box there is nothing to do with several.
    expect(page.get_by_role("button", name="Retry selected")).not_to_be_visible()
