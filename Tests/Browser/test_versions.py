"""A plan's versions side by side, and a plan that goes out as a file and comes back."""
import json
import uuid

import pytest
from playwright.sync_api import expect

from conftest import PATIENCE, call
from looking import looked_at

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def plan():
    """A plan of three versions; gone afterwards, with what was imported of it."""
    groups = [it for it in call("GET", "/protection-groups?limit=200")["items"] if it["serverCount"] > 1]
    mark = uuid.uuid4().hex[:6]

    def body(*waves, **more):
        return {"planName": f"Versions {mark}", "waves": [
            {"waveNumber": number, **wave} for number, wave in enumerate(waves)], **more}

    one = {"name": "Databases", "protectionGroupIds": [groups[0]["groupId"]]}
    two = {"name": "Web", "protectionGroupIds": [groups[1]["groupId"]]}
    plan = call("POST", "/recovery-plans", body(one, two))["planId"]
    call("PUT", f"/recovery-plans/{plan}", body({**one, "timeoutMinutes": 45}, two, owner="shop@example.com"))
    call("PUT", f"/recovery-plans/{plan}", body(
        two, {**one, "serverIds": groups[0]["sourceServerIds"][:2], "approvals": {"count": 2}},
        owner="shop@example.com", recoveryTimeObjectiveMinutes=30))
    yield plan, mark
    for item in call("GET", f"/recovery-plans?q={mark}")["items"]:
        call("DELETE", f"/recovery-plans/{item['planId']}")


def test_two_versions_stand_side_by_side(open_page, plan):
    plan, _ = plan
    page = open_page()
    page.goto(f"/recovery-plans/{plan}")
    page.get_by_role("link", name="Versions").click()
    what = page.get_by_role("region", name="What changed", exact=True)
    expect(what).to_contain_text("From revision 2")
    wave = what.get_by_role("region", name="Wave 2. Databases, table")
    expect(wave.get_by_role("row").filter(has_text="Approval before it")).to_contain_text("2 people")
    expect(wave.locator("ins").filter(has_text="s-")).to_have_count(2)
    expect(wave.locator("del").filter(has_text="45 minutes")).to_have_count(1)
    looked_at(page, "plan-versions-changed")
    what.get_by_label("From").select_option("1")
    expect(page).to_have_url(f"/recovery-plans/{plan}/versions?from=1&to=3")
    expect(what.locator("ins").filter(has_text="shop@example.com")).to_have_count(1)
    page.get_by_role("row").filter(has_text="What changed since").first.get_by_role(
        "link", name="What changed in it").click()
    expect(what).to_contain_text("From revision 1")
    expect(what).to_contain_text("The same in both: 2. Web.")


def test_a_plan_goes_out_as_a_file_and_comes_back(open_page, plan, tmp_path):
    plan, mark = plan
    page = open_page()
    page.goto(f"/recovery-plans/{plan}")
    # The browser loads it as a file; here it is asked for by a token, which a download does not send.
    export = page.get_by_role("link", name="Export")
    expect(export).to_have_attribute("download", f"Versions {mark}.json")
    expect(export).to_have_attribute("href", f"/api/v1/recovery-plans/{plan}/file")
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(call("GET", f"/recovery-plans/{plan}/file"), indent=2))
    assert json.loads(file.read_text())["planName"] == f"Versions {mark}"
    page.goto("/recovery-plans")
    page.get_by_role("link", name="Import").click()
    text = page.get_by_label("Plan", exact=True)
    text.fill("{")
    page.get_by_role("button", name="Import plan").click()
    expect(page.locator("#p-plan")).to_contain_text("no JSON object")
    page.locator("#file").set_input_files(file)
    expect(text).to_have_value(file.read_text())
    # Its name is taken: by the plan that it was.
    page.get_by_role("button", name="Import plan").click()
    expect(page.locator(".form-error")).to_contain_text("name")
    page.get_by_label("Another name").fill(f"Imported {mark}")
    # The browser itself writes down that a call was refused.
    open_page.complaints.clear()
    looked_at(page, "plan-import-filled", ("narrow",))
    page.get_by_role("button", name="Import plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Imported {mark}")
    made = next(it for it in call("GET", f"/recovery-plans?q={mark}")["items"] if it["planName"] == f"Imported {mark}")
    assert made["waves"] == call("GET", f"/recovery-plans/{plan}")["waves"]


def test_a_file_that_names_a_group_that_is_not_here_makes_nothing(open_page, plan):
    plan, mark = plan
    file = call("GET", f"/recovery-plans/{plan}/file")
    file["planName"] = f"Elsewhere {mark}"
    file["waves"][1]["protectionGroupIds"].append("Nowhere")
    page = open_page()
    page.goto("/recovery-plans/import")
    page.get_by_label("Plan", exact=True).fill(json.dumps(file))
    page.get_by_role("button", name="Import plan").click()
    expect(page.locator(".form-error")).to_contain_text("there is no group Nowhere")
    # The browser itself writes down that a call was refused.
    open_page.complaints.clear()
    assert all(it["planName"] != f"Elsewhere {mark}" for it in call("GET", f"/recovery-plans?q={mark}")["items"])
