"""Row 19: how long a hub takes to start and to stop."""
import resource
import time

from . import estate, machine
from .agent import Agent
from .figures import Row, median, noise
from .wire import LineStream


def measure(bench):
    rows = [started(bench), embedded(bench)]
    rows.append(stopped(bench, 200 if bench.smoke else 10_000))
    return rows


def started(bench):
    with bench.room("start") as (directory, stack):
        simulator = machine.Simulator(bench.binaries, directory, estate.world())
        stack.callback(simulator.stop)
        database = bench.database("start")
        machine.Hub(bench.binaries, directory, simulator, database, name="first").stop()
        times = []
        for number in range(1 if bench.smoke else 7):
            hub = machine.Hub(bench.binaries, directory, simulator, database, name=f"hub{number}")
            times.append(hub.ready_after)
            hub.stop()
    return Row(19, "start with a database, until ready", "s", median(times), max(times), goal="≤ 0.3 s",
               met=median(times) <= 0.3, noise=noise(times), detail={"times": times})


def embedded(bench):
    times = []
    for number in range(1 if bench.smoke else 3):
        with bench.room(f"embedded{number}") as (directory, stack):
            directory.chmod(0o755)
            simulator = machine.Simulator(bench.binaries, directory, estate.world())
            stack.callback(simulator.stop)
            hub = machine.Hub(bench.binaries, directory, simulator)
            times.append(hub.ready_after)
            hub.stop()
    return Row(19, "start with the embedded database, first time", "s", median(times), max(times), goal="≤ 4 s",
               met=median(times) <= 4, noise=noise(times), detail={"times": times})


def stopped(bench, streams):
    """SIGTERM with streams open: one in a hundred is a spoke's, the others follow an execution's events."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with bench.room("stop") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        place = estate.Estate(hub, simulator, 2)
        stack.callback(place.close)
        plan = place.zigzag("waiting", 1)
        execution = place.post("/executions", {"planId": plan, "executionType": "DRILL"})["executionId"]
        principal, account = estate.PRINCIPALS[0], place.accounts[0]
        spokes = [Agent(hub, f"idle-{number}", principal, {account: [estate.REGION]})
                  for number in range(streams // 100)]
        path, refused = f"/api/v1/executions/{execution}/events", []
        watchers = [follow(hub, path, place.token, refused) for _ in range(streams - len(spokes))]
        memory = hub.program.memory()[0]
        seconds = hub.stop(seconds=60)
        for stream in spokes + watchers:
            stream.close()
    return Row(19, f"SIGTERM with {streams:,} streams open, until gone", "s", seconds, goal="≤ 3 s", met=seconds <= 3,
               detail={"memoryMB": memory, "refusedWhenOpened": len(refused)})


def follow(hub, path, token, refused):
    """A stream of events; a hub that is busy for the moment is asked again, as a browser would."""
    for _ in range(10):
        try:
            return LineStream(hub.port, path, token, ["Accept: text/event-stream"])
        except RuntimeError as refusal:
            refused.append(refusal)
            time.sleep(1)
    raise refused[-1]
