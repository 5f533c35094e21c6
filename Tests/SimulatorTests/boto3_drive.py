#!/usr/bin/env python3
"""Drives every operation that the simulator offers with boto3, a client that was not written for it.

    boto3_drive.py http://127.0.0.1:9090

botocore signs and validates as it does against AWS, with its own models of the services. The last check asks the
simulator what it offers and which of that nobody called: an operation without a test fails by its name.
"""
import concurrent.futures
import datetime
import json
import re
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, EndpointConnectionError

ORIGIN = sys.argv[1]
EAST = {"aws_access_key_id": "AKIASIMSPOKEEAST0001", "aws_secret_access_key": "simulated-secret-of-spoke-east"}
WEST = {"aws_access_key_id": "AKIASIMSPOKEWEST0001", "aws_secret_access_key": "simulated-secret-of-spoke-west"}
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=20, connect_timeout=5)
SHOP, PAYMENTS, DEPOT = "111122223333", "444455556666", "777788889999"
failures = []


def check(what, holds):
    print(("  yes  " if holds else "  NO   ") + what)
    if not holds:
        failures.append(what)


def control(method, path, body=None, headers=None):
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(ORIGIN + path, method=method, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def client(service, credentials, region="us-east-1", config=ONCE):
    return boto3.client(service, region_name=region, endpoint_url=ORIGIN, config=config, **credentials)


def refused(what, code, status, call, **arguments):
    """The call is refused with this code and status; answers the error."""
    try:
        call(**arguments)
        check(f"{what}: refused with {code}", False)
    except ClientError as error:
        got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        check(f"{what}: {status} {code}" + ("" if got == (code, status) else f", got {got}"), got == (code, status))
        return error.response


def assume(account, external, principal=EAST, region="us-east-1"):
    answer = client("sts", principal, region).assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/MusterRecovery", RoleSessionName="muster", ExternalId=external,
        DurationSeconds=900)
    got = answer["Credentials"]
    return {"aws_access_key_id": got["AccessKeyId"], "aws_secret_access_key": got["SecretAccessKey"],
            "aws_session_token": got["SessionToken"]}


