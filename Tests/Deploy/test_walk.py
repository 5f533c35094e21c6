"""Every command of the documents, carried out in its page's order against the quickstart's stack.

A command that cannot be carried out here stands in `rules.py` with the reason; one that is neither fails. Nothing of the
world outside is used: what the documents call AWS is the simulator, or moto for what is deployed.
"""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import boto3

import rules
from stage import BIN, ROOT, Elsewhere, SimulatedAWS, free_port
from walk import Command, Place, Shell, Staying, commands, eventually, pages, settings

sys.path.insert(0, str(ROOT / "Tests/ScenarioTests"))
from harness import Database, psql  # noqa: E402


class Walk:
    """The stack that somebody started by the README's first command, and everything else that commands meet."""

    # Times faster than life: a launch of nine minutes takes about a second.
    CLOCK = 500

    def __init__(self, test):
        self.test = test
        self.folder = pathlib.Path(test.enterClassContext(tempfile.TemporaryDirectory(prefix="muster-walk-")))
        # The embedded PostgreSQL runs as somebody else where the test is root.
        self.folder.chmod(0o755)
        self.state = self.folder / "state"
        self.hub, self.simulator = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.place = Place(self.folder, {
            "MUSTER_QUICKSTART_PORT": self.hub.rsplit(":", 1)[1], "MUSTER_QUICKSTART_STATE": str(self.state),
            "MUSTER_QUICKSTART_SIMULATOR_PORT": self.simulator.rsplit(":", 1)[1], "MUSTER_QUICKSTART_BIN": str(BIN),
            "MUSTER_QUICKSTART_CLOCK": str(self.CLOCK), "MUSTER_HUB_URL": self.hub,
        })
        self.issuer = f"{self.simulator}/us-east-1_MusterSim"
        self.cloud = None
        self.databases, self.ports = {}, {}
        self.staying = []

    @property
    def environment(self):
        return self.place.environment

    def remember_token(self):
        done = subprocess.run([ROOT / "Deploy/quickstart", "--token"], env=self.environment, capture_output=True, text=True,
                              check=True)
        self.token = done.stdout.strip()
        self.environment.update(MUSTER_TOKEN=self.token, WALK_TOKEN=self.token)

    def muster(self, *words):
        done = subprocess.run([BIN / "muster", *words], env=self.environment, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"muster {' '.join(words)}: {done.stderr}")
        return done.stdout

    def asked(self, *words):
        return json.loads(self.muster(*words, "--format", "json"))

    def get(self, path):
        request = urllib.request.Request(f"{self.hub}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def is_well(self, address):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def tell_simulator(self, path, body):
        request = urllib.request.Request(f"{self.simulator}/simulator/{path}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def server(self, hostname, region="us-east-1"):
        found = [one["sourceServerId"] for one in self.asked("server", "list")["items"]
                 if (one["hostname"], one["region"]) == (hostname, region)]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} servers are {hostname} in {region}")
        return found[0]

    def fail_once(self, *hostnames):
        for hostname in hostnames:
            self.tell_simulator(f"servers/{self.server(hostname)}", {"failure": {"ending": "LAUNCH_FAILED", "launches": 1}})

    def wait_for_the_latest(self):
        """Until it has ended, and whatever is cleaned up is."""
        def is_at_rest():
            listed = self.asked("execution", "list")["items"]
            return all(one["endedAt"] and (one.get("termination") or {}).get("status") != "RUNNING" for one in listed[:1])
        eventually("the end of the latest execution", is_at_rest)

    def run(self, text, wanted=0):
        done = subprocess.run(["bash", "-c", text], env=self.environment, capture_output=True, text=True, timeout=240)
        if done.returncode != wanted:
            raise AssertionError(f"{text} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr}")

    def credentials(self, account):
        """Of the recovery role of an account: what its spoke has."""
        external = self.asked("account", "show", account)["externalId"]
        keys = self.keys_of_the_spoke()
        tokens = boto3.client("sts", region_name="us-east-1", endpoint_url=self.simulator,
                              aws_access_key_id=keys["AWS_ACCESS_KEY_ID"], aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"])
        given = tokens.assume_role(RoleArn=f"arn:aws:iam::{account}:role/MusterRecovery", RoleSessionName="walk",
                                   ExternalId=external)["Credentials"]
        return {"AWS_ENDPOINT_URL": self.simulator, "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"], "AWS_SESSION_TOKEN": given["SessionToken"],
                "AWS_PAGER": "''"}

    def recovery_point(self, account, hostname):
        done = subprocess.run(["aws", "drs", "describe-recovery-snapshots", "--region", "us-east-1", "--source-server-id",
                               self.server(hostname)], env={**self.environment, **self.credentials(account), "AWS_PAGER": ""},
                              capture_output=True, text=True)
        return json.loads(done.stdout)["items"][0]["snapshotID"]

    def keys_of_the_spoke(self):
        return {"AWS_ENDPOINT_URL": self.simulator, "AWS_ACCESS_KEY_ID": "AKIASIMSPOKEEAST0001",
                "AWS_SECRET_ACCESS_KEY": "simulated-secret-of-spoke-east"}

    def spoke_file(self, name, file):
        """What the quickstart wrote for one of its spokes, under another name."""
        written = (self.state / "spoke-east.yaml").read_text()
        file.write_text(written.replace("name: recovery-east", f"name: {name}"))

    def spoke_is_connected(self, name):
        return any((one["name"], one["state"]) == (name, "CONNECTED") for one in self.asked("spoke", "list")["items"])

    def database(self, name):
        """A PostgreSQL that somebody runs for a hub."""
        if name not in self.databases:
            folder = self.folder / f"database-{name}"
            folder.mkdir(mode=0o755)
            self.databases[name] = Database(Elsewhere(folder)).start()
        return self.databases[name]

    def sql(self, name, *statements):
        psql(self.database(name).url("postgres", "postgres"), *statements)

    def port(self, name):
        """Where a hub listens that is not the quickstart's."""
        return self.ports.setdefault(name, free_port())

    def subnet(self):
        return self.moto().client("ec2").describe_subnets()["Subnets"][0]

    def moto(self):
        """AWS as far as moto goes, for the commands that follow on the page."""
        if not self.cloud:
            self.cloud = self.test.enterClassContext(SimulatedAWS())
        return self.cloud

    def close(self):
        for one in reversed(self.staying):
            one.stop()
        for file in (self.folder / "run").glob("*.pid"):
            subprocess.run(["kill", file.read_text()], capture_output=True)
        for database in self.databases.values():
            database.kill()
        subprocess.run([ROOT / "Deploy/quickstart", "--stop"], env=self.environment, capture_output=True)


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (BIN / "muster").exists():
            raise unittest.SkipTest(f"nothing is built in {BIN}")
        cls.walk = Walk(cls)
        cls.addClassCleanup(cls.walk.close)

    def test_can_be_followed_command_by_command(self):
        asked = {str(page.relative_to(ROOT)): list(commands(page)) for page in pages()}
        order = sorted((page for page in asked if asked[page]), key=lambda page: (rules.place(page), page))
        self.used = set()
        self.ran = 0
        for page in order:
            self.follow(page, asked[page])
        unused = [rule for rule in rules.RULES if id(rule) not in self.used]
        self.assertEqual(unused, [], "no command is meant by these")
        self.assertGreater(self.ran, 100)
        if self.walk.staying:
            quickstart = self.walk.staying[0]
            self.assertEqual(quickstart.stop(signal.SIGINT), 130, quickstart.said)

    def test_would_tell_a_command_that_cannot_be_followed(self):
        self.used, self.ran = set(), 0
        shell = Shell(self.walk.place.checkout("planted"), self.walk.environment)
        self.addCleanup(shell.close)
        for text in ("muster plan list --colour", "cowsay moo", "muster plan show …", "false && muster whoami", "cat nothing",
                     "MUSTER_COLOUR=red"):
            with self.subTest(text), self.assertRaises(AssertionError):
                self.carry_out(Command("Docs/Operating.md", 1, text), shell)
        self.carry_out(Command("Docs/Operating.md", 1, "muster --version | grep 0  # and a comment"), shell)
        self.assertEqual([command.text for command in commands(ROOT / "README.md")][0].split()[0], "Deploy/quickstart")

    def follow(self, page, listed):
        directory = self.walk.place.checkout(page)
        if self.walk.staying:
            # A slow machine takes longer than a token is good.
            self.walk.remember_token()
        shell = Shell(directory, self.walk.environment)
        try:
            for command in listed:
                with self.subTest(page=page, command=command.text):
                    self.carry_out(command, shell)
        finally:
            shell.close()

    def carry_out(self, command, shell):
        keys = settings(command.text)
        if keys:
            known = (ROOT / "Docs/Configuration.md").read_text()
            self.assertEqual([key for key in keys if f"`{key}`" not in known], [])
            return
        meant = [rule for rule in rules.RULES if rule.means(command)]
        self.used.update(map(id, meant))
        if any(rule.unrun for rule in meant):
            return
        text = command.text
        for rule in meant:
            if rule.before:
                rule.before(self.walk, shell)
            for written, stands in rule.stands:
                value = stands(self.walk) if callable(stands) else stands
                text = re.sub(written, lambda _, value=value: str(value), text)
        self.assertNotIn("…", re.sub(r"\s#.*", "", text), "something is left open that a rule must fill in")
        self.ran += 1
        stays = next((rule.stays for rule in meant if rule.stays), None)
        if stays:
            started = Staying(text, shell.directory, self.environment_of(shell))
            self.walk.staying.append(started)
            stays(self.walk, started)
            return
        status, said = shell.run(text, "".join(rule.typed(self.walk) for rule in meant))
        wanted = next((rule.ends for rule in meant if rule.ends), 0)
        self.assertEqual(status, wanted, f"{text}\n{said[-2000:]}")
        for rule in meant:
            if rule.after:
                rule.after(self.walk, shell)

    def environment_of(self, shell):
        """What the page has exported so far."""
        status, said = shell.run("env -0")
        self.assertEqual(status, 0)
        return dict(entry.split("=", 1) for entry in said.split("\0") if "=" in entry)


if __name__ == "__main__":
    unittest.main()
