"""What every row is given: where the programs are, how long to measure, and the limits of this machine."""
import contextlib
import time

from . import figures, machine
from .wire import Connection

# One durable update, as Muster's own statements are: by its key, in a transaction of its own.
DURABLE = "\\set id random(1, 1000)\nUPDATE counter SET n = n + 1 WHERE id = :id;\n"


class Bench:
    def __init__(self, binaries, directory, seconds, smoke, peers):
        self.binaries, self.directory, self.seconds, self.smoke, self.peers = binaries, directory, seconds, smoke, peers
        self.configuration = binaries.resolve().name
        self.rounds = 1 if smoke else 2
        self.cluster = machine.Cluster(directory)
        self.cluster.make("limits")
        self.cluster.query("limits", "CREATE TABLE counter (id int PRIMARY KEY, n bigint NOT NULL);"
                                     "INSERT INTO counter SELECT id, 0 FROM generate_series(1, 1000) AS id")
        self.databases = 0

    @contextlib.contextmanager
    def room(self, name):
        """A directory for one measurement; what it started is stopped by an exit stack."""
        directory = self.directory / name
        directory.mkdir()
        with contextlib.ExitStack() as stack:
            yield directory, stack

    def database(self, name):
        self.databases += 1
        return self.cluster.make(f"{name}{self.databases}")

    def stack(self, directory, stack, world, scale=20, **options):
        """A simulator and a hub with a database of its own on the cluster."""
        simulator = machine.Simulator(self.binaries, directory, world, scale)
        stack.callback(simulator.stop)
        return simulator, self.hub(directory, stack, simulator, self.database(directory.name), **options)

    def hub(self, directory, stack, simulator, database, **options):
        hub = machine.Hub(self.binaries, directory, simulator, database, **options)
        stack.callback(hub.stop)
        return hub

    def durable(self):
        """D: the milliseconds of durable updates of one row at one client."""
        return self.cluster.pgbench("limits", DURABLE, 1, 1 if self.smoke else 3, self.directory)[1]

    def round_trips(self, hub):
        """R: the milliseconds of HTTP round trips over loopback with a server of Muster's kind that does nothing."""
        connection = Connection(hub.port)
        request, times = connection.prepare("GET", "/health/live"), []
        for _ in range(200 if self.smoke else 2000):
            began = time.perf_counter_ns()
            connection.socket.sendall(request)
            status, _ = connection.answer()
            times.append((time.perf_counter_ns() - began) / 1e6)
            assert status == 200
        connection.close()
        return times[len(times) // 10:]

    def limits(self, hub):
        """R and D together, and each."""
        trip, durable = figures.median(self.round_trips(hub)), figures.median(self.durable())
        return trip + durable, trip, durable
