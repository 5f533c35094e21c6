"""Programs that a measurement needs, each started in a directory of its own and ended by its process id."""
import base64
import ctypes
import json
import os
import pathlib
import pwd
import secrets
import signal
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
POOL = "us-east-1_MusterSim"
START_SECONDS = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def die_with_parent():
    """Nothing that was started here outlives a benchmark that is killed (Linux: PR_SET_PDEATHSIG is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def send(method, url, body=None, token=None, headers=None):
    """The status and the JSON of an answer, whatever the status is."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"} | (headers or {})
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=120) as answer:
            raw, status = answer.read(), answer.status
    except urllib.error.HTTPError as error:
        raw, status = error.read(), error.code
    return status, json.loads(raw) if raw else None


def need(answer, *wanted):
    status, body = answer
    if status not in (wanted or (200, 201, 202, 204)):
        raise RuntimeError(f"answered {status}: {json.dumps(body)[:2000]}")
    return body


class Program:
    """A process with a log."""

    def __init__(self, name, arguments, directory, environment=None, user=None):
        self.name, self.log = name, directory / f"{name}.log"
        self.began = time.perf_counter()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=os.environ | (environment or {}), start_new_session=True, preexec_fn=die_with_parent,
                **({"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}))

    @property
    def pid(self):
        return self.process.pid

    def wait_until(self, ready, pause=0.002):
        """The seconds from the start until `ready()` is true."""
        while not ready():
            if self.process.poll() is not None or time.perf_counter() - self.began > START_SECONDS:
                raise RuntimeError(f"{self.name} did not start. The end of its log:\n{self.tail()}")
            time.sleep(pause)
        return time.perf_counter() - self.began

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def memory(self):
        """Resident memory now, at its highest, and without what is only mapped from files, in MB of 10^6 bytes."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return tuple(int(fields[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM", "RssAnon"))

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, number=signal.SIGTERM, seconds=30):
        """Ends it; answers how long that took."""
        began = time.perf_counter()
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return time.perf_counter() - began


class Cluster:
    """A PostgreSQL of our own on disk, fsync on, reached by a socket; ordinary settings but for the connections."""

    SETTINGS = {"listen_addresses": "''", "max_connections": "100", "fsync": "on", "synchronous_commit": "on",
                "track_wal_io_timing": "off", "autovacuum": "on"}

    def __init__(self, directory):
        self.directory = directory / "postgres"
        self.user = "postgres" if os.getuid() == 0 else None
        self.directory.mkdir()
        if self.user:
            shutil.chown(self.directory, self.user, self.user)
            directory.chmod(0o755)
        as_user = {"user": self.user, "extra_groups": []} if self.user else {}
        subprocess.run([POSTGRES / "initdb", "-D", self.directory / "data", "-U", "postgres", "--auth=trust",
                        "--encoding=UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, **as_user)
        settings = [part for name, value in self.SETTINGS.items() for part in ("-c", f"{name}={value.strip(chr(39))}")]
        self.program = Program("postgres", [POSTGRES / "postgres", "-D", self.directory / "data", "-k", self.directory]
                               + settings, directory, user=self.user)
        self.program.wait_until(lambda: subprocess.run(
            [POSTGRES / "pg_isready", "-q", "-h", self.directory]).returncode == 0, pause=0.05)

    def url(self, database):
        return f"host={self.directory} user=postgres dbname={database}"

    def make(self, database):
        self.query("postgres", f'CREATE DATABASE "{database}"')
        return self.url(database)

    def query(self, database, statement):
        """The rows of a statement's answer, as lists of texts."""
        done = subprocess.run(
            [POSTGRES / "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.directory, "-U", "postgres",
             "-d", database, "-c", statement], check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines() if line]

    def pgbench(self, database, script, clients, seconds, directory):
        """What pgbench measures of a script: transactions per second, and each one's milliseconds."""
        file = directory / "script.sql"
        file.write_text(script)
        for old in directory.glob("pgbench_log.*"):
            old.unlink()
        done = subprocess.run(
            [POSTGRES / "pgbench", "-h", self.directory, "-U", "postgres", "-n", "-M", "prepared", "-c", str(clients),
             "-j", str(min(2, clients)), "-T", str(max(1, round(seconds))), "-l", "--log-prefix", directory / "pgbench_log",
             "-f", file, database], check=True, capture_output=True, text=True)
        rate = float(next(line for line in done.stdout.splitlines() if line.startswith("tps")).split()[2])
        times = [int(line.split()[2]) / 1000 for log in directory.glob("pgbench_log.*") for line in open(log)]
        return rate, times

    def stop(self):
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        self.program.stop(signal.SIGINT)


class Simulator:
    """The simulated AWS, with a world of the caller's."""

    def __init__(self, binaries, directory, world, scale=20):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        file = directory / "world.yaml"
        file.write_text(json.dumps(world))  # JSON is YAML
        self.program = Program("simulator", [binaries / "muster-simulator", "serve", "--listen", f"127.0.0.1:{self.port}",
                                             "--world", file, "--clock-scale", scale], directory)
        self.program.wait_until(lambda: answers(self.port, f"/{POOL}/.well-known/jwks.json"), pause=0.02)

    @property
    def issuer(self):
        return f"{self.url}/{POOL}"

    def token(self, name="operator", group="DRSOrchestrationAdmin"):
        body = {"username": name, "groups": [group], "client_id": "muster-browser"}
        return need(send("POST", f"{self.issuer}/test/token", body))["access_token"]

    def trust(self, account, external_id, principal):
        need(send("POST", f"{self.url}/simulator/accounts/{account}",
                  {"externalId": external_id, "spokePrincipals": [principal]}))

    def stop(self):
        self.program.stop()


def answers(port, path):
    """Whether something answers 200 there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(5)
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


class Hub:
    """A hub; without a database's address it brings its own."""

    def __init__(self, binaries, directory, simulator, database=None, name="hub", environment=None, port=None):
        self.database, self.port = database, port or free_port()
        self.url, self.api = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}/api/v1"
        settings = {"MUSTER_LISTEN": f"127.0.0.1:{self.port}", "MUSTER_COGNITO_ISSUER": simulator.issuer,
                    "MUSTER_COGNITO_CLIENT_ID": "muster-browser,muster-machine",
                    "MUSTER_STS_ENDPOINTS": simulator.url, "MUSTER_RATE_LIMITS": "off",
                    "MUSTER_STATE_DIRECTORY": str(directory / f"{name}-state")}
        arguments = [binaries / "muster-hub", "serve"]
        if database:
            key = directory / "secret.key"
            if not key.exists():
                key.write_bytes(base64.b64encode(secrets.token_bytes(32)))
                key.chmod(0o600)
            settings |= {"MUSTER_DATABASE_URL": database, "MUSTER_SECRET_KEY_FILE": str(key)}
            arguments.append("--migrate")
        self.program = Program(name, arguments, directory, settings | (environment or {}))
        self.ready_after = self.program.wait_until(lambda: answers(self.port, "/health/ready"))

    def stop(self, seconds=30):
        return self.program.stop(seconds=seconds)


class Spoke:
    """A spoke with the credentials of one principal of the world."""

    def __init__(self, binaries, directory, hub, simulator, name, principal, accounts, poll=200):
        file = directory / f"{name}.yaml"
        file.write_text(json.dumps({"name": name, "accounts": accounts}))
        self.program = Program(name, [binaries / "muster-spoke", "run"], directory, {
            "MUSTER_HUB_URL": hub.url, "MUSTER_SPOKE_CONFIG": str(file), "MUSTER_SPOKE_POLL_MILLISECONDS": str(poll),
            "AWS_ACCESS_KEY_ID": principal["accessKeyId"], "AWS_SECRET_ACCESS_KEY": principal["secretAccessKey"],
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": simulator.url})

    def stop(self):
        self.program.stop()
