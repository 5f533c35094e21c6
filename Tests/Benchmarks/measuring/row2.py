"""Row 2: what a durable step costs the database, from PostgreSQL's own counters."""
import dataclasses
import time

from . import estate, peers
from .figures import Row
from .row4 import WAVES, steps

FSYNCS, TRANSACTIONS, BYTES = 1, 2, 1200
GOAL = "≤ 1 fsync, ≤ 2 transactions, ≤ 1.2 kB WAL"
# Reports a wave of one job has here: accepted; launched; ended and done. Each changes the execution in one transaction.
DECISIONS = 3


@dataclasses.dataclass
class Cost:
    fsyncs: float
    transactions: float
    bytes: float
    pages: float

    def __sub__(self, other):
        return Cost(*(left - right for left, right in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    def __mul__(self, factor):
        return Cost(*(value * factor for value in dataclasses.astuple(self)))

    def __str__(self):
        return f"{self.fsyncs:.1f} fsyncs, {self.transactions:.1f} transactions, {self.bytes / 1000:.2f} kB"

    @property
    def is_met(self):
        return self.fsyncs <= FSYNCS and self.transactions <= TRANSACTIONS and self.bytes <= BYTES


def measure(bench):
    with bench.room("cost") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        place = estate.Estate(hub, simulator, WAVES)
        stack.callback(place.close)
        plan = place.zigzag("cost", WAVES)
        bench.cluster.query("postgres", "CHECKPOINT")
        # The first write of a page after a checkpoint logs the whole page: that is the checkpoint's cost, not a step's.
        steps(place, plan, bench.seconds / 2)
        idle = spent(bench, place, lambda: resting(place, bench.seconds / 2))
        waves = []
        busy = spent(bench, place, lambda: waves.extend(steps(place, plan, bench.seconds)))
    # A drill of n waves hands over n - 1 times. What the two spokes cost at rest is no step's cost.
    count = len(waves) * WAVES / (WAVES - 1)
    wave = (busy[0] - idle[0] * (busy[1] / idle[1])) * (1 / count)
    decision = wave * (1 / DECISIONS)
    rows = [
        Row(2, "cost of a decision: one report that changes an execution", "", str(decision), goal=GOAL,
            met=decision.is_met, detail=dataclasses.asdict(decision) | {"steps": count * DECISIONS}),
        Row(2, f"cost of a whole wave of one job, which is {DECISIONS} decisions, a lease and its acknowledgements", "",
            str(wave), goal=GOAL, met=wave.is_met, detail=dataclasses.asdict(wave) | {"waves": count}),
        Row(2, "cost of a second at rest with two spokes", "", str(idle[0] * (1 / idle[1])),
            detail=dataclasses.asdict(idle[0] * (1 / idle[1]))),
    ]
    if bench.peers:
        rows.append(dbos(bench))
    return rows


def dbos(bench):
    url = bench.database("dbos")
    peers.dbos(bench, url, 20)
    before = counters(bench)
    found = peers.dbos(bench, url, 50 if bench.smoke else 500)
    cost = (counters(bench) - before) * (1 / (3 * found["workflows"]))
    return Row(2, "peer: DBOS, cost of a step of a workflow of three", "", str(cost),
               detail=dataclasses.asdict(cost) | found)


def resting(place, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(1)
        for spoke in place.agents:
            spoke.heartbeat()


def spent(bench, place, work):
    """What the database did while the work was done, and the seconds."""
    before, began = counters(bench, place), time.monotonic()
    work()
    after = counters(bench, place)
    # The time that the counters needed to settle is part of what they count.
    return after - before, time.monotonic() - began


def counters(bench, place=None):
    # A backend tells what it has counted when it goes idle, ten seconds later at the latest.
    resting(place, 2 if bench.smoke else 11) if place else time.sleep(2 if bench.smoke else 11)
    row = bench.cluster.query("postgres", """
        SELECT wal_sync, (SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database), wal_bytes, wal_fpi
          FROM pg_stat_wal""")[0]
    return Cost(*(float(value) for value in row))
