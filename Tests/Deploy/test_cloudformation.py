"""CloudFormation's templates: clean, exact in what they allow, closed to what comes in, and deployable."""
import base64
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from stage import DEPLOY, REGION, ROOT, TEMPLATES, Reduced, SimulatedAWS, actions, statements, template

NAMES = ["hub.yaml", "spoke.yaml", "staging-account.yaml"]
GROUPS = {"DRSOrchestrationAdmin", "DRSRecoveryManager", "DRSPlanManager", "DRSOperator", "DRSReadOnly"}
EXTERNAL_ID = "0123456789abcdef0123456789abcdef"
# Up to here CloudFormation takes a template without a bucket (AWS CloudFormation quotas).
MOST_BYTES = 51_200


class Templates(unittest.TestCase):
    def test_are_clean(self):
        done = subprocess.run(["cfn-lint", *(str(TEMPLATES / name) for name in NAMES)], text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_need_no_bucket(self):
        for name in NAMES:
            self.assertLess((TEMPLATES / name).stat().st_size, MOST_BYTES, name)

    def test_say_what_each_parameter_and_output_is_for(self):
        for name in NAMES:
            body = template(name)
            for kind in ("Parameters", "Outputs"):
                for key, value in body[kind].items():
                    self.assertGreater(len(value.get("Description", "")), 10, f"{name}: {kind}.{key}")
            listed = [parameter for group in body.get("Metadata", {}).get("AWS::CloudFormation::Interface", {})
                      .get("ParameterGroups", []) for parameter in group["Parameters"]]
            if listed:
                self.assertEqual(sorted(listed), sorted(body["Parameters"]), name)

    def test_allow_the_recovery_role_exactly_what_the_code_calls(self):
        policy = json.loads((DEPLOY / "IAM/recovery-role-policy.json").read_text())
        role = template("spoke.yaml")["Resources"]["RecoveryRole"]
        for wanted, given in zip(policy["Statement"], statements(role), strict=True):
            self.assertEqual((given["Sid"], given["Action"]), (wanted["Sid"], wanted["Action"]))
            self.assertEqual(given.get("Condition"), wanted.get("Condition"), wanted["Sid"])

    def test_let_nobody_assume_the_recovery_role_without_the_external_id(self):
        wanted = json.loads((DEPLOY / "IAM/recovery-role-trust.json").read_text())["Statement"][0]
        for name in ("spoke.yaml", "staging-account.yaml"):
            trust = template(name)["Resources"]["RecoveryRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(len(trust), 1)
            self.assertEqual(trust[0]["Action"], wanted["Action"])
            self.assertEqual(trust[0]["Condition"], {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}})

    def test_let_the_spoke_assume_the_recovery_roles_and_nothing_else(self):
        policy = json.loads((DEPLOY / "IAM/spoke-policy.json").read_text())["Statement"][0]
        given = next(statements(template("spoke.yaml")["Resources"]["SpokeRole"]))
        self.assertEqual(given["Action"], policy["Action"])
        self.assertEqual(given["Resource"]["Fn::Sub"].replace("${AWS::Partition}", "aws"), policy["Resource"])

    def test_only_read_in_a_staging_account(self):
        policy = json.loads((DEPLOY / "IAM/recovery-role-policy.json").read_text())
        reads = next(s for s in policy["Statement"] if s["Sid"] == "WhatMusterReads")
        self.assertEqual(actions(template("staging-account.yaml")["Resources"]["RecoveryRole"]), set(reads["Action"]))

    def test_let_nothing_come_in_to_a_spoke(self):
        for name, resource in template("spoke.yaml")["Resources"].items():
            self.assertNotIn("SecurityGroupIngress", resource["Type"] + str(list(resource.get("Properties", []))), name)
            self.assertNotIn("Listener", resource["Type"])

    def test_let_only_the_balancer_reach_the_hub_and_only_the_hub_the_database(self):
        resources = template("hub.yaml")["Resources"]
        for group, source in (("HubGroup", "BalancerGroup"), ("DatabaseGroup", "HubGroup")):
            rules = resources[group]["Properties"]["SecurityGroupIngress"]
            self.assertEqual([rule["SourceSecurityGroupId"] for rule in rules], [{"Ref": source}])
        self.assertTrue(all(resources[name]["Properties"]["PubliclyAccessible"] is False
                            for name in ("DatabaseInstanceA", "DatabaseInstanceB")))

    def test_give_the_hub_no_password_of_the_tables_owner(self):
        containers = template("hub.yaml")["Resources"]["HubTask"]["Properties"]["ContainerDefinitions"]
        secrets = {c["Name"]: {s["Name"] for s in c["Secrets"]} for c in containers if "Secrets" in c}
        self.assertIn("MUSTER_DATABASE_OWNER_URL", secrets["migrate"])
        self.assertNotIn("MUSTER_DATABASE_OWNER_URL", secrets["hub"])

    def test_wake_somebody_by_every_alarm(self):
        alarms = {name: resource["Properties"] for name, resource in template("hub.yaml")["Resources"].items()
                  if resource["Type"] == "AWS::CloudWatch::Alarm"}
        self.assertGreaterEqual(len(alarms), 6)
        for name, alarm in alarms.items():
            self.assertEqual(alarm["AlarmActions"], [{"Ref": "AlarmTopic"}], name)
            self.assertGreater(len(alarm["AlarmDescription"]), 40, name)

    def test_set_only_keys_that_the_hub_and_the_spoke_know(self):
        known = (ROOT / "Docs/Operating.md").read_text() + (ROOT / "Sources/Hub/Configuration/HubConfiguration.swift").read_text()
        for name, task in (("hub.yaml", "HubTask"), ("spoke.yaml", "SpokeTask")):
            for container in template(name)["Resources"][task]["Properties"]["ContainerDefinitions"]:
                for entry in container.get("Environment", []) + container.get("Secrets", []):
                    if entry["Name"].startswith("MUSTER_"):
                        self.assertIn(f"`{entry['Name']}`", known)

    def test_keep_the_five_groups_and_what_is_said_of_the_browsers_client(self):
        resources = template("hub.yaml")["Resources"]
        groups = {r["Properties"]["GroupName"] for r in resources.values() if r["Type"] == "AWS::Cognito::UserPoolGroup"}
        self.assertEqual(groups, GROUPS)
        client = resources["BrowserClient"]["Properties"]
        guide = (ROOT / "Docs/Guides/sign-in.md").read_text()
        self.assertEqual((client["AccessTokenValidity"], client["RefreshTokenValidity"]), (15, 12))
        self.assertEqual((client["AllowedOAuthFlows"], client["RefreshTokenRotation"]["Feature"]), (["code"], "ENABLED"))
        for address in client["CallbackURLs"] + client["LogoutURLs"]:
            self.assertIn(address["Fn::Sub"].replace("${DomainName}", "muster.example.com"), guide)

    def test_make_a_key_of_32_bytes_and_addresses_that_libpq_reads(self):
        resources = template("hub.yaml")["Resources"]
        material = resources["KeyMaterial"]["Properties"]["GenerateSecretString"]
        self.assertTrue(material["ExcludePunctuation"])
        made = resources["SecretKeys"]["Properties"]["SecretString"]["Fn::Sub"]
        key = made.replace("{{resolve:secretsmanager:${KeyMaterial}:SecretString}}", "x" * material["PasswordLength"])
        self.assertEqual(len(base64.b64decode(key, validate=True)), 32)
        for name, role in (("DatabaseUrl", "muster_hub"), ("DatabaseOwnerUrl", "muster_owner")):
            address = resources[name]["Properties"]["SecretString"]["Fn::Sub"][0]
            self.assertRegex(address, rf"^postgresql://{role}:.+@.+:5432/muster\?sslmode=verify-full&sslrootcert=")

    def test_have_the_outputs_that_people_expect(self):
        self.assertLessEqual({"ConsoleURL", "ApiEndpoint", "UserPoolId", "UserPoolClientId"},
                             set(template("hub.yaml")["Outputs"]))


class Deployment(unittest.TestCase):
    """By the command that people use, into moto, as far as moto knows what is asked for (stage.Reduced)."""

    @classmethod
    def setUpClass(cls):
        cls.cloud = cls.enterClassContext(SimulatedAWS())
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        shutil.copy(TEMPLATES / "deploy", cls.folder)
        cls.formation = cls.cloud.client("cloudformation")

    def deploy(self, file, parameters, *words):
        reduced = Reduced(file, parameters)
        (self.folder / file).write_text(json.dumps(reduced.body))
        self.cloud.run(self.folder / "deploy", *words, "--region", REGION)

    def made(self, stack):
        """What was made, by its name in the template. (moto does not work out the outputs of a change set.)"""
        described = self.formation.describe_stacks(StackName=stack)["Stacks"][0]
        self.assertIn(described["StackStatus"], ("CREATE_COMPLETE", "UPDATE_COMPLETE"))
        listed = self.formation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in listed}

    def test_a_hub_is_deployed_by_one_command(self):
        certificate = self.cloud.client("acm").request_certificate(DomainName="muster.example.com")["CertificateArn"]
        self.deploy("hub.yaml", {"CertificateArn": certificate}, "hub", "--domain", "muster.example.com", "--certificate",
                    certificate, "--admin", "ada@example.com", "--image", "example.com/muster:1")
        made = self.made("muster")
        balancers = self.cloud.client("elbv2")
        listeners = balancers.describe_listeners(LoadBalancerArn=made["Balancer"])["Listeners"]
        self.assertEqual({(one["Protocol"], one["DefaultActions"][0]["Type"]) for one in listeners},
                         {("HTTPS", "forward"), ("HTTP", "redirect")})
        rules = balancers.describe_rules(ListenerArn=made["HttpsListener"])["Rules"]
        self.assertIn("/metrics", str(rules), "what operators read is not for the world")
        service = self.cloud.client("ecs").describe_services(cluster=made["Cluster"], services=[made["HubTasks"]])
        self.assertEqual(service["services"][0]["desiredCount"], 2)
        self.check_task("example.com/muster:1")

    def test_an_upgrade_changes_the_image_and_keeps_every_other_parameter(self):
        """By what is asked of AWS: moto cannot update a stack of these resources."""
        done = self.cloud.run(TEMPLATES / "deploy", "hub", "--image", "example.com/muster:2", "--region", REGION, "--dry-run")
        self.assertTrue(done.stdout.rstrip().endswith("--parameter-overrides Image=example.com/muster:2"), done.stdout)

    def check_task(self, image):
        containers = self.cloud.client("ecs")
        named = containers.list_task_definitions(familyPrefix="muster-hub", sort="DESC")["taskDefinitionArns"][0]
        task = containers.describe_task_definition(taskDefinition=named)["taskDefinition"]
        hub = next(c for c in task["containerDefinitions"] if c["name"] == "hub")
        self.assertEqual(hub["image"], image)
        variables = {entry["name"]: entry["value"] for entry in hub["environment"]}
        self.assertEqual(variables["MUSTER_PUBLIC_URL"], "https://muster.example.com")

    def test_a_spoke_is_deployed_in_each_of_its_forms(self):
        subnet = self.cloud.client("ec2").describe_subnets()["Subnets"][0]
        place = ["--vpc", subnet["VpcId"], "--subnets", subnet["SubnetId"], "--hub", "https://muster.example.com"]
        forms = {"fargate": [*place, "--image", "example.com/muster:1"],
                 "ec2": [*place, "--package", "https://example.com/muster.deb", "ImageId=ami-12c6146b"],
                 "nothing": ["--spoke-role", "arn:aws:iam::999900001111:role/MusterSpoke"]}
        for form, words in forms.items():
            with self.subTest(form):
                self.deploy("spoke.yaml", {"RunsAs": form}, "spoke", "--stack", f"spoke-{form}", "--run", form,
                            "--external-id", EXTERNAL_ID, *words)
                self.assertIn("RecoveryRole", self.made(f"spoke-{form}"))
                trust = self.cloud.client("iam").get_role(RoleName="MusterRecovery")["Role"]["AssumeRolePolicyDocument"]
                self.assertEqual(trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"], EXTERNAL_ID)
                self.formation.delete_stack(StackName=f"spoke-{form}")

    def test_a_command_that_lacks_something_says_what(self):
        role = "arn:aws:iam::999900001111:role/MusterSpoke"
        for words, said in (([], "deploy hub"), (["hub", "--domain"], "--domain wants a value"), (["hub", "--x", "y"], "--x"),
                            (["accounts", "--ids", "12", "--spoke-role", role], "12 digits"), (["promote"], "--global-cluster")):
            done = self.cloud.run(TEMPLATES / "deploy", *words, check=False)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
