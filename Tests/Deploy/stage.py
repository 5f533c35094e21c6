"""What the tests of Deploy share: where things are, templates as values, and a simulated CloudFormation."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "Deploy"
TEMPLATES = DEPLOY / "CloudFormation"
BIN = pathlib.Path(os.environ.get("MUSTER_DEPLOY_BIN", ROOT / ".build/debug"))
REGION = "eu-central-1"


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as {"Ref": …} and {"Fn::…": …}."""


def short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", short_form)


def template(name):
    return yaml.load((TEMPLATES / name).read_text(), Loader)


def statements(role):
    """The statements of a role's policies; what is behind a condition is taken as there."""
    for policy in role["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def actions(role):
    found = set()
    for statement in statements(role):
        listed = statement["Action"]
        found.update([listed] if isinstance(listed, str) else listed)
    return found


# What moto's CloudFormation does not know, found by trying; everything else of the templates is made in it.
UNKNOWN_TO_MOTO = re.compile(r"AWS::(Cognito|SecretsManager)::.*|AWS::RDS::(DBCluster|DBInstance|GlobalCluster).*")


class Reduced:
    """A template as moto can work through it, for given parameters.

    Without the resources that moto does not know, and what refers to them refers to a text instead; and with what
    `AWS::NoValue` takes out of a list taken out, for moto would leave a null there.
    """

    def __init__(self, name, parameters):
        self.body = template(name)
        self.values = {key: value.get("Default") for key, value in self.body["Parameters"].items()} | parameters
        resources = self.body["Resources"]
        self.dropped = {key for key, value in resources.items() if UNKNOWN_TO_MOTO.fullmatch(value["Type"])}
        for key in self.dropped:
            del resources[key]
        for resource in resources.values():
            waits = resource.pop("DependsOn", [])
            kept = [key for key in ([waits] if isinstance(waits, str) else waits) if key not in self.dropped]
            if kept:
                resource["DependsOn"] = kept
        self.body = self.reduced(self.body)

    def holds(self, condition):
        (kind, of), = condition.items()
        if kind == "Condition":
            return self.holds(template_condition(self.body, of))
        if kind == "Fn::Equals":
            left, right = (self.values[side["Ref"]] if isinstance(side, dict) else side for side in of)
            return left == right
        return {"Fn::Not": lambda: not self.holds(of[0]), "Fn::And": lambda: all(map(self.holds, of)),
                "Fn::Or": lambda: any(map(self.holds, of))}[kind]()

    def reduced(self, value):
        if isinstance(value, list):
            return [self.reduced(item) for item in value if not self.is_no_value(item)]
        if isinstance(value, str):
            return re.sub(r"\$\{(\w+)(\.[\w.]+)?\}",
                          lambda found: found[0][2:-1].lower() if found[1] in self.dropped else found[0], value)
        if not isinstance(value, dict):
            return value
        if value.get("Ref") in self.dropped:
            return value["Ref"].lower()
        if isinstance(value.get("Fn::GetAtt"), list) and value["Fn::GetAtt"][0] in self.dropped:
            return ".".join(value["Fn::GetAtt"]).lower()
        return {key: self.reduced(item) for key, item in value.items()}

    def is_no_value(self, item):
        if not isinstance(item, dict) or "Fn::If" not in item:
            return False
        name, yes, no = item["Fn::If"]
        chosen = yes if self.holds(template_condition(self.body, name)) else no
        return chosen == {"Ref": "AWS::NoValue"}


def template_condition(body, name):
    return body["Conditions"][name]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Elsewhere:
    """As much of a scenario's stack as its database needs."""

    def __init__(self, directory):
        self.directory = directory

    def log(self, name):
        return self.directory / f"{name}.log"


class SimulatedAWS:
    """moto's server on loopback; it verifies no signature and keeps everything in memory."""

    DEADLINE_SECONDS = 60

    def __enter__(self):
        self.port = free_port()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}"
        end = time.monotonic() + self.DEADLINE_SECONDS
        while True:
            try:
                urllib.request.urlopen(self.url + "/moto-api/", timeout=5).read()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise AssertionError("moto did not start:\n" + self.output())
                time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]

    @property
    def environment(self):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {**kept, "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_CONFIG_FILE": "/dev/null", "AWS_PAGER": ""}

    def run(self, *command, check=True):
        done = subprocess.run([str(part) for part in command], env=self.environment, text=True, capture_output=True,
                              timeout=300)
        if check and done.returncode != 0:
            raise AssertionError(f"{command[:3]} ended with {done.returncode}: {done.stdout}{done.stderr}\n{self.output()}")
        return done

    def client(self, service, region=REGION):
        return boto3.client(service, endpoint_url=self.url, region_name=region, aws_access_key_id="test",
                            aws_secret_access_key="test")
