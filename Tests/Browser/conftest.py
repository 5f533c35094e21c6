"""The hub that is looked at, a browser, and a page that remembers what its console said."""
import json
import os
import pathlib
import subprocess
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

HUB = os.environ["MUSTER_BROWSER_HUB"]
TOKEN = os.environ["MUSTER_BROWSER_TOKEN"]
SCREENSHOTS = pathlib.Path(os.environ["MUSTER_BROWSER_SCREENSHOTS"])
# Where the stack's files and its simulated AWS are; empty where the hub is another's.
STATE = pathlib.Path(os.environ.get("MUSTER_QUICKSTART_STATE", "/nowhere"))
SIMULATOR = os.environ.get("MUSTER_BROWSER_SIMULATOR", "")
# A busy machine is slow; what does not happen at all is what fails.
PATIENCE = 120_000
CHROMIUM = "/usr/bin/chromium"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}

MODES = {
    "light": {"viewport": {"width": 1360, "height": 900}},
    "dark": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 800}},
    "forced": {"viewport": {"width": 1360, "height": 900}, "forced_colors": "active"},
}


def call(method, path, body=None):
    """What the REST API answers."""
    request = urllib.request.Request(
        HUB + "/api/v1" + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={**HEADERS, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        raw = answer.read()
    return json.loads(raw) if raw else None


def socket_directory():
    """Where the hub's own database is reached."""
    return STATE / "hub/postgresql/socket"


def database(statement):
    """Does something to the hub's own database that no call would do."""
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", socket_directory(), "-U", "postgres", "-d", "muster",
                    "-c", statement], check=True, capture_output=True, timeout=60)


def until(what, test, seconds=240):
    """Waits for a condition of the API."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = test()
        if value:
            return value
        time.sleep(0.3)
    raise AssertionError(f"not within {seconds} s: {what}")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Opens pages in a mode; at the end none of their consoles may have complained."""
    contexts, complaints = [], []

    def open_page(mode="light", **more):
        # Nothing moves: what is judged in the middle of a change of colours has the colours of neither.
        context = browser.new_context(**{"base_url": HUB, "extra_http_headers": HEADERS, "reduced_motion": "reduce",
                                         **MODES[mode], **more})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda line: complaints.append(f"{page.url}: {line.text}")
                if line.type in ("error", "warning") else None)
        return page

    open_page.complaints = complaints
    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def world():
    """A finished drill of the sample plan and another that waits, so that no page is empty."""
    plans = {plan["planName"]: plan for plan in call("GET", "/recovery-plans?limit=200")["items"]}
    paused = plans["Warehouse, with a look before the web tier"]
    # The quickstart has started one, for whoever opens its dashboard.
    running = call("GET", f"/executions?active=true&planId={paused['planId']}")["items"]
    execution = running[0] if running else call("POST", "/executions", {
        "planId": paused["planId"], "executionType": "DRILL", "reason": "For the pages"})
    until("the drill waits before its last wave",
          lambda: call("GET", f"/executions/{execution['executionId']}")["status"] == "PAUSED")
    waves = call("GET", f"/executions/{execution['executionId']}")["waves"]
    group = call("GET", "/protection-groups?limit=1")["items"][0]
    server = call("GET", "/drs/source-servers?limit=1")["items"][0]
    account = call("GET", "/accounts?limit=1")["items"][0]
    schedules = call("GET", "/schedules?limit=1")["items"]
    schedule = schedules[0] if schedules else call("POST", "/schedules", {
        "scheduleName": "First Saturday", "planId": paused["planId"], "cron": "30 22 * * SAT#1",
        "timeZone": "Europe/Berlin", "cleanUpAfterHours": 12, "description": "Each month, at night",
        "blackouts": [{"from": "2099-12-20T00:00:00Z", "until": "2100-01-04T00:00:00Z", "reason": "Year's end"}]})
    targets = call("GET", "/notification-targets?limit=1")["items"]
    target = targets[0] if targets else call("POST", "/notification-targets", {
        "targetName": "On call", "kind": "WEBHOOK", "isEnabled": False, "eventKinds": ["WAVE_WAITING", "EXECUTION_ENDED"],
        "webhook": {"url": "https://hooks.example.com/muster", "secret": "0123456789abcdef0123456789abcdef"}})
    return {"plan": paused["planId"], "execution": execution["executionId"],
            "launched": waves[0]["servers"][0]["sourceServerId"], "group": group["groupId"],
            "server": server["sourceServerId"], "account": account["accountId"],
            "schedule": schedule["scheduleId"], "target": target["targetId"]}
