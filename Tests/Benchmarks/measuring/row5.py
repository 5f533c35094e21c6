"""Row 5: from POST /executions to the first command at a spoke."""
import json
import selectors
import time

from . import estate, peers
from .agent import DONE, accepted, ended, launched
from .figures import Row, median, noise, percentile
from .wire import Connection

RATE = 500
SENDERS = 32


def measure(bench):
    with bench.room("starts") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        count = 50 if bench.smoke else RATE * 2
        place = estate.Estate(hub, simulator, count + 1)
        stack.callback(place.close)
        rows = [one_by_one(bench, hub, place), many(bench, place, count)]
    if bench.peers:
        starts = peers.dbos(bench, bench.database("dbos"), 20 if bench.smoke else 500)["starts"]
        rows.append(Row(5, "peer: DBOS, a workflow called → its first step, in one process", "ms", median(starts),
                        percentile(starts, 0.99), detail={"samples": len(starts)}))
    return rows


def one_by_one(bench, hub, place):
    plan = place.zigzag("single", 1)
    limits, times = [], []
    starts(place, plan, 1)
    busy = 0
    for _ in range(bench.rounds):
        limits.append(bench.limits(hub))
        before = hub.program.processor_seconds()
        times += starts(place, plan, bench.seconds / bench.rounds)
        busy += hub.program.processor_seconds() - before
    limit = median([total for total, _, _ in limits])
    middle, late = median(times), percentile(times, 0.99)
    return Row(5, "POST /executions → first command at a spoke", "ms", middle, late, limit, middle / limit,
               "p50 ≤ 4 × (R + D), p99 ≤ 10 ms", middle <= 4 * limit and late <= 10,
               noise([total for total, _, _ in limits]), {"samples": len(times), "limits": limits,
                                                                    "processorMillisecondsOfADrill": busy * 1000 / len(times)})


def starts(place, plan, seconds):
    times, end, spoke = [], time.monotonic() + seconds, place.agents[0]
    connection = Connection(place.hub.port)
    order = connection.prepare("POST", "/api/v1/executions", {"planId": plan, "executionType": "DRILL"}, place.token)
    while time.monotonic() < end:
        began = time.perf_counter_ns()
        connection.socket.sendall(order)
        at, command = spoke.command()
        times.append((at - began) / 1e6)
        status, body = connection.answer()
        if status != 202:
            raise RuntimeError(f"POST /executions answered {status}: {body[:500]!r}")
        spoke.tell(command, accepted(command), launched(command), ended(command), DONE)
        # The inventory that follows a drill is no part of the next start.
        spoke.settle()
        place.agents[1].heartbeat()
    connection.close()
    return times


def many(bench, place, count):
    """Starts at a steady rate, whatever the hub makes of it; the latency counts from when each start was due."""
    account, spoke = place.accounts[0], place.agents[0]
    plans = []
    for number in range(count):
        group = place.group(f"many-{number}", account, [place.servers[account][number + 1]])
        plans.append((place.plan(f"many-{number}", [[group]]), place.servers[account][number + 1]))
        for agent in place.agents:
            agent.heartbeat()
    connections = [Connection(place.hub.port) for _ in range(SENDERS)]
    watched = selectors.DefaultSelector()
    watched.register(spoke.stream.socket, selectors.EVENT_READ, None)
    for connection in connections:
        watched.register(connection.socket, selectors.EVENT_READ, connection)
    due, commands, times, sent = {}, [], [], 0
    busy = place.hub.program.processor_seconds()
    began, last = time.perf_counter(), time.perf_counter()
    while len(times) < count and time.perf_counter() - last < 30:
        now = time.perf_counter()
        while sent < count and now >= began + sent / RATE:
            plan, server = plans[sent]
            connection = connections[sent % SENDERS]
            connection.socket.sendall(connection.prepare(
                "POST", "/api/v1/executions", {"planId": plan, "executionType": "DRILL"}, place.token))
            due[server] = began + sent / RATE
            sent += 1
        wait = max(0.0, began + sent / RATE - time.perf_counter()) if sent < count else 0.05
        for key, _ in watched.select(wait):
            if key.data is not None:
                key.fileobj.recv(1 << 16)
                continue
            for at, command in arrived(spoke.stream):
                if command["kind"] == "LAUNCH":
                    times.append((at / 1e9 - due[command["body"]["servers"][0]["sourceServerId"]]) * 1e3)
                commands.append(command)
                last = time.perf_counter()
    busy = place.hub.program.processor_seconds() - busy
    for connection in connections:
        connection.close()
    for command in commands:
        if command["kind"] == "LAUNCH":
            spoke.tell(command, accepted(command), launched(command), ended(command), DONE)
        else:
            spoke.inventory(command)
    late = percentile(times, 0.99)
    return Row(5, f"the same at {RATE} starts a second", "ms", median(times), late, goal="p99 ≤ 50 ms", met=late <= 50
               and len(times) == count, detail={"started": count, "arrived": len(times),
                                                   "processorMillisecondsOfAStart": busy * 1000 / max(1, len(times))})


def arrived(stream):
    """What a readable stream has, without waiting for more."""
    stream.rest += stream.socket.recv(1 << 20)
    at, lines = time.perf_counter_ns(), []
    while b"\r\n" in stream.rest:
        size, rest = stream.rest.split(b"\r\n", 1)
        length = int(size, 16)
        if len(rest) < length + 2:
            break
        stream.partial += rest[:length]
        stream.rest = rest[length + 2:]
    *whole, stream.partial = stream.partial.split(b"\n")
    for text in whole:
        if text.strip() not in (b"", b"{}"):
            lines.append((at, json.loads(text)))
    return lines
