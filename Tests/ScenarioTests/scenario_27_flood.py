"""A hub under ten times what it takes on at once: it sheds, keeps its memory, moves its drill on, and is well afterwards."""
import collections
import resource
import selectors
import socket
import threading
import time
import urllib.parse

from harness import Away, Options, Scenario, World, eventually, exchange, say

ACCOUNT, REGION = "111122223333", "us-east-1"
# People's requests in flight, and sixteen times as many that wait: what the hub takes on.
IN_FLIGHT = 8
TAKEN_ON = IN_FLIGHT * 17
# Of the hub, in a debug build, whatever is asked of it: a third of it is the program itself.
MEMORY_LIMIT = 400 << 20
SILENT, DEAF = 400, 40


def raise_file_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 16_384 if hard == resource.RLIM_INFINITY else min(hard, 16_384)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def resident(program):
    """Bytes that a process has in memory."""
    with open(f"/proc/{program.pid}/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS:"))


class Flood:
    """So many connections, each of which asks again as soon as it was answered; by one thread, over raw sockets."""

    def __init__(self, origin, requests, connections):
        parts = urllib.parse.urlsplit(origin)
        self.address, self.requests, self.connections = (parts.hostname, parts.port), requests, connections
        self.statuses, self.broken = collections.Counter(), 0
        self.selector, self.open = selectors.DefaultSelector(), 0
        self.number = 0

    def run(self, seconds, patience=60):
        self.end = time.monotonic() + seconds
        for _ in range(self.connections):
            self.connect()
        limit = self.end + patience
        while self.open and time.monotonic() < limit:
            for key, events in self.selector.select(0.2):
                self.serve(key.fileobj, key.data, events)
        left = self.open
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()
        return left

    def connect(self):
        connection = socket.socket()
        connection.setblocking(False)
        try:
            connection.connect(self.address)
        except BlockingIOError:
            pass
        self.number += 1
        state = {"out": self.requests[self.number % len(self.requests)], "in": b"", "all": None}
        state["again"] = state["out"]
        self.selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE, state)
        self.open += 1

    def drop(self, connection):
        self.selector.unregister(connection)
        connection.close()
        self.open -= 1

    def serve(self, connection, state, events):
        try:
            if events & selectors.EVENT_WRITE and state["out"]:
                state["out"] = state["out"][connection.send(state["out"]):]
                if not state["out"]:
                    self.selector.modify(connection, selectors.EVENT_READ, state)
            if events & selectors.EVENT_READ:
                received = connection.recv(1 << 16)
                if not received:
                    raise ConnectionResetError
                state["in"] += received
                self.read(connection, state)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.broken += 1
            self.drop(connection)

    def read(self, connection, state):
        if state["all"] is None:
            end = state["in"].find(b"\r\n\r\n")
            if end < 0:
                return
            head = state["in"][:end].decode("latin-1").lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in head if line.startswith("content-length:"))
            state["status"], state["all"] = int(head[0].split()[1]), end + 4 + length
        if len(state["in"]) < state["all"]:
            return
        self.statuses[state["status"]] += 1
        state["in"], state["all"] = b"", None
        if time.monotonic() > self.end:
            return self.drop(connection)
        state["out"] = state["again"]
        self.selector.modify(connection, selectors.EVENT_READ | selectors.EVENT_WRITE, state)


class Flooded(Scenario):
    def test_a_hub_at_ten_times_its_load_sheds_keeps_its_memory_and_completes_the_drill_that_runs(self):
        raise_file_limit()
        world = World(clock=30).account(ACCOUNT, {REGION: 24})
        stack = self.run_stack(world, hub_environment={"MUSTER_REQUESTS_IN_FLIGHT": str(IN_FLIGHT)})
        api, hub = stack.api, stack.hub
        servers = api.servers()
        plan = api.plan("flooded", [[api.group(f"tier-{tier}", ACCOUNT, REGION, servers[tier * 8:tier * 8 + 8])]
                                    for tier in range(3)])
        # Many people, so that it is not the limit of one of them that is met.
        tokens = [stack.token(username=f"person-{number}") for number in range(40)]
        drill = api.start(plan)
        paths = [f"/api/v1{drill.path}", "/api/v1/executions", "/api/v1/drs/source-servers?limit=200", "/health/live"]
        requests = [f"GET {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
                    for token in tokens for path in paths]
        before = resident(hub.program)
        useless = self.open_useless(hub.origin)
        flood = Flood(hub.origin, requests, 10 * TAKEN_ON)
        left = []
        thread = threading.Thread(target=lambda: left.append(flood.run(30 if Options.full else 8)), daemon=True)
        thread.start()
        most, live = before, collections.Counter()
        while thread.is_alive():
            most = max(most, resident(hub.program))
            # Operators and load balancers have a budget of their own.
            try:
                live[exchange(hub.origin, "GET", "/health/live", timeout=30).status] += 1
            except Away:
                live["away"] += 1
            thread.join(0.2)
        self.assertTrue(hub.program.is_alive, hub.program.tail())
        say(f"{sum(flood.statuses.values())} answers over {flood.connections} connections: {dict(flood.statuses)}; "
            f"the hub had {before >> 20} MB, at most {most >> 20} MB")
        self.assertLessEqual(set(flood.statuses), {200, 429, 503})
        self.assertGreater(flood.statuses[200], 0, "what it takes on it does")
        self.assertGreater(flood.statuses[503], 0, "ten times as much is more than it takes on")
        self.assertEqual((left, flood.broken), ([0], 0), "everybody was answered")
        self.assertEqual(set(live), {200}, "it says all the time that it lives")
        self.assertLess(most, MEMORY_LIMIT)
        eventually("it answers at once again", lambda: api.call("GET", "/executions", timeout=2).status == 200, 10)
        for connection in useless:
            connection.close()
        drill.check_completed(drill.end(120))

    def open_useless(self, origin):
        """Connections that say nothing, and such as ask for much and read nothing of it."""
        parts = urllib.parse.urlsplit(origin)
        connections = []
        for number in range(SILENT + DEAF):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((parts.hostname, parts.port))
            if number >= SILENT:
                connection.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: hub\r\n\r\n" * 20)
            connections.append(connection)
        return connections
