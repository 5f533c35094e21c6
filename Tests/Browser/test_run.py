"""A run read in detail: one server beside the others, the event log narrowed, one event by its address."""
import re
import uuid

from playwright.sync_api import expect

from conftest import PATIENCE, call

expect.set_options(timeout=PATIENCE)


def test_a_server_stands_beside_the_others(open_page, world):
    page = open_page()
    page.goto(f"/executions/{world['execution']}?wave=0")
    name = page.locator("#servers tbody tr").first.get_by_role("link").first
    text = name.text_content()
    name.press("Enter")
    panel = page.locator("#server-panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text(text)
    expect(panel).to_contain_text("Launched")
    # What DRS wrote of it, and what Muster did.
    expect(panel).to_contain_text("Launch end")
    expect(panel.get_by_role("list").last).to_contain_text(re.compile("launched as i-"))
    panel.get_by_role("link", name="Close").press("Enter")
    expect(panel).to_have_count(0)
    expect(page).to_have_url(re.compile(r"wave=0"))


def test_events_are_narrowed_and_have_addresses(open_page, world):
    page = open_page()
    page.goto(f"/executions/{world['execution']}")
    events = page.locator("#events")
    expect(events).to_contain_text("Started by")
    narrow = page.get_by_role("search", name="Filter the event log")
    narrow.get_by_label("Wave").select_option("1")
    expect(page).to_have_url(re.compile("logWave=1"))
    expect(events).to_contain_text("Wave 2 started")
    expect(events).not_to_contain_text("Started by")
    # It stays so while things happen: a note is of no wave.
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    note = f"Of no wave {uuid.uuid4().hex[:6]}"
    call("POST", f"/executions/{world['execution']}/notes", {"text": note})
    narrow.get_by_label("Events").select_option("problems")
    expect(events).to_contain_text("No events")
    narrow.get_by_role("link", name="Clear filter").click()
    expect(events).to_contain_text(note)

    event = events.get_by_role("link", name="Event 2", exact=True)
    event.click()
    expect(page).to_have_url(re.compile("event=2#e2$"))
    expect(page.locator("li:target")).to_be_in_viewport()
    page.get_by_role("link", name="Newest events").click()
    expect(events).to_contain_text(note)
