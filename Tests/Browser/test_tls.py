"""A hub with a certificate speaks HTTP/2: every tab has a stream of its own, however many there are."""
import os
import pathlib
import socket
import subprocess
import uuid

import pytest
from playwright.sync_api import expect

from conftest import HEADERS, PATIENCE, SIMULATOR, STATE, call, socket_directory, until

expect.set_options(timeout=PATIENCE)
TABS = 20


def answers(port):
    """Whether a hub is ready there; its certificate is nobody's."""
    done = subprocess.run(["curl", "-fsSk", "-m", "5", f"https://127.0.0.1:{port}/health/ready"], capture_output=True)
    return done.returncode == 0


@pytest.fixture
def secure_hub(tmp_path):
    """A second hub beside the first, on its database, with a certificate made for it."""
    certificate, key = tmp_path / "hub.pem", tmp_path / "hub.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "MUSTER_LISTEN": f"127.0.0.1:{port}", "MUSTER_TLS_CERTIFICATE": str(certificate), "MUSTER_TLS_KEY": str(key),
        "MUSTER_STATE_DIRECTORY": str(tmp_path / "state"),
        "MUSTER_DATABASE_URL": f"postgresql://muster_hub@/muster?host={socket_directory()}&port=5432",
        "MUSTER_SECRET_KEY_FILE": str(STATE / "hub/secrets/keys"),
        "MUSTER_COGNITO_ISSUER": f"{SIMULATOR}/us-east-1_MusterSim", "MUSTER_COGNITO_CLIENT_ID": "muster-browser",
        "MUSTER_STS_ENDPOINTS": SIMULATOR,
    }
    program = pathlib.Path(os.environ["MUSTER_QUICKSTART_BIN"]) / "muster-hub"
    with open(tmp_path / "hub.log", "wb") as log:
        hub = subprocess.Popen([program, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        until(f"the second hub is ready: {tmp_path / 'hub.log'}", lambda: hub.poll() is not None or answers(port))
        assert hub.poll() is None, (tmp_path / "hub.log").read_text()[-2000:]
        yield f"https://127.0.0.1:{port}"
    finally:
        hub.terminate()
        try:
            hub.wait(60)
        finally:
            hub.kill()


@pytest.mark.skipif(not SIMULATOR, reason="the hub is another's: its database is not ours")
def test_twenty_tabs_stream_at_once(open_page, world, secure_hub):
    first = open_page(base_url=secure_hub, ignore_https_errors=True, extra_http_headers=HEADERS)
    tabs = [first] + [first.context.new_page() for _ in range(TABS - 1)]
    for tab in tabs:
        tab.goto(f"/executions/{world['execution']}", wait_until="domcontentloaded")
    assert first.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    for tab in tabs:
        expect(tab.locator("#live")).to_have_attribute("data-state", "live")
    # Written at one hub, seen at the other's tabs.
    note = f"To twenty tabs {uuid.uuid4().hex[:6]}"
    call("POST", f"/executions/{world['execution']}/notes", {"text": note})
    for tab in tabs:
        expect(tab.locator("#events")).to_contain_text(note)
        # Each by its stream: none of them had to ask.
        assert tab.evaluate("performance.getEntriesByType('resource').filter((it) => it.name.includes('once=true')).length") == 0
