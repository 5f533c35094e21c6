"""Row 17: the report of a drill of 1,000 servers, in each of its forms, by a real drill on the simulator.

Each form is asked for several times; the PDF is an interim one each time, so that it is printed and not fetched. The
client waits for the whole answer: what is measured is reading the record, making the report, and writing the form.
"""
import time
import urllib.request

from . import estate, row15
from .figures import Row, median, percentile
from .machine import need, send

REGIONS = row15.REGIONS
FORMS = {"html": ("HTML", 0.150), "json": ("JSON", 0.100), "csv": ("CSV", None), "pdf": ("PDF, printed", 15)}
PATIENCE = 150


def measure(bench):
    regions = REGIONS[:1] if bench.smoke else REGIONS
    numbers = [estate.account_number(index + 1) for index in range(2)]
    accounts = [{"id": number, "roles": [{"name": "MusterRecovery"}],
                 "regions": {region: {"servers": [{"hostname": "app", "count": row15.SERVERS}]} for region in regions}}
                for number in numbers]
    total = len(numbers) * len(regions) * row15.SERVERS
    with bench.room("report") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world(accounts, timeline=row15.QUICK), scale=1)
        token, database = simulator.token(), f"report{bench.databases}"
        row15.enrol(bench, directory, stack, hub, simulator, numbers, regions, token)
        servers = row15.seen(bench, database, total)
        plan = row15.prepare(hub, token, 0, numbers, regions, servers)
        began = time.monotonic()
        drill = need(send("POST", f"{hub.api}/executions", {"planId": plan, "executionType": "DRILL"}, token))
        row15.wait(bench, database, 1, began)
        path = f"{hub.api}/executions/{drill['executionId']}/report?interim=true&format="
        return [row for form in FORMS for row in asked(bench, path, form, token, total)]


def asked(bench, path, form, token, total):
    name, goal = FORMS[form]
    times, size = [], 0
    for _ in range(1 if bench.smoke else 3 if form == "pdf" else 10):
        request = urllib.request.Request(path + form, headers={"Authorization": f"Bearer {token}"})
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            size = len(answer.read())
        times.append(time.monotonic() - began)
    middle = median(times)
    return [Row(17, f"report of a drill of {total:,} servers: {name}", "ms", middle * 1000,
                p99=percentile(times, 0.99) * 1000, goal=f"≤ {goal * 1000:,.0f} ms" if goal else "",
                met=middle <= goal if goal else None, detail={"bytes": size})]
