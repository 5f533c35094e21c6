"""Runs moto, an independent stand-in for AWS, which verifies signatures here, until its input ends.

Prints one JSON line: where it listens, a user's access key, another that was taken away, a role, a topic, and instances.
Needs moto[server].
"""

import json
import os
import sys

# Making the world takes nine calls; from then on every signature is verified.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "9"
for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ[name] = "nobody"

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

REGION = "eu-west-1"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
}


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    iam, ec2, sns = (boto3.client(name, region_name=REGION, endpoint_url=endpoint) for name in ("iam", "ec2", "sns"))
    iam.create_user(UserName="spoke")
    iam.put_user_policy(UserName="spoke", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    key = iam.create_access_key(UserName="spoke")["AccessKey"]
    iam.create_user(UserName="former")
    revoked = iam.create_access_key(UserName="former")["AccessKey"]
    iam.delete_access_key(UserName="former", AccessKeyId=revoked["AccessKeyId"])
    role = iam.create_role(RoleName="Recovery", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    topic = sns.create_topic(Name="drills")["TopicArn"]
    run = ec2.run_instances(ImageId="ami-12c6146b", MinCount=3, MaxCount=3, InstanceType="t3.micro")
    world = {
        "endpoint": endpoint,
        "accessKey": key["AccessKeyId"],
        "secret": key["SecretAccessKey"],
        "revokedKey": revoked["AccessKeyId"],
        "revokedSecret": revoked["SecretAccessKey"],
        "role": role,
        "topic": topic,
        "instances": [instance["InstanceId"] for instance in run["Instances"]],
    }
    print(json.dumps(world), flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
