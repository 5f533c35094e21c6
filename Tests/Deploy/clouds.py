"""AWS for the documents' commands of CloudFormation: moto, and the templates as it can work through them."""
import json
import urllib.request

from stage import REGION, Reduced


def connect(walk, shell):
    keys = {key: value for key, value in walk.moto().environment.items() if key.startswith("AWS_")}
    shell.run("export " + " ".join(f"{key}={value!r}" for key, value in keys.items()))


def prepare(walk, shell, name, region=REGION, **parameters):
    """The template in the place where the command finds it, in a cloud without stacks, for moto updates none."""
    urllib.request.urlopen(urllib.request.Request(f"{walk.moto().url}/moto-api/reset", method="POST"), timeout=60).read()
    connect(walk, shell)
    if "HostedZoneId" in parameters:
        parameters["HostedZoneId"] = zone(walk)
    body = Reduced(name, parameters).body
    listener = body["Resources"].get("HttpsListener")
    if listener:
        # moto makes a certificate, and then does not know its address.
        made = walk.moto().client("acm", region).request_certificate(DomainName="muster.example.com")
        listener["Properties"]["Certificates"] = [{"CertificateArn": made["CertificateArn"]}]
    (shell.directory / "Deploy/CloudFormation" / name).write_text(json.dumps(body))


def zone(walk):
    zones = walk.moto().client("route53")
    made = zones.list_hosted_zones()["HostedZones"]
    if not made:
        made = [zones.create_hosted_zone(Name="example.com", CallerReference="walk")["HostedZone"]]
    return made[0]["Id"].rsplit("/", 1)[1]


def a_hub(walk, shell):
    prepare(walk, shell, "hub.yaml", HostedZoneId=None, GlobalClusterName="muster", StandbyRegion="eu-west-1")


def a_standby(walk, shell):
    prepare(walk, shell, "hub.yaml", "eu-west-1", HostedZoneId=None, Standing="standby", PrimaryStackName="muster",
            Replicas="0", GlobalClusterName="muster")


def a_spoke(walk, shell):
    prepare(walk, shell, "spoke.yaml", RunsAs="fargate")
    shell.run(f"export AWS_REGION={REGION}")


def many_accounts(walk, shell):
    prepare(walk, shell, "spoke.yaml")


def a_dashboard(walk, shell):
    connect(walk, shell)
