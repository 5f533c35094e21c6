"""An AWS and clients that nobody here has seen: only what the contract says may be relied on."""
import pathlib
import subprocess
import sys

from harness import Scenario, World, eventually, say

EAST, WEST, REGION = "111122223333", "777788889999", "us-east-1"
CLIENT = pathlib.Path(__file__).resolve().parent.parent / "Contract" / "first_drill.py"


class Strangers(Scenario):
    def test_a_client_written_to_the_contract_alone_passes_in_bad_weather(self):
        world = World(clock=100, pageSize=20, pageLimit=20)
        world.account(EAST, {REGION: 21, "eu-west-1": None}, ["east"]).account(WEST, {REGION: 4, "eu-west-1": 22}, ["west"])
        world.fault("DROP_ANSWER", operation="StartRecovery", count=2)
        world.fault("DROP_ANSWER", operation="TerminateRecoveryInstances", count=2)
        world.fault("THROTTLE", service="drs", probability=0.1, retryAfterSeconds=1)
        world.fault("ERROR", service="drs", status=500, probability=0.05)
        stack = self.run_stack(world)
        done = subprocess.run([sys.executable, CLIENT, "--hub", stack.hub.origin, "--token", stack.api.token,
                               "--seconds", "120"], capture_output=True, text=True, timeout=200)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("everything held", done.stdout)

    def test_an_aws_that_has_no_optional_calls_and_whose_quotas_nobody_tells_is_served_with_default_settings(self):
        world = World(clock=60, pageSize=20, pageLimit=20, omitsInstancesOfCompletedJobs=True)
        world.account(EAST, {REGION: 25}, ["east"], quotas={"concurrentJobs": 1})
        world.principals["east"].token = "a-session-token/of+a=container"
        for service in ("iam", "servicequotas", "sns"):
            world.fault("ERROR", service=service, status=501, code="NotImplemented", message="no such service")
        world.fault("DROP_ANSWER", operation="StartRecovery", count=1)
        stack = self.run_stack(world, spokes_too=False)
        origin = stack.simulator_origin
        # Endpoints one by one, credentials as a container gets them, and the cadence that everybody has.
        stack.add_spoke("east", more={
            "AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_STS": origin, "AWS_ENDPOINT_URL_DRS": origin,
            "AWS_ENDPOINT_URL_EC2": origin, "AWS_ENDPOINT_URL_IAM": origin, "AWS_ENDPOINT_URL_SERVICE_QUOTAS": origin,
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "MUSTER_SPOKE_POLL_MILLISECONDS": "",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{origin}/simulator/credentials/MusterSpokeEast"})
        stack.wait_inventory()
        api = stack.api
        servers = api.servers()
        groups = [api.group(f"branch-{n}", EAST, REGION, servers[n * 8:n * 8 + 8]) for n in range(3)]
        drill = api.start(api.plan("branches", [{"protectionGroupIds": [group], "dependsOnWaves": []} for group in groups],
                                   ordering="DEPENDENCIES"))
        drill.wait("a branch waits for quota", lambda e: any(
            (wave["waitingFor"] or {}).get("kind") == "QUOTA" for wave in e["waves"]), 40)
        drill.check_completed(drill.end(150))
        stack.quotas_kept(jobs=1)
        refused = stack.refusals("StartRecovery ServiceQuotaExceeded")
        say(f"{refused} starts were refused for a quota that nobody had told")
        self.assertLess(refused, 25)
        drill.terminate()
        drill.wait_terminated(90)
        self.assertEqual(stack.simulator_state()["instances"], [])


class Trust(Scenario):
    waits = True

    def test_an_account_whose_trust_is_set_up_late_comes_to_life_by_itself(self):
        stack = self.run_stack(World(clock=100).account(EAST, {REGION: 3}, ["east"]), spokes_too=False)
        right = stack.external_ids[EAST]
        stack.control("POST", f"accounts/{EAST}", {"externalId": "not-yet"})
        stack.add_spoke("east")
        problem = eventually("the hub knows that the account cannot be looked at", lambda: [
            row for row in stack.rows("SELECT problem_code, problem_text FROM inventory_sync") if row["problem_code"]], 30)
        self.assertTrue(problem[0]["problem_text"])
        self.assertNotIn(right, str(problem), "the external ID is not told")
        stack.control("POST", f"accounts/{EAST}", {"externalId": right})
        # A failure never latches: the next look, a minute later at most, finds the servers.
        stack.wait_inventory(75)
        for log in (stack.hub.program, stack.spokes["east"].program):
            self.assertNotIn(right, log.text(), "external IDs are not logged")
