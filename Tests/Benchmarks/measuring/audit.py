"""The audit at scale: how long a seal of many events takes, and how long it takes to verify them, in the hub and offline."""
import os
import subprocess
import time

from . import estate, machine
from .figures import Row
from .machine import need, send

# Copies of one real event, each with an identifier of its own, as of the last years.
COPIES = """
INSERT INTO audit_event (event_id, at, principal, action, subject_kind, subject_id, account_ids, source_address,
                         request_id, outcome, old_revision, new_revision, detail, event)
SELECT i.id::uuid, e.at, e.principal, e.action, e.subject_kind, e.subject_id, e.account_ids, e.source_address,
       e.request_id, e.outcome, e.old_revision, e.new_revision, e.detail, replace(e.event, e.event_id::text, i.id)
  FROM (SELECT * FROM audit_event WHERE action = 'CreateAccount' ORDER BY event_id LIMIT 1) e,
       (SELECT '01a219e1-d23a-7244-9' || lpad(to_hex(n), 3, '0') || '-' || lpad(to_hex(n), 12, '0') AS id
          FROM generate_series({first}, {last}) n) i
"""


def measure(bench):
    count = 2_000 if bench.smoke else 200_000
    with bench.room("audit") as (directory, stack):
        database = bench.database("audit")
        simulator = machine.Simulator(bench.binaries, directory, estate.world())
        stack.callback(simulator.stop)
        hub = bench.hub(directory, stack, simulator, database)
        token = simulator.token()
        need(send("POST", hub.api + "/accounts", {
            "accountId": estate.account_number(0), "accountName": "bench", "regions": [estate.REGION],
            "spokePrincipals": []}, token))
        began = time.monotonic()
        for first in range(1, count, 2_000):
            bench.cluster.query(database, COPIES.format(first=first, last=min(first + 1_999, count)))
        written = time.monotonic() - began
        while int(bench.cluster.query(database, "SELECT count(*) FROM audit_pending")[0][0]):
            time.sleep(0.05)
        sealed = time.monotonic() - began
        began = time.monotonic()
        found = need(send("GET", hub.api + "/audit-events/verification", None, token))
        verified = time.monotonic() - began
        assert found["intact"] and found["events"] >= count, found
        export, keys = directory / "audit.ndjson", directory / "keys.json"
        muster(bench, hub, token, "audit", "export", export)
        keys.write_text(muster(bench, hub, token, "audit", "keys"))
        began = time.monotonic()
        said = muster(bench, hub, token, "audit", "verify", export, "--keys", keys)
        offline = time.monotonic() - began
        assert "as they were sealed" in said, said
        size = export.stat().st_size / 1e6
    events = f"{count:,} events of the audit"
    detail = {"writtenSeconds": written, "exportMB": size}
    return [
        Row("audit", f"{events}: sealed, counted from the first one's insertion", "s", sealed, detail=detail),
        Row("audit", f"{events}: sealed a second", "/s", count / sealed),
        Row("audit", f"{events}: verified by the hub, with every row's columns", "/s", count / verified),
        Row("audit", f"{events}: an export ({size:.0f} MB) verified offline", "/s", count / offline,
            goal="≥ 150,000 /s", met=count / offline >= 150_000),
    ]


def muster(bench, hub, token, *arguments):
    environment = {**os.environ, "MUSTER_HUB_URL": hub.api.removesuffix("/api/v1"), "MUSTER_TOKEN": token}
    done = subprocess.run([bench.binaries / "muster", *map(str, arguments)], env=environment, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