def wait(what, test, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = test()
        if value:
            return value
        time.sleep(0.05)
    check(f"within {seconds} s: {what}", False)
    sys.exit(1)


def pages(call, **arguments):
    items, token, count = [], None, 0
    while True:
        answer = call(**arguments, **({"nextToken": token} if token else {}))
        items += answer["items"]
        count += 1
        token = answer.get("nextToken")
        if not token:
            return items, count


def ended(drs, job):
    return wait("the job ends", lambda: (lambda j: j if j["status"] == "COMPLETED" else None)(
        drs.describe_jobs(filters={"jobIDs": [job]})["items"][0]))


print("STS")
sts = client("sts", EAST)
me = sts.get_caller_identity()
check("GetCallerIdentity shows the assumed role", me["Account"] == "999900001111" and
      me["Arn"].startswith("arn:aws:sts::999900001111:assumed-role/MusterSpokeEast/"))
refused("AssumeRole before the account trusts anybody", "AccessDenied", 403, sts.assume_role,
        RoleArn=f"arn:aws:iam::{SHOP}:role/MusterRecovery", RoleSessionName="muster", ExternalId="x1")
for account in (SHOP, PAYMENTS, DEPOT):
    check(f"{account} is told its external ID", control("POST", f"/simulator/accounts/{account}", {"externalId": f"ext-{account}"})[0] == 200)
refused("AssumeRole with another external ID", "AccessDenied", 403, sts.assume_role,
        RoleArn=f"arn:aws:iam::{SHOP}:role/MusterRecovery", RoleSessionName="muster", ExternalId="wrong")
refused("AssumeRole without one", "AccessDenied", 403, sts.assume_role,
        RoleArn=f"arn:aws:iam::{SHOP}:role/MusterRecovery", RoleSessionName="muster")
refused("AssumeRole by a principal that is not trusted", "AccessDenied", 403, client("sts", WEST).assume_role,
        RoleArn=f"arn:aws:iam::{SHOP}:role/MusterRecovery", RoleSessionName="muster", ExternalId=f"ext-{SHOP}")
refused("AssumeRole in an account that does not exist", "AccessDenied", 403, sts.assume_role,
        RoleArn="arn:aws:iam::000000000000:role/MusterRecovery", RoleSessionName="muster", ExternalId="x1")
refused("AssumeRole of another role", "AccessDenied", 403, sts.assume_role,
        RoleArn=f"arn:aws:iam::{SHOP}:role/Other", RoleSessionName="muster", ExternalId=f"ext-{SHOP}")
refused("a wrong secret", "SignatureDoesNotMatch", 403, client("sts", {**EAST, "aws_secret_access_key": "wrong"}).get_caller_identity)
refused("an unknown key", "InvalidClientTokenId", 403, client("sts", {**EAST, "aws_access_key_id": "AKIANOBODY"}).get_caller_identity)
shop = assume(SHOP, f"ext-{SHOP}")
depot = assume(DEPOT, f"ext-{DEPOT}", WEST, "eu-west-1")
payments = assume(PAYMENTS, f"ext-{PAYMENTS}")
check("the role's own identity", client("sts", shop).get_caller_identity()["Arn"] == f"arn:aws:sts::{SHOP}:assumed-role/MusterRecovery/muster")
refused("a token that is not the key's", "InvalidClientTokenId", 403, client("sts", {**shop, "aws_session_token": "x"}).get_caller_identity)
refused("DRS with a wrong secret", "InvalidSignatureException", 403, client("drs", {**shop, "aws_secret_access_key": "wrong"}).describe_source_servers)
refused("DRS with an unknown key", "UnrecognizedClientException", 403, client("drs", {**shop, "aws_access_key_id": "ASIANOBODY"}).describe_source_servers)

print("DRS: servers")
drs = client("drs", shop)
servers, count = pages(drs.describe_source_servers, maxResults=3)
check("10 servers in pages of 3", len(servers) == 10 and count == 4 and len({s["sourceServerID"] for s in servers}) == 10)
check("their tags, state and life", all(s["tags"]["application"] == "shop" and s["dataReplicationInfo"]["dataReplicationState"] == "CONTINUOUS"
      and s["lifeCycle"]["lastLaunch"] == {"initiated": {}} and s["lastLaunchResult"] == "NOT_STARTED" for s in servers))
check("lag in ISO 8601", {s["dataReplicationInfo"]["lagDuration"] for s in servers} == {"P0D", "PT2.500S"})
by_tier = {}
for server in servers:
    by_tier.setdefault(server["tags"]["tier"], []).append(server["sourceServerID"])
check("three tiers", {k: len(v) for k, v in by_tier.items()} == {"database": 2, "application": 4, "web": 4})
databases = by_tier["database"]
check("a filter by ID", len(drs.describe_source_servers(filters={"sourceServerIDs": databases})["items"]) == 2)
check("a filter by staging account", drs.describe_source_servers(filters={"stagingAccountIDs": [PAYMENTS]})["items"] == [])
snapshots, _ = pages(drs.describe_recovery_snapshots, sourceServerID=databases[0], order="DESC")
times = [s["expectedTimestamp"] for s in snapshots]
check("recovery points, newest first, in DRS's own form of time", len(times) > 30 and times == sorted(times, reverse=True)
      and all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", t) for t in times))
check("a launch configuration", drs.get_launch_configuration(sourceServerID=databases[0])["launchDisposition"] == "STARTED")
check("changed", drs.update_launch_configuration(sourceServerID=databases[1], launchDisposition="STOPPED")["launchDisposition"] == "STOPPED")
refused("a snapshot of nobody", "ResourceNotFoundException", 404, drs.describe_recovery_snapshots, sourceServerID="s-" + "0" * 17)
refused("a bad token", "ValidationException", 400, drs.describe_source_servers, nextToken="nonsense")

print("DRS: an uninitialised Region")
west = client("drs", payments, "eu-west-1")
refused("discovery", "UninitializedAccountException", 400, west.describe_source_servers)
refused("jobs", "UninitializedAccountException", 400, west.describe_jobs)
check("InitializeService", west.initialize_service()["ResponseMetadata"]["HTTPStatusCode"] == 204)
check("then it is empty", west.describe_source_servers()["items"] == [])

print("DRS: a drill")
before = datetime.datetime.now(datetime.timezone.utc)
answer = drs.start_recovery(sourceServers=[{"sourceServerID": s} for s in databases], isDrill=True, tags={"muster:command": "c1"})
job = answer["job"]
check("202, PENDING", answer["ResponseMetadata"]["HTTPStatusCode"] == 202 and job["status"] == "PENDING"
      and job["initiatedBy"] == "START_DRILL" and {p["launchStatus"] for p in job["participatingServers"]} == {"PENDING"})
refused("the same servers again", "ConflictException", 409, drs.start_recovery, sourceServers=[{"sourceServerID": databases[0]}])
wait("it starts", lambda: drs.describe_jobs(filters={"jobIDs": [job["jobID"]]})["items"][0]["status"] == "STARTED")
done = ended(drs, job["jobID"])
check("COMPLETED, all LAUNCHED, with instances", {p["launchStatus"] for p in done["participatingServers"]} == {"LAUNCHED"}
      and all(p["recoveryInstanceID"].startswith("i-") for p in done["participatingServers"]) and done["tags"] == {"muster:command": "c1"})
log, count = pages(drs.describe_job_log_items, jobID=job["jobID"], maxResults=5)
events = [item["event"] for item in log]
check("its log in pages", count == 3 and events[0] == "JOB_START" and events[-1] == "JOB_END" and events.count("LAUNCH_END") == 2
      and events.count("CONVERSION_START") == 2 and events.count("SNAPSHOT_END") == 2 and len(events) == 14)
stamps = [datetime.datetime.fromisoformat(item["logDateTime"]) for item in log]
check("in order, by the wall clock", stamps == sorted(stamps) and before - datetime.timedelta(seconds=1) <= stamps[0] <= stamps[-1] <= datetime.datetime.now(datetime.timezone.utc))
check("LAUNCH_END names the instance", {i["eventData"]["targetInstanceID"] for i in log if i["event"] == "LAUNCH_END"} == {p["recoveryInstanceID"] for p in done["participatingServers"]})
found = drs.describe_recovery_instances(filters={"sourceServerIDs": databases})["items"]
check("recovery instances of the job", len(found) == 2 and all(i["jobID"] == job["jobID"] and i["isDrill"] for i in found))
check("a STOPPED disposition is LAUNCHED all the same", {i["sourceServerID"]: i["ec2InstanceState"] for i in found} == {databases[0]: "RUNNING", databases[1]: "STOPPED"})
check("the server shows its launch", drs.describe_source_servers(filters={"sourceServerIDs": databases[:1]})["items"][0]["lifeCycle"]["lastLaunch"]["status"] == "LAUNCHED")
first = {i["sourceServerID"]: i["recoveryInstanceID"] for i in found}

print("EC2")
ec2 = client("ec2", shop)
instances = [i for r in ec2.describe_instances(InstanceIds=list(first.values()))["Reservations"] for i in r["Instances"]]
check("DescribeInstances", {i["InstanceId"]: i["State"]["Name"] for i in instances} == {first[databases[0]]: "running", first[databases[1]]: "stopped"})
check("tags and address", all(i["PrivateIpAddress"].startswith("10.") and {"Key": "AWSElasticDisasterRecoveryManaged", "Value": "drs.amazonaws.com"} in i["Tags"] for i in instances))
check("a filter", len(ec2.describe_instances(Filters=[{"Name": "tag:tier", "Values": ["database"]}, {"Name": "instance-state-name", "Values": ["running"]}])["Reservations"]) == 1)
wait("status checks pass", lambda: [s["InstanceStatus"]["Status"] for s in ec2.describe_instance_status(InstanceIds=[first[databases[0]]])["InstanceStatuses"]] == ["ok"])
check("all instances' status", len(ec2.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]) == 2)
check("DescribeRegions", "eu-west-1" in {r["RegionName"] for r in ec2.describe_regions()["Regions"]})
refused("an instance of nobody", "InvalidInstanceID.NotFound", 400, ec2.describe_instances, InstanceIds=["i-00000000000000000"])

print("DRS: a second drill cleans up the first")
again = drs.start_recovery(sourceServers=[{"sourceServerID": databases[0], "recoverySnapshotID": snapshots[0]["snapshotID"]}], isDrill=True)["job"]
ended(drs, again["jobID"])
events = [i["event"] for i in pages(drs.describe_job_log_items, jobID=again["jobID"])[0]]
check("CLEANUP comes first", events[:3] == ["JOB_START", "CLEANUP_START", "CLEANUP_END"])
found = drs.describe_recovery_instances(filters={"sourceServerIDs": databases[:1]})["items"]
check("one instance, another one", len(found) == 1 and found[0]["recoveryInstanceID"] != first[databases[0]] and found[0]["pointInTimeSnapshotDateTime"] == snapshots[0]["expectedTimestamp"])
check("EC2 shows the old one terminated", [i["State"]["Name"] for r in ec2.describe_instances(InstanceIds=[first[databases[0]]])["Reservations"] for i in r["Instances"]] == ["terminated"])
jobs, _ = pages(drs.describe_jobs, maxResults=1)
check("jobs newest first", [j["jobID"] for j in jobs] == [again["jobID"], job["jobID"]])
check("jobs by time", [j["jobID"] for j in drs.describe_jobs(filters={"fromDate": again["creationDateTime"]})["items"]] == [again["jobID"]])

print("DRS: a partial failure")
web = by_tier["web"]
control("POST", f"/simulator/servers/{web[0]}", {"failure": {"ending": "LAUNCH_FAILED", "launches": 1}})
control("POST", f"/simulator/servers/{web[1]}", {"failure": {"ending": "CONVERSION_FAIL", "launches": 1}})
control("POST", f"/simulator/servers/{web[2]}", {"failure": {"ending": "SNAPSHOT_FAIL", "launches": 1}})
partial = ended(drs, drs.start_recovery(sourceServers=[{"sourceServerID": s} for s in web], isDrill=True)["job"]["jobID"])
check("COMPLETED, with the failures a server each", {p["sourceServerID"]: p["launchStatus"] for p in partial["participatingServers"]}
      == {web[0]: "FAILED", web[1]: "FAILED", web[2]: "FAILED", web[3]: "LAUNCHED"})
log = pages(drs.describe_job_log_items, jobID=partial["jobID"])[0]
check("the log says why", {i["event"] for i in log if "rawError" in i["eventData"]} == {"LAUNCH_FAILED", "CONVERSION_FAIL", "SNAPSHOT_FAIL"})

print("DRS: what cannot be launched")
control("POST", f"/simulator/servers/{web[0]}", {"replication": "STOPPED"})
refused("a stopped replication", "ValidationException", 400, drs.start_recovery, sourceServers=[{"sourceServerID": web[0]}])
control("POST", f"/simulator/servers/{web[0]}", {"replication": "STALLED", "behindForSeconds": 7200})
stalled = drs.describe_source_servers(filters={"sourceServerIDs": [web[0]]})["items"][0]["dataReplicationInfo"]
check("a stalled one is behind", stalled["dataReplicationState"] == "STALLED" and stalled["lagDuration"].startswith("PT2H"))
late = drs.start_recovery(sourceServers=[{"sourceServerID": web[0]}], isDrill=True)["job"]["jobID"]
ended(drs, late)
check("a stalled one uses the previous snapshot", "USING_PREVIOUS_SNAPSHOT" in {i["event"] for i in pages(drs.describe_job_log_items, jobID=late)[0]})
refused("a server of nobody", "ResourceNotFoundException", 404, drs.start_recovery, sourceServers=[{"sourceServerID": "s-" + "0" * 17}])
refused("a snapshot of nobody", "ResourceNotFoundException", 404, drs.start_recovery, sourceServers=[{"sourceServerID": web[1], "recoverySnapshotID": "pit-" + "0" * 17}])
refused("a server twice", "ValidationException", 400, drs.start_recovery, sourceServers=[{"sourceServerID": web[1]}] * 2)

print("DRS: quotas")
status, _ = control("POST", f"/simulator/regions/{DEPOT}/eu-west-1", {"quotas": {"concurrentJobs": 2, "serversPerJob": 3, "serversInAllJobs": 4}})
far = client("drs", depot, "eu-west-1")
depots = [s["sourceServerID"] for s in pages(far.describe_source_servers)[0]]
error = refused("more servers than a job may have", "ServiceQuotaExceededException", 402, far.start_recovery, sourceServers=[{"sourceServerID": s} for s in depots[:4]])
check("the quota's code", error["quotaCode"] == "L-B827C881" and error["serviceCode"] == "drs")
status, foreign = control("POST", "/simulator/jobs", {"accountId": DEPOT, "region": "eu-west-1", "servers": 3})
check("a foreign job", status == 200 and len(foreign["jobs"][0]["servers"]) == 3)
rest = [s for s in depots if s not in foreign["jobs"][0]["servers"]]
error = refused("more servers than all jobs may have", "ServiceQuotaExceededException", 402, far.start_recovery, sourceServers=[{"sourceServerID": s} for s in rest[:2]])
check("the quota's code", error["quotaCode"] == "L-05AFA8C6")
far.start_recovery(sourceServers=[{"sourceServerID": rest[0]}])
control("POST", f"/simulator/regions/{DEPOT}/eu-west-1", {"quotas": {"serversInAllJobs": 500}})
error = refused("more jobs than may run", "ServiceQuotaExceededException", 402, far.start_recovery, sourceServers=[{"sourceServerID": rest[1]}])
check("the quota's code", error["quotaCode"] == "L-D88FAC3A")
refused("a conflict comes before a quota", "ConflictException", 409, far.start_recovery, sourceServers=[{"sourceServerID": rest[0]}])
quotas = client("service-quotas", depot, "eu-west-1")
check("ListServiceQuotas", {q["QuotaCode"]: q["Value"] for q in quotas.list_service_quotas(ServiceCode="drs")["Quotas"]}["L-B827C881"] == 3)
check("GetServiceQuota", quotas.get_service_quota(ServiceCode="drs", QuotaCode="L-D88FAC3A")["Quota"]["Value"] == 2)
refused("a quota of nobody", "NoSuchResourceException", 400, quotas.get_service_quota, ServiceCode="drs", QuotaCode="L-0")

print("DRS: recovery plans of its own")
check("none at first", drs.list_recovery_plans()["recoveryPlans"] == [] and drs.list_recovery_plan_executions()["recoveryPlanExecutions"] == [])
plan = drs.create_recovery_plan(name="Native 1", description="d", tags={"a": "b"})["recoveryPlan"]
named = {"recoveryPlanArn": plan["recoveryPlanArn"]}
check("CreateRecoveryPlan: INVALID without servers", plan["status"] == "INVALID" and plan["tags"] == {"a": "b"})
refused("a name twice", "ConflictException", 409, drs.create_recovery_plan, name="Native 1")
arns = [f"arn:aws:drs:us-east-1:{SHOP}:source-server/{s}" for s in by_tier["application"][:2]]
pause = {"waitStepConfiguration": {"waitDurationMinutes": 120}}
refused("a wait comes first", "ValidationException", 400, drs.create_recovery_plan_step, stepName="w", configuration=pause, **named)
refused("a server of nobody", "ValidationException", 400, drs.create_recovery_plan_step, stepName="s", configuration={"serverStepConfiguration": {"servers": [{"serverArn": arns[0][:-3] + "000"}]}}, **named)
for name, configuration in (("first", {"serverStepConfiguration": {"servers": [{"serverArn": arns[0]}]}}), ("breathe", pause),
                            ("last", {"serverStepConfiguration": {"servers": [{"serverArn": arns[1], "impactLevel": "OPTIONAL"}]}})):
    step = drs.create_recovery_plan_step(stepName=name, configuration=configuration, **named)["recoveryPlanStep"]
check("CreateRecoveryPlanStep", step["stepOrder"] == 3 and step["configuration"]["serverStepConfiguration"]["servers"][0]["impactLevel"] == "OPTIONAL")
refused("a server twice", "ValidationException", 400, drs.create_recovery_plan_step, stepName="again", configuration={"serverStepConfiguration": {"servers": [{"serverArn": arns[0]}]}}, **named)
check("ListRecoveryPlanSteps", [s["stepName"] for s in drs.list_recovery_plan_steps(**named)["recoveryPlanSteps"]] == ["first", "breathe", "last"])
check("GetRecoveryPlan: ACTIVE with servers", drs.get_recovery_plan(**named)["recoveryPlan"]["status"] == "ACTIVE")
check("ListRecoveryPlans", [p["name"] for p in drs.list_recovery_plans()["recoveryPlans"]] == ["Native 1"])
token = {"clientToken": "once"}
run = drs.start_recovery_plan_execution(mode="DRILL", **token, **named)["recoveryPlanExecution"]
check("StartRecoveryPlanExecution", run["status"] == "CREATED" and run["mode"] == "DRILL")
check("the same token, the same execution", drs.start_recovery_plan_execution(mode="DRILL", **token, **named)["recoveryPlanExecution"]["recoveryPlanExecutionArn"] == run["recoveryPlanExecutionArn"])
refused("a plan that runs", "ConflictException", 409, drs.start_recovery_plan_execution, mode="DRILL", **named)
refused("deleting a plan that runs", "ConflictException", 409, drs.delete_recovery_plan, **named)
started = {"recoveryPlanExecutionArn": run["recoveryPlanExecutionArn"]}
steps = lambda: drs.list_recovery_plan_execution_steps(**started)["recoveryPlanExecutionSteps"]
wait("its first step's job", lambda: "jobID" in steps()[0]["configuration"]["executionServerStepConfiguration"]["servers"][0])
native = steps()[0]["configuration"]["executionServerStepConfiguration"]["servers"][0]["jobID"]
check("an ordinary job", drs.describe_jobs(filters={"jobIDs": [native]})["items"][0]["participatingServers"][0]["sourceServerID"] == by_tier["application"][0])
active = lambda status: [e["recoveryPlanExecutionArn"] for e in drs.list_recovery_plan_executions(status=status)["recoveryPlanExecutions"]]
check("ListRecoveryPlanExecutions by status", active("IN_PROGRESS") == [run["recoveryPlanExecutionArn"]] and active("FAILED") == [])
wait("the wait begins", lambda: [s["status"] for s in steps()] == ["COMPLETED", "WAITING", "NOT_STARTED"])
check("CancelRecoveryPlanExecution", drs.cancel_recovery_plan_execution(**started)["recoveryPlanExecution"]["status"] == "CANCELLING")
check("GetRecoveryPlanExecution", drs.get_recovery_plan_execution(**started)["recoveryPlanExecution"]["status"] == "CANCELLED")
refused("cancelling what has ended", "ConflictException", 409, drs.cancel_recovery_plan_execution, **started)
check("DeleteRecoveryPlan", drs.delete_recovery_plan(**named)["recoveryPlanArn"] == plan["recoveryPlanArn"] and drs.list_recovery_plans()["recoveryPlans"] == [])
refused("a plan that is gone", "ResourceNotFoundException", 404, drs.get_recovery_plan, **named)

print("DRS: tags and jobs")
arn = done["arn"]
drs.tag_resource(resourceArn=arn, tags={"a": "1", "b:c": "x y/z"})
check("TagResource", drs.list_tags_for_resource(resourceArn=arn)["tags"] == {"muster:command": "c1", "a": "1", "b:c": "x y/z"})
drs.untag_resource(resourceArn=arn, tagKeys=["a", "muster:command"])
check("UntagResource", drs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b:c": "x y/z"})
refused("tags of nobody", "ResourceNotFoundException", 404, drs.list_tags_for_resource, resourceArn=f"arn:aws:drs:us-east-1:{SHOP}:job/drsjob-{'0' * 17}")
check("DeleteJob", drs.delete_job(jobID=arn.split("/")[1])["ResponseMetadata"]["HTTPStatusCode"] == 204)
refused("a deleted job's log", "ResourceNotFoundException", 404, drs.describe_job_log_items, jobID=arn.split("/")[1])

print("DRS: termination")
left, _ = pages(drs.describe_recovery_instances)
stop = drs.terminate_recovery_instances(recoveryInstanceIDs=[i["recoveryInstanceID"] for i in left])["job"]
check("a TERMINATE job", stop["type"] == "TERMINATE" and stop["initiatedBy"] == "TERMINATE_RECOVERY_INSTANCES")
refused("a server that is being terminated", "ConflictException", 409, drs.start_recovery, sourceServers=[{"sourceServerID": left[0]["sourceServerID"]}])
stopped = ended(drs, stop["jobID"])
check("TERMINATED", {p["launchStatus"] for p in stopped["participatingServers"]} == {"TERMINATED"})
check("DRS knows none any more", pages(drs.describe_recovery_instances)[0] == [])
refused("termination of what is gone", "ResourceNotFoundException", 404, drs.terminate_recovery_instances, recoveryInstanceIDs=[left[0]["recoveryInstanceID"]])
one = ended(drs, drs.start_recovery(sourceServers=[{"sourceServerID": databases[0]}])["job"]["jobID"])
check("a real recovery", one["initiatedBy"] == "START_RECOVERY")
instance = one["participatingServers"][0]["recoveryInstanceID"]
ec2.terminate_instances(InstanceIds=[instance])
check("terminated in EC2 alone", drs.describe_recovery_instances(filters={"recoveryInstanceIDs": [instance]})["items"][0]["ec2InstanceState"] in ("SHUTTING-DOWN", "TERMINATED"))

print("IAM and SNS")
iam = client("iam", shop)
results = iam.simulate_principal_policy(PolicySourceArn=f"arn:aws:iam::{SHOP}:role/MusterRecovery", ActionNames=["drs:StartRecovery", "ec2:RunInstances"])["EvaluationResults"]
check("SimulatePrincipalPolicy", {r["EvalActionName"]: r["EvalDecision"] for r in results} == {"drs:StartRecovery": "allowed", "ec2:RunInstances": "allowed"})
check("Publish", client("sns", shop).publish(TopicArn=f"arn:aws:sns:us-east-1:{SHOP}:drills", Subject="Drill", Message="It <ended> & all is well")["MessageId"] != "")
published = control("GET", "/simulator/state")[1]["publications"]
check("it is written down", published[0]["message"] == "It <ended> & all is well" and published[0]["subject"] == "Drill")

print("faults")
status, problem = control("POST", "/simulator/faults", {"action": "DROP_ANSWER", "colour": "blue"})
check("a bad rule is refused by name", status == 400 and problem["error"].startswith("colour: "))
control("POST", "/simulator/faults", [{"action": "DROP_ANSWER", "operation": "StartRecovery", "count": 1}, {"action": "DROP_REQUEST", "operation": "StartRecovery", "count": 1}])
starts = len(control("GET", "/simulator/state")[1]["starts"])
for what, more in (("an answer is dropped, the job runs", 1), ("a request is dropped, nothing runs", 1)):
    try:
        drs.start_recovery(sourceServers=[{"sourceServerID": by_tier["application"][0]}])
        check(what, False)
    except BotoCoreError as error:
        check(f"{what} ({type(error).__name__})", isinstance(error, (ConnectionClosedError, EndpointConnectionError)) and len(control("GET", "/simulator/state")[1]["starts"]) == starts + more)
control("DELETE", "/simulator/faults")
control("POST", "/simulator/faults", {"action": "THROTTLE", "service": "drs", "operation": "DescribeJobs", "count": 1, "retryAfterSeconds": 7})
error = refused("throttled", "ThrottlingException", 429, drs.describe_jobs)
check("Retry-After", error["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "7")
control("POST", "/simulator/faults", {"action": "TRUNCATE", "operation": "DescribeRegions", "count": 1})
try:
    ec2.describe_regions()
    check("a truncated answer", False)
except Exception as error:
    check(f"a truncated answer ({type(error).__name__})", not isinstance(error, ClientError))
control("POST", "/simulator/faults", {"action": "ERROR", "operation": "DescribeJobs", "status": 500, "code": "InternalServerException", "count": 1})
refused("an error of the server", "InternalServerException", 500, drs.describe_jobs)
control("POST", "/simulator/faults", {"action": "DELAY", "operation": "DescribeJobs", "milliseconds": 300, "count": 1})
began = time.monotonic()
drs.describe_jobs()
check("a delay", time.monotonic() - began >= 0.3)
control("POST", "/simulator/faults", {"action": "THROTTLE", "operation": "DescribeInstances", "count": 1})
refused("EC2 throttles in its own words", "RequestLimitExceeded", 503, ec2.describe_instances)
control("DELETE", "/simulator/faults")
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    def start_many(_):
        try:
            client("drs", shop).start_recovery(sourceServers=[{"sourceServerID": "s-" + "0" * 17}])
        except ClientError as error:
            return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPHeaders"].get("retry-after")
    codes = list(pool.map(start_many, range(60)))
check("the token bucket of StartRecovery runs out", ("ThrottlingException", "1") in codes and any(c == "ResourceNotFoundException" for c, _ in codes))

print("Cognito")
pool = "/us-east-1_MusterSim"
issuer = control("GET", pool + "/.well-known/openid-configuration")[1]
check("the issuer", issuer["issuer"] == ORIGIN + pool and control("GET", pool + "/.well-known/jwks.json")[1] == control("GET", "/cognito" + pool + "/.well-known/jwks.json")[1])
status, token = control("POST", pool + "/test/token", {"username": "ada", "groups": ["DRSOperator"], "expires_in": 60})
check("a token for a test", status == 200 and token["access_token"].count(".") == 2 and token["expires_in"] == 60)
form = {"Content-Type": "application/x-www-form-urlencoded"}
check("the same by a form", control("POST", pool + "/test/token", b"username=ada&groups=DRSOperator,DRSReadOnly", form)[0] == 200)
basic = {**form, "Authorization": "Basic bXVzdGVyLW1hY2hpbmU6bXVzdGVyLW1hY2hpbmUtc2VjcmV0"}
check("client_credentials", control("POST", "/oauth2/token", b"grant_type=client_credentials&scope=muster/read", basic)[0] == 200)
check("a wrong secret", control("POST", "/oauth2/token", b"grant_type=client_credentials&client_id=muster-machine&client_secret=no", form) == (400, {"error": "invalid_client"}))
check("a scope the client lacks", control("POST", "/oauth2/token", b"grant_type=client_credentials&scope=other", basic) == (400, {"error": "invalid_scope"}))
old = control("GET", pool + "/.well-known/jwks.json")[1]["keys"]
new = control("POST", pool + "/test/keys", {"keepOld": True})[1]["keys"]
check("rotation keeps the old key", len(old) == 1 and len(new) == 2 and new[0] == old[0])

print("the clock")
check("another speed", control("POST", "/simulator/clock", {"scale": 10000})[0] == 200)
# The bucket that ran out above fills by the machine's own clock: boto3 waits for it as any program would.
patient = client("drs", shop, config=Config(retries={"total_max_attempts": 12, "mode": "standard"}))
fast = patient.start_recovery(sourceServers=[{"sourceServerID": by_tier["application"][2]}])["job"]["jobID"]
began = time.monotonic()
ended(drs, fast)
check("a launch in an instant", time.monotonic() - began < 5)

state = control("GET", "/simulator/state")[1]
idle = [f"{service}:{name}" for service, names in state["offered"].items() for name in names if f"{service}:{name}" not in state["calls"]]
check(f"every operation was driven {idle or ''}", not idle)
print(f"{len(failures)} did not hold: {failures}" if failures else "everything held")
sys.exit(1 if failures else 0)
