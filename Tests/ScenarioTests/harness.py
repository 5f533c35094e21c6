"""What the scenario tests are made of: a whole Muster on loopback, out of real processes that can be killed.

    World    an AWS to simulate: accounts, Regions, servers, quotas, faults
    Stack    simulator, hubs, spokes and PostgreSQL of one scenario, each started, stopped and killed by its process id
    Api      a client of the hub, which keeps every status that it was answered
    Drill    an execution, and what must be true of it: in the API, in the simulated AWS, and in the database

Everything listens on loopback, lives in a directory of its own, and is gone when the scenario ends, however it ends.
Standard library only.
"""
import base64
import atexit
import collections
import datetime
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import uuid

SPOKE_ACCOUNT = "999900001111"
POOL = "us-east-1_MusterSim"
ADMIN = "DRSOrchestrationAdmin"
ENDED = ("COMPLETED", "PARTIAL", "FAILED", "CANCELLED")
DEBIAN_POSTGRESQL = "/usr/lib/postgresql"


class Options:
    """What the command line said."""
    bin = ".build/debug"
    full = False
    seed = 0
    keep = False


def chance(name):
    """Random numbers of one scenario, the same for the same --seed."""
    return random.Random(f"{Options.seed}/{name}")


def say(text):
    print(f"      {text}", flush=True)


# Deadlines are for a quiet machine; so many times as long is waited, for a failure should not mean that others were busy.
PATIENCE = 3


class NotYet(AssertionError):
    """A condition that did not come true in its time."""


def eventually(what, test, seconds=30, every=0.05, while_=None):
    """Waits until the test answers something true, and returns that; an Away of the hub counts as not yet."""
    seconds *= PATIENCE
    end = time.monotonic() + seconds
    last = None
    while True:
        try:
            last = test()
            if last:
                return last
        except Away as away:
            last = away
        if while_ is not None and not while_():
            raise NotYet(f"ended before it happened: {what}; last: {shorten(last)}")
        if time.monotonic() > end:
            raise NotYet(f"not within {seconds} s: {what}; last: {shorten(last)}")
        time.sleep(every)


def shorten(value, length=1500):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= length else text[:length] + " …"


_given_ports, _giving = set(), threading.Lock()
# Below the ports that Linux gives to outgoing connections: one of those could take a killed hub's port before it is back.
PORTS = range(20_000, 32_000)


def free_port():
    with _giving:
        while True:
            port = random.choice(PORTS)
            if port in _given_ports:
                continue
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            _given_ports.add(port)
            return port


# MARK: Processes

_living = []


