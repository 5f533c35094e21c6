"""Row 4: from a spoke's last LAUNCHED to the next wave's command on another spoke's stream."""
import time

from . import estate
from .agent import DONE, accepted, ended, launched
from .figures import Row, median, noise, percentile
from .wire import Connection

WAVES = 20


def measure(bench):
    rows = []
    with bench.room("waves") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        others = 20 if bench.smoke else 1000
        place = estate.Estate(hub, simulator, WAVES, others=others)
        stack.callback(place.close)
        plan = place.zigzag("waves", WAVES)
        rows.append(measured(bench, hub, place, plan, "LAUNCHED → next wave's command at another spoke"))
        occupy(place)
        rows.append(measured(bench, hub, place, plan, f"the same with {others:,} other executions running"))
    with bench.room("replicas") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        other = bench.hub(directory, stack, simulator, hub.database, name="replica")
        place = estate.Estate(hub, simulator, WAVES)
        stack.callback(place.close)
        plan = place.zigzag("waves", WAVES)
        place.move(1, other)
        row = measured(bench, hub, place, plan, "the same through another replica")
        row.goal, row.met = "p99 ≤ 20 ms", row.p99 <= 20
    return rows + [row]


def measured(bench, hub, place, plan, what):
    limits, times = [], []
    steps(place, plan, 1)
    busy = 0
    for _ in range(bench.rounds):
        limits.append(bench.limits(hub))
        before = hub.program.processor_seconds()
        times += steps(place, plan, bench.seconds / bench.rounds)
        busy += hub.program.processor_seconds() - before
    limit = median([total for total, _, _ in limits])
    middle, late = median(times), percentile(times, 0.99)
    return Row(4, what, "ms", middle, late, limit, middle / limit, "p50 ≤ 3 × (R + D), p99 ≤ 12 × (R + D)",
               middle <= 3 * limit and late <= 12 * limit, noise([total for total, _, _ in limits]),
               {"samples": len(times), "limits": limits, "p99OverLimit": late / limit,
                "processorMillisecondsOfAWave": busy * 1000 / len(times) * (WAVES - 1) / WAVES})


def steps(place, plan, seconds):
    """Drives drills of the plan, one after the other; answers the milliseconds of each of their hand-overs."""
    times, end = [], time.monotonic() + seconds
    starts = Connection(place.hub.port)
    while time.monotonic() < end:
        starts.exchange("POST", "/api/v1/executions", {"planId": plan, "executionType": "DRILL"}, place.token)
        _, command = place.agents[0].command()
        for wave in range(WAVES):
            spoke, other = place.agents[wave % 2], place.agents[(wave + 1) % 2]
            spoke.tell(command, accepted(command))
            news = spoke.reports(command, launched(command))
            began = time.perf_counter_ns()
            spoke.calls.socket.sendall(news)
            if wave + 1 < WAVES:
                at, following = other.command()
                times.append((at - began) / 1e6)
            spoke.acknowledged()
            spoke.tell(command, ended(command), DONE)
            command = following
        for spoke in place.agents:
            # The inventory that follows a drill is no part of the next one.
            spoke.settle()
            spoke.heartbeat()
    starts.close()
    return times


def occupy(place):
    """Starts an execution on each other server; their jobs run and do not end."""
    for number, (index, account, region, server) in enumerate(place.others):
        group = place.group(f"other-{number}", account, [server], region)
        plan = place.plan(f"other-{number}", [[group]])
        place.post("/executions", {"planId": plan, "executionType": "DRILL"})
        _, command = place.agents[index].command()
        place.agents[index].tell(command, accepted(command))
        for spoke in place.agents:
            spoke.heartbeat()
