"""Row 14: GET of an execution with 200 servers, beside pgbench reading one row of that size."""
import pathlib
import re
import subprocess

from . import estate
from .agent import accepted, launched
from .figures import Row, median, noise, percentile
from .wire import Connection

SERVERS, WAVES, CONNECTIONS = 200, 4, 16

# wrk sends as fast as answers come; a pause between an answer and the next request makes a load that is less than all.
SCRIPT = """
function delay() return {pause} end
function done(summary, latency, requests)
    print(string.format("p50 %f p99 %f requests %d seconds %f failed %d", latency:percentile(50) / 1000,
        latency:percentile(99) / 1000, summary.requests, summary.duration / 1e6, summary.errors.status
        + summary.errors.read + summary.errors.timeout))
end
"""


def measure(bench):
    with bench.room("reading") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        place = estate.Estate(hub, simulator, SERVERS // 2)
        stack.callback(place.close)
        path = f"/api/v1/executions/{running(place)}"
        connection = Connection(hub.port)
        connection.socket.sendall(connection.prepare("GET", path, token=place.token))
        size = len(connection.answer()[1])
        connection.close()
        stored(bench, size)
        load = lambda pause=0: wrk(hub.url + path, place.token, bench.seconds / bench.rounds, directory, pause)
        load()
        limits, rates, latencies = [], [], []
        for _ in range(bench.rounds):
            limits.append(read(bench))
            rate, p50, p99 = load()
            rates.append(rate)
            latencies.append((p50, p99))
            beat(place)
        rate, limit = median(rates), median([rate for rate, _ in limits])
        # At half the rate each connection sends every CONNECTIONS / (rate / 2) seconds, of which an answer takes some.
        alone = load(pause=1000)[1]
        half, p50, p99 = load(pause=max(0, round(CONNECTIONS / (rate / 2) * 1000 - alone)))
    return [
        Row(14, f"GET of an execution with {SERVERS} servers ({size / 1000:.0f} kB)", "/s", rate, limit=limit,
            ratio=rate / limit, goal="≥ 0.5 × pgbench's row", met=rate >= 0.5 * limit,
            noise=noise([rate for rate, _ in limits]), detail={"rates": rates, "limits": limits,
                                                               "saturatedMilliseconds": latencies}),
        Row(14, f"the same at {half / rate * 100:.0f} % of that rate", "ms", p50, p99, goal="p99 ≤ 15 ms",
            met=p99 <= 15, detail={"rate": half}),
    ]


def running(place):
    """An execution with its first wave launched and its second under way."""
    waves = []
    for number in range(WAVES):
        span = slice(number * SERVERS // WAVES // 2, (number + 1) * SERVERS // WAVES // 2)
        waves.append([place.group(f"tier-{number}-{account}", account, place.servers[account][span])
                      for account in place.accounts])
    plan = place.plan("read", waves)
    execution = place.post("/executions", {"planId": plan, "executionType": "DRILL"})["executionId"]
    for spoke in place.agents:
        _, command = spoke.command()
        spoke.tell(command, accepted(command), launched(command))
    for spoke in place.agents:
        _, command = spoke.command()
        spoke.tell(command, accepted(command))
    return execution


def beat(place):
    for spoke in place.agents:
        spoke.heartbeat(0)


def stored(bench, size):
    """Rows of that size, of text that does not compress, as an execution's document would be kept by its key."""
    bench.cluster.query("limits", f"""
        DROP TABLE IF EXISTS document;
        CREATE TABLE document (id int PRIMARY KEY, body text NOT NULL);
        ALTER TABLE document ALTER COLUMN body SET STORAGE EXTERNAL;
        INSERT INTO document SELECT id, (SELECT left(string_agg(md5(id::text || part::text), ''), {size})
                                           FROM generate_series(1, {size // 32 + 1}) AS part)
          FROM generate_series(1, 100) AS id""")


def read(bench):
    rate, times = bench.cluster.pgbench(
        "limits", "\\set id random(1, 100)\nSELECT body FROM document WHERE id = :id;\n", 8,
        bench.seconds / bench.rounds / 2, bench.directory)
    return rate, percentile(times, 0.99)


def wrk(url, token, seconds, directory, pause):
    """The rate, and the milliseconds of half and of 99 % of the requests."""
    script = pathlib.Path(directory, "wrk.lua")
    script.write_text(SCRIPT.format(pause=pause))
    done = subprocess.run(["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{max(1, round(seconds))}s", "-s", script,
                           "-H", f"Authorization: Bearer {token}", url], check=True, capture_output=True, text=True)
    found = re.search(r"p50 (\S+) p99 (\S+) requests (\d+) seconds (\S+) failed (\d+)", done.stdout)
    p50, p99, requests, lasted, failed = (float(text) for text in found.groups())
    if failed or not requests:
        raise RuntimeError(f"wrk: {failed:.0f} of {requests:.0f} requests failed")
    return requests / lasted, p50, p99