class Program:
    """A process of its own session, whose output goes to a log; nothing is ever signalled but its process id."""

    def __init__(self, name, command, log, environment=None, user=None):
        self.name, self.command, self.log = name, [str(part) for part in command], pathlib.Path(log)
        self.environment, self.user = environment or {}, user
        self.process = None

    def start(self):
        variables = {key: value for key, value in os.environ.items()
                     if not key.startswith(("MUSTER_", "AWS_", "PG"))}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**variables, **self.environment}, user=self.user, group=self.user,
                extra_groups=[] if self.user else None, cwd="/")
        _living.append(self)
        return self

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if self.is_alive:
            self.process.send_signal(number)

    def kill(self):
        """As a crash does: SIGKILL, and gone."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(10)
        if self in _living:
            _living.remove(self)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def stop(self, seconds=20):
        """As an operator does: SIGTERM; answers how long it took. Killed when it takes too long."""
        begin = time.monotonic()
        self.thaw()
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise NotYet(f"{self.name} did not end within {seconds} s of SIGTERM") from None
        if self in _living:
            _living.remove(self)
        return time.monotonic() - begin

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def tail(self, lines=25):
        return "\n".join(self.text().splitlines()[-lines:])


def kill_all():
    """Whatever still runs of any stack, when the run ends before its scenarios do."""
    for program in list(_living):
        try:
            program.thaw()
            program.kill()
        except Exception:  # the others must go all the same
            pass
    for stack in list(_stacks):
        try:
            stack.discard()
        except Exception:
            pass


atexit.register(kill_all)
_stacks = []


def postgres_program(name):
    """A program of PostgreSQL's server, which Debian keeps out of PATH."""
    found = shutil.which(name)
    versions = sorted(pathlib.Path(DEBIAN_POSTGRESQL).glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if versions:
        return str(versions[-1])
    if found:
        return found
    raise AssertionError(f"PostgreSQL's {name} is not installed")


def postgres_user():
    return "postgres" if os.geteuid() == 0 else None


# MARK: The world

class World:
    """What the simulator simulates, built in sentences: World(clock=200).account("1" * 12, east, {"us-east-1": [...]})."""

    def __init__(self, clock=200, seed=7, timeline=None, rates=None, **settings):
        self.settings = {"clockScale": clock, **settings}
        if timeline:
            self.settings["timeline"] = timeline
        self.settings["rates"] = rates or {"default": {"perSecond": 2000, "burst": 4000}}
        self.seed, self.accounts, self.principals, self.faults = seed, [], {}, []
        # What else the pool says: who may sign in by a browser, and how.
        self.pool, self.browser = {}, {"id": "muster-browser"}

    def account(self, number, regions, spokes=("east",), quotas=None):
        """An account with, for each Region, its servers: a number, or forms of the world file. `None`: not initialised."""
        described = {}
        for region, servers in regions.items():
            if servers is None:
                described[region] = {"initialized": False}
                continue
            if isinstance(servers, int):
                servers = [{"hostname": "server", "count": servers}]
            described[region] = {"servers": servers, **({"quotas": quotas} if quotas else {})}
        for spoke in spokes:
            self.principals.setdefault(spoke, Principal(spoke))
        self.accounts.append({"id": number, "name": f"account-{number}", "regions": described,
                              "spokePrincipals": [self.principals[spoke].arn for spoke in spokes],
                              "roles": [{"name": "MusterRecovery", "denied": []}]})
        return self

    def fault(self, action, **rule):
        self.faults.append({"action": action, **rule})
        return self

    def document(self):
        return {"seed": self.seed, "settings": self.settings, "accounts": self.accounts, "faults": self.faults,
                "principals": [{"arn": p.arn, "accessKeyId": p.key, "secretAccessKey": p.secret,
                                **({"sessionToken": p.token} if p.token else {})}
                               for p in self.principals.values()],
                "cognito": {"pool": POOL, "lifetimeSeconds": 3600, "clients": [
                    self.browser, {"id": "muster-machine", "secret": "muster-machine-secret",
                                   "scopes": ["muster/read", "muster/operate", "muster/admin"]}], **self.pool}}


class Principal:
    """A role that a spoke runs as."""

    def __init__(self, name, token=None):
        self.name, self.token = name, token
        self.arn = f"arn:aws:iam::{SPOKE_ACCOUNT}:role/MusterSpoke{name.capitalize()}"
        self.key = f"AKIASIMSPOKE{name.upper()}0001"
        self.secret = f"simulated-secret-of-spoke-{name}"


# MARK: The hub's API

class Away(Exception):
    """No answer: nobody listens, or the connection broke."""


class Answer:
    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        self.kind = (headers.get("Content-Type") or "").split(";")[0]
        self.json = None
        if raw and self.kind in ("application/json", "application/problem+json"):
            self.json = json.loads(raw)

    @property
    def code(self):
        return (self.json or {}).get("code") if isinstance(self.json, dict) else None

    @property
    def pointers(self):
        return sorted(error["pointer"] for error in (self.json or {}).get("errors") or [])

    def __repr__(self):
        return f"{self.status} {shorten((self.raw or b'').decode(errors='replace'), 600)}"


def exchange(origin, method, target, body=None, headers=None, timeout=30):
    """One request over a connection of its own; Away when there is no answer."""
    parts = urllib.parse.urlsplit(origin)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request(method, target, body=body, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    except (OSError, http.client.HTTPException) as error:
        raise Away(f"{method} {target}: {error!r}") from error
    finally:
        connection.close()


class Api:
    """A client of the hub; `origins` are tried in turn when one does not answer."""

    def __init__(self, stack, group=ADMIN, username="ada"):
        self.stack, self.username = stack, username
        self.token = None if group is None else stack.token(group, username)
        self.statuses = collections.Counter()
        self.refused = []

    def call(self, method, path, body=None, headers=None, hub=None, raw=None, token=..., timeout=30):
        """One call; `body` is JSON, `raw` are bytes as they are."""
        token = self.token if token is ... else token
        sent = {"Accept": "application/json"}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        sent = {key: value for key, value in sent.items() if value is not None}
        hubs = [hub] if hub else self.stack.hubs
        away = None
        for each in hubs:
            try:
                answer = exchange(each.origin, method, "/api/v1" + path, raw, sent, timeout)
            except Away as error:
                away = error
                continue
            self.statuses[answer.status] += 1
            if answer.status >= 500:
                self.refused.append(f"{method} {path}: {answer}")
            return answer
        raise away

    def need(self, status, method, path, body=None, **more):
        """The JSON of an answer that must have this status."""
        answer = self.call(method, path, body, **more)
        wanted = status if isinstance(status, tuple) else (status,)
        if answer.status == 503 and 503 not in wanted:
            raise Away(f"{method} {path}: {answer}")
        if answer.status not in wanted:
            raise AssertionError(f"{method} {path} answered {answer}, wanted {status}")
        return answer.json

    def get(self, path, **more):
        return self.need(200, "GET", path, **more)

    def post(self, path, body=None, status=201, **more):
        return self.need(status, "POST", path, body if body is not None else {}, **more)

    def every(self, path, limit=200):
        items, token = [], None
        while True:
            query = ("&" if "?" in path else "?") + f"limit={limit}" + (f"&nextToken={token}" if token else "")
            page = self.get(path + query)
            items += page["items"]
            token = page["nextToken"]
            if not token:
                return items

    # What scenarios are made of.

    def servers(self, account=None, region=None):
        query = "&".join(f"{name}={value}" for name, value in (("accountId", account), ("region", region)) if value)
        return sorted(self.every("/drs/source-servers" + (f"?{query}" if query else "")),
                      key=lambda server: (server["accountId"], server["region"], server["hostname"]))

    def group(self, name, account, region, servers):
        return self.post("/protection-groups", {"groupName": name, "accountId": account, "region": region,
                                                "sourceServerIds": [s if isinstance(s, str) else s["sourceServerId"]
                                                                    for s in servers]})["groupId"]

    def plan(self, name, waves, **more):
        """A plan out of waves, each a list of group identifiers or a dictionary of a wave's fields."""
        described = []
        for number, wave in enumerate(waves):
            fields = wave if isinstance(wave, dict) else {"protectionGroupIds": wave}
            described.append({"waveNumber": number, "name": f"Wave {number}", **fields})
        return self.post("/recovery-plans", {"planName": name, "waves": described, **more})["planId"]

    def start(self, plan, kind="DRILL", **more):
        body = {"planId": plan, "executionType": kind, "reason": "a scenario", **more}
        return Drill(self, self.post("/executions", body, status=202)["executionId"])


class Drill:
    """An execution under test."""

    def __init__(self, api, identifier):
        self.api, self.id, self.path = api, identifier, f"/executions/{identifier}"

    def show(self):
        return self.api.get(self.path)

    @property
    def status(self):
        return self.show()["status"]

    def wait(self, what, test, seconds=60, every=0.1):
        def look():
            shown = self.show()
            self.last = shown
            return shown if test(shown) else None
        return eventually(f"{what} (execution {self.id})", look, seconds, every)

    def wait_status(self, *statuses, seconds=60):
        return self.wait(f"the execution is {' or '.join(statuses)}", lambda e: e["status"] in statuses
                         or (e["status"] in ENDED and not set(statuses) & set(ENDED) and self._ended(e, statuses)),
                         seconds)

    def _ended(self, shown, statuses):
        raise AssertionError(f"it ended {shown['status']} instead of being {statuses}: {shown['verdict']}")

    def end(self, seconds=120):
        return self.wait("the execution ends", lambda e: e["status"] in ENDED, seconds)

    def servers(self, shown=None):
        return [server for wave in (shown or self.show())["waves"] for server in wave["servers"]]

    def journal(self):
        return self.api.every(self.path + "/events")

    def job_log(self):
        return self.api.every(self.path + "/job-logs")

    def pause(self, mode):
        return self.api.post(self.path + "/pause", {"mode": mode}, status=202)

    def resume(self, **body):
        return self.api.post(self.path + "/resume", body, status=202)

    def cancel(self):
        return self.api.need(202, "DELETE", self.path)

    def terminate(self, **body):
        return self.api.post(self.path + "/terminate-instances", body, status=202)

    def wait_terminated(self, seconds=60):
        return self.wait("the instances are terminated", lambda e: e["instancesTerminated"], seconds)

    def again(self):
        """Its plan once more, when it ended as it must and was cleaned up: for faults that outlast a drill."""
        self.check_completed(self.end(120))
        self.terminate()
        self.wait_terminated()
        return self.api.start(self.show()["planId"])

    # What must be true whatever happened.

    def starts(self):
        """The accepted StartRecovery calls of this execution, oldest first."""
        return [start for start in reversed(self.api.stack.simulator_state()["starts"])
                if start["tags"].get("muster:execution") == self.id]

    def check_completed(self, shown=None, retried=False):
        shown = shown or self.end()
        if shown["status"] != "COMPLETED":
            failed = [(s["sourceServerId"], s["status"], s["error"]) for s in self.servers(shown)
                      if s["status"] != "LAUNCHED"]
            raise AssertionError(f"it is {shown['status']}, {shown['verdict']}: {failed[:10]}")
        for server in self.servers(shown):
            assert server["status"] == "LAUNCHED" and server["recoveryInstanceId"] and server["jobId"], server
        counts = shown["counts"]
        assert counts["launched"] == counts["total"] == len(self.servers(shown)), counts
        self.check_once(shown, retried)
        self.check_journal(shown)
        return shown

    def check_once(self, shown=None, retried=False):
        """Exactly one accepted StartRecovery per batch, and one instance per server: what Muster must never get wrong.

        Where servers were retried, each was started as often as it was attempted.
        """
        shown = shown or self.show()
        starts = self.starts()
        batches = collections.Counter(start["tags"].get("muster:command") for start in starts)
        twice = {key: count for key, count in batches.items() if count != 1}
        assert None not in batches, "a job without the tag muster:command"
        assert not twice, f"accepted more than once: {twice}"
        started = collections.Counter(server for start in starts for server in start["servers"])
        attempts = {s["sourceServerId"]: s["attempts"] for s in self.servers(shown)}
        if retried:
            assert all(attempts[server] == count for server, count in started.items()), (attempts, started)
        else:
            assert all(count == 1 for count in started.values()), f"servers started twice: {started.most_common(5)}"
        launched = {s["sourceServerId"] for s in self.servers(shown) if s["status"] == "LAUNCHED"}
        assert launched <= set(started), f"launched without a start: {launched - set(started)}"
        jobs = {start["jobId"] for start in starts}
        known = {job["jobId"] for wave in shown["waves"] for job in wave["jobs"]}
        assert known == jobs, f"the API knows the jobs {known}, DRS accepted {jobs}"
        wanted = 0
        for wave in shown["waves"]:
            places = collections.Counter((s["accountId"], s["region"]) for s in wave["servers"]
                                         if s["sourceServerId"] in started)
            wanted += sum(-(-count // 100) for count in places.values())
        assert retried or len(starts) == wanted, f"{len(starts)} starts for {wanted} batches"
        instances = collections.defaultdict(list)
        for instance in self.api.stack.simulator_state()["instances"]:
            if instance["jobId"] in jobs:
                instances[instance["sourceServerId"]].append(instance["instanceId"])
        if not shown["cleanup"]:
            assert set(instances) >= launched, f"no instance of {launched - set(instances)}"
            for server in self.servers(shown):
                if server["status"] == "LAUNCHED":
                    there = instances[server["sourceServerId"]]
                    assert there == [server["recoveryInstanceId"]], f"{server['sourceServerId']} has {there}"

    def check_journal(self, shown=None):
        """The chain is whole: every hash is that of its text, every text is canonical and names the hash before."""
        rows = self.api.stack.rows(
            f"SELECT sequence, event, hash FROM journal_event WHERE execution_id = '{self.id}' ORDER BY sequence")
        head = self.api.stack.rows(
            f"SELECT journal_sequence, journal_head FROM execution WHERE execution_id = '{self.id}'")[0]
        assert rows, "the journal is empty"
        previous = json.loads(rows[0]["event"])["previous"]
        assert not previous.strip("0"), f"the first event follows {previous}"
        for number, row in enumerate(rows, 1):
            event = json.loads(row["event"])
            assert row["sequence"] == event["sequence"] == number, f"event {number} is numbered {row['sequence']}"
            assert event["previous"] == previous, f"event {number} does not follow the one before"
            assert event["executionId"] == self.id
            assert canonical(event) == row["event"], f"event {number} is not stored in RFC 8785's form"
            assert hashlib.sha256(row["event"].encode()).hexdigest() == row["hash"], f"event {number}'s hash is wrong"
            previous = row["hash"]
        assert (head["journal_sequence"], head["journal_head"]) == (len(rows), previous), "the head is another"
        shown_events = self.journal()
        assert [event["sequence"] for event in shown_events] == list(range(1, len(rows) + 1)), "the API shows others"


def canonical(value):
    """RFC 8785 for what journals hold: texts, whole numbers and objects."""
    ordered = dict(sorted(value.items(), key=lambda item: item[0].encode("utf-16-be")))
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


# MARK: The stack

class Hub:
    """A replica: its address, its program, and how it is started."""

    def __init__(self, stack, number):
        self.stack, self.number, self.port = stack, number, free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.more = {}
        self.program = None

    def environment(self):
        stack = self.stack
        variables = {
            "MUSTER_LISTEN": f"127.0.0.1:{self.port}",
            "MUSTER_COGNITO_ISSUER": stack.issuer or f"{stack.simulator_origin}/{POOL}",
            "MUSTER_COGNITO_CLIENT_ID": "muster-browser,muster-machine",
            "MUSTER_STS_ENDPOINTS": stack.simulator_origin,
            "MUSTER_STATE_DIRECTORY": str(stack.directory / f"hub-{self.number}"),
        }
        if stack.database:
            variables["MUSTER_DATABASE_URL"] = stack.database.url("muster_hub")
            variables["MUSTER_DATABASE_OWNER_URL"] = stack.database.url("muster_owner")
            # All hubs of one database share it.
            variables["MUSTER_SECRET_KEY"] = base64.b64encode(bytes(range(32))).decode()
        return {**variables, **stack.hub_environment, **self.more}

    def start(self, ready=True):
        command = [stack_program("muster-hub"), "serve"]
        self.program = Program(f"hub-{self.number}", command, self.stack.log(f"hub-{self.number}"), self.environment())
        self.log_before = len(self.program.text())
        self.program.start()
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self, seconds=60):
        return eventually(f"hub {self.number} is ready", self.is_ready, seconds, while_=lambda: self.program.is_alive)

    def log_since_start(self):
        return self.program.text()[self.log_before:]

    def is_ready(self):
        return exchange(self.origin, "GET", "/health/ready", timeout=5).status == 200

    @property
    def postmaster(self):
        """The process id of the embedded PostgreSQL, or None."""
        return postmaster_of(self.stack.directory / f"hub-{self.number}" / "postgresql" / "files")


def postmaster_of(files):
    try:
        pid = int((files / "postmaster.pid").read_text().splitlines()[0])
        command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(files).encode() in command else None


def stack_program(name):
    return pathlib.Path(Options.bin).resolve() / name


class Database:
    """A PostgreSQL of the scenario's own, as an enterprise would run one for several hubs."""

    def __init__(self, stack, disk=None):
        self.stack, self.port = stack, free_port()
        # On the stack's disk, or on another that may be full.
        self.directory = (disk or stack.directory) / "database"
        self.files = self.directory / "files"
        self.directory.mkdir(mode=0o700)
        if postgres_user():
            shutil.chown(self.directory, "postgres", "postgres")
        self.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
                 "-D", self.files)
        self.program = None

    def run(self, name, *arguments):
        done = subprocess.run([postgres_program(name), *map(str, arguments)], user=postgres_user(), group=postgres_user(),
                              extra_groups=[] if postgres_user() else None, capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, f"{name}: {done.stderr}"

    def start(self):
        self.program = Program(
            "postgres", [postgres_program("postgres"), "-D", self.files, "-p", self.port, "-k", "",
                         "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "fsync=off",
                         # So that a scenario can tell what was decided before what.
                         "-c", "track_commit_timestamp=on"],
            self.stack.log("postgres"), user=postgres_user())
        self.program.start()
        eventually("PostgreSQL answers", lambda: self.is_answering, 30, while_=lambda: self.program.is_alive)
        return self

    @property
    def is_answering(self):
        return psql(self.url("postgres", "postgres"), "SELECT 1", check=False) == "1"

    def prepare(self):
        for statement in ("CREATE ROLE muster_owner LOGIN", "CREATE ROLE muster_hub LOGIN",
                          "CREATE DATABASE muster OWNER muster_owner"):
            psql(self.url("postgres", "postgres"), statement)

    def kill(self):
        """kill -9 of the postmaster; its children end by themselves."""
        self.program.kill()

    def url(self, role, database="muster"):
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"


def psql(url, *statements, check=True):
    """Runs statements one after the other in one session."""
    commands = [part for statement in statements for part in ("-c", statement)]
    done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, *commands],
                          capture_output=True, text=True, timeout=30)
    if check and done.returncode != 0:
        raise AssertionError(f"psql: {done.stderr}")
    return done.stdout.strip() if done.returncode == 0 else None


class Spoke:
    def __init__(self, stack, name, principal, accounts, hubs=None, more=None):
        self.stack, self.name, self.principal = stack, name, principal
        self.configuration = stack.directory / f"spoke-{name}.yaml"
        self.accounts, self.hubs, self.more = accounts, hubs, more or {}
        self.program = None

    def start(self):
        stack = self.stack
        # JSON is YAML.
        self.configuration.write_text(json.dumps({"name": self.name, "accounts": [
            {"accountId": number, "roleArn": f"arn:aws:iam::{number}:role/MusterRecovery",
             "externalId": stack.external_ids.get(number, "not-told-yet"), "regions": stack.regions[number]}
            for number in self.accounts]}))
        variables = {
            "MUSTER_HUB_URL": ",".join(self.hubs or [hub.origin for hub in stack.hubs]),
            "MUSTER_SPOKE_CONFIG": str(self.configuration),
            "MUSTER_SPOKE_POLL_MILLISECONDS": str(stack.poll),
            "AWS_ACCESS_KEY_ID": self.principal.key, "AWS_SECRET_ACCESS_KEY": self.principal.secret,
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": stack.simulator_origin,
        }
        self.program = Program(f"spoke-{self.name}", [stack_program("muster-spoke"), "run"],
                               stack.log(f"spoke-{self.name}"), {**variables, **self.more})
        self.program.start()
        return self


class Stack:
    """Everything of one scenario: Stack(world).start() gives simulator, hub, registered accounts and spokes."""

    def __init__(self, world, hubs=1, external=False, spokes=None, poll=None, hub_environment=None, disk=None):
        self.world = world
        self.hubs, self.spokes = [], {}
        # PostgreSQL's user must be able to pass through it.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="muster-scenario-"))
        self.directory.chmod(0o755)
        (self.directory / "logs").mkdir()
        _stacks.append(self)
        self.hub_environment = hub_environment or {}
        self.simulator_port = free_port()
        self.simulator_origin = f"http://127.0.0.1:{self.simulator_port}"
        self.simulator = None
        # Of the tokens; None: the simulator itself.
        self.issuer = None
        self.database = Database(self, disk) if external else None
        self.hubs = [Hub(self, number) for number in range(hubs)]
        if hubs > 1:
            self.hub_environment["MUSTER_PUBLIC_URL"] = ",".join(hub.origin for hub in self.hubs)
        self.poll = poll or max(50, int(3000 / world.settings["clockScale"]))
        self.regions = {account["id"]: list(account["regions"]) for account in world.accounts}
        self.external_ids = {}
        # Each spoke serves the accounts that trust its principal, unless the scenario says otherwise.
        self.spoke_forms = spokes if spokes is not None else {name: name for name in world.principals}
        self._api = None

    # Starting and stopping.

    def start(self, spokes=True, inventory=True):
        self.start_simulator()
        if self.database:
            self.database.start().prepare()
            self.migrate()
        for hub in self.hubs:
            hub.start()
        self.register()
        if spokes:
            for name, principal in self.spoke_forms.items():
                self.add_spoke(name, principal)
            if inventory:
                self.wait_inventory()
        return self

    def start_simulator(self):
        world = self.directory / "world.yaml"
        world.write_text(json.dumps(self.world.document()))
        self.simulator = Program("simulator", [stack_program("muster-simulator"), "serve", "--world", world, "--listen",
                                               f"127.0.0.1:{self.simulator_port}"], self.log("simulator"))
        self.simulator.start()
        eventually("the simulator answers", lambda: exchange(self.simulator_origin, "GET", "/").status == 200, 30,
                   while_=lambda: self.simulator.is_alive)

    def migrate(self):
        program = Program("migrate", [stack_program("muster-hub"), "migrate"], self.log("migrate"),
                          self.hubs[0].environment()).start()
        eventually("the migration has ended", lambda: not program.is_alive, 60)
        assert program.process.returncode == 0, program.tail()
        _living.remove(program)

    def register(self):
        for account in self.world.accounts:
            made = self.api.post("/accounts", {"accountId": account["id"], "accountName": account["name"],
                                               "regions": list(account["regions"]),
                                               "spokePrincipals": account["spokePrincipals"]})
            self.external_ids[account["id"]] = made["externalId"]
            self.control("POST", f"accounts/{account['id']}", {"externalId": made["externalId"]})

    def add_spoke(self, name, principal=None, accounts=None, **more):
        principal = self.world.principals[principal or name]
        served = accounts or [account["id"] for account in self.world.accounts
                              if principal.arn in account["spokePrincipals"]]
        self.spokes[name] = Spoke(self, name, principal, served, **more).start()
        return self.spokes[name]

    def wait_inventory(self, seconds=90):
        wanted = self.control("GET", "state")["servers"]
        eventually(f"the inventory shows {wanted} servers",
                   lambda: len(self.api.every("/drs/source-servers")) == wanted, seconds, every=0.2)

    def stop(self):
        """Ends everything, the spokes first; PostgreSQL too, should a killed hub have left it."""
        for spoke in self.spokes.values():
            if spoke.program and spoke.program.is_alive:
                spoke.program.kill()
        late = None
        for hub in self.hubs:
            if hub.program and hub.program.is_alive:
                try:
                    hub.program.stop()
                except NotYet as error:
                    late = error
        if self.database and self.database.program:
            self.database.program.kill()
        if self.simulator:
            self.simulator.kill()
        self.kill_postgres()
        if late:
            raise late

    def kill_postgres(self):
        for hub in self.hubs:
            pid = hub.postmaster
            if pid:
                os.kill(pid, signal.SIGQUIT)
                gone = lambda: hub.postmaster != pid
                try:
                    eventually("the embedded PostgreSQL ends", gone, 10)
                except NotYet:
                    os.kill(pid, signal.SIGKILL)

    def discard(self):
        if self in _stacks:
            _stacks.remove(self)
        # A hub that was killed leaves PostgreSQL, or programs that make its database: they name this stack's directory.
        for _ in range(3):
            for pid in self.left():
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        if not Options.keep:
            shutil.rmtree(self.directory, ignore_errors=True)

    def left(self):
        """The processes whose command names the directory of this stack."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    if f"{self.directory}/".encode() in (entry / "cmdline").read_bytes():
                        found.append(int(entry.name))
                except OSError:
                    pass
        return found

    # Looking.

    def log(self, name):
        return self.directory / "logs" / f"{name}.log"

    def tails(self, lines=25):
        texts = []
        for log in sorted((self.directory / "logs").glob("*.log")):
            ends = [line for line in log.read_text(errors="replace").splitlines()
                    if "request answered" not in line or "status=5" in line][-lines:]
            texts.append(f"--- {log.name}\n" + "\n".join(line[:400] for line in ends))
        return "\n".join(texts)

    @property
    def api(self):
        if self._api is None:
            self._api = Api(self)
        return self._api

    @property
    def hub(self):
        return self.hubs[0]

    def token(self, group=ADMIN, username="ada", **more):
        body = {"username": username, "groups": [group] if isinstance(group, str) else group,
                "client_id": "muster-browser", **({"issuer": self.issuer} if self.issuer else {}), **more}
        answer = exchange(self.simulator_origin, "POST", f"/{POOL}/test/token", json.dumps(body).encode(),
                          {"Content-Type": "application/json"})
        assert answer.status == 200, answer
        return answer.json["access_token"]

    def machine_token(self, scope):
        """A program's own token, by the grant client_credentials."""
        answer = exchange(self.simulator_origin, "POST", f"/{POOL}/oauth2/token", urllib.parse.urlencode({
            "grant_type": "client_credentials", "client_id": "muster-machine", "client_secret": "muster-machine-secret",
            "scope": scope}).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 200, answer
        return answer.json["access_token"]

    def control(self, method, path, body=None):
        raw = None if body is None else json.dumps(body).encode()
        answer = exchange(self.simulator_origin, method, f"/simulator/{path}", raw, timeout=60)
        assert answer.status == 200, f"the simulator's {path} answered {answer}"
        return answer.json

    def simulator_state(self):
        return self.control("GET", "state")

    def fault(self, action, **rule):
        return self.control("POST", "faults", {"action": action, **rule})

    def clear_faults(self):
        return self.control("DELETE", "faults")

    def database_url(self):
        """The hub's database, as its superuser."""
        if self.database:
            return self.database.url("postgres")
        pid = self.hub.postmaster
        assert pid, "the embedded PostgreSQL does not run"
        command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        near = self.directory / "hub-0" / "postgresql" / "socket"
        sockets = [near, *pathlib.Path("/tmp").glob("muster-*-*")]
        found = next(path for path in sockets if f"unix_socket_directories={path}\0" in command)
        return f"postgresql://postgres@/muster?host={urllib.parse.quote(str(found), safe='')}"

    def rows(self, statement):
        """A statement's rows."""
        text = psql(self.database_url(), f"SELECT coalesce(json_agg(found), '[]') FROM ({statement}) AS found")
        return json.loads(text)

    def quotas_kept(self, jobs=20, servers=500):
        """The most jobs and servers that were in jobs at the same time, per account and Region."""
        moments = collections.defaultdict(list)
        for start in self.simulator_state()["starts"]:
            place = (start["accountId"], start["region"])
            moments[place].append((start["at"], 1, len(start["servers"])))
            moments[place].append((start["endsAt"], -1, -len(start["servers"])))
        most = {}
        for place, changes in moments.items():
            now_jobs = now_servers = 0
            peak = [0, 0]
            for _, job, count in sorted(changes):
                now_jobs, now_servers = now_jobs + job, now_servers + count
                peak = [max(peak[0], now_jobs), max(peak[1], now_servers)]
            most[place] = tuple(peak)
            assert peak[0] <= jobs and peak[1] <= servers, f"{place} had {peak[0]} jobs with {peak[1]} servers"
        return most

    def refusals(self, text):
        return sum(count for name, count in self.simulator_state()["refusals"].items() if text in name)


class Background:
    """Does something again and again in a thread until told to stop; its first error is raised then."""

    def __init__(self, body, every=0.05):
        self.body, self.every, self.error, self.results = body, every, None, []
        self.is_ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.is_ending.is_set():
            try:
                self.results.append(self.body())
            except Exception as error:  # told to the test that stops it
                self.error = error
                return
            self.is_ending.wait(self.every)

    def stop(self):
        self.is_ending.set()
        self.thread.join(30)
        if self.error:
            raise self.error
        return self.results


def moment(text):
    """Seconds since 1970 of a time as logs and the API write it."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def unique(name):
    return f"{name}-{uuid.uuid4().hex[:8]}"


# MARK: Scenarios


class Scenario(unittest.TestCase):
    """A scenario, which stops and removes what it started."""

    longMessage = True
    # Waits for minutes to pass, and so begins first.
    waits = False

    def run_stack(self, world, **more):
        start = {name: more.pop(name) for name in ("spokes_too", "inventory") if name in more}
        stack = Stack(world, **more)
        self.stacks = getattr(self, "stacks", []) + [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        stack.start(spokes=start.get("spokes_too", True), inventory=start.get("inventory", True))
        return stack

    def check_within(self, seconds, promised, what):
        """A promised time: held to in the full run, on a machine that does nothing else; in the quick one told.

        There it must only not be of another order, which is what a lost hint or a missing retry would make it.
        """
        self.assertLess(seconds, promised if Options.full else promised * 6, what)

    def codes(self, shown):
        return [reason["code"] for reason in shown["verdict"]["reasons"]]
