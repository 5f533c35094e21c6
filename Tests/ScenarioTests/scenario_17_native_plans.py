"""DRS's own recovery plans: what they use is in use, by name, and only for as long."""
import sigv4
from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class NativePlans(Scenario):
    def set_up(self, **settings):
        # A native plan waits ten minutes between its steps, which takes long enough to look at.
        world = World(clock=60, **settings).account(ACCOUNT, {REGION: 6})
        self.stack = self.run_stack(world)
        self.api = self.stack.api
        self.servers = [server["sourceServerId"] for server in self.api.servers()]
        self.keys = sigv4.assume_role(self.stack.simulator_origin, world.principals["east"],
                                      f"arn:aws:iam::{ACCOUNT}:role/MusterRecovery", self.stack.external_ids[ACCOUNT])

    def drs(self, operation, **body):
        answer = sigv4.drs(self.stack.simulator_origin, self.keys, REGION, operation, body)
        self.assertIn(answer.status, (200, 201), answer)
        return answer.json

    def run_native(self, name, servers, minutes=120):
        plan = self.drs("CreateRecoveryPlan", name=name)["recoveryPlan"]["recoveryPlanArn"]
        arn = f"arn:aws:drs:{REGION}:{ACCOUNT}:source-server/"
        for number, step in enumerate((
                {"serverStepConfiguration": {"servers": [{"serverArn": arn + servers[0]}]}},
                {"waitStepConfiguration": {"waitDurationMinutes": minutes}},
                {"serverStepConfiguration": {"servers": [{"serverArn": arn + server} for server in servers[1:]]}})):
            self.drs("CreateRecoveryPlanStep", recoveryPlanArn=plan, stepName=f"step {number}", configuration=step)
        run = self.drs("StartRecoveryPlanExecution", recoveryPlanArn=plan, mode="DRILL")
        return run["recoveryPlanExecution"]["recoveryPlanExecutionArn"]

    def end_native(self, execution):
        """Cancels it; its running step goes on to its end."""
        self.drs("CancelRecoveryPlanExecution", recoveryPlanExecutionArn=execution)
        eventually("the native execution has ended", lambda: self.drs(
            "GetRecoveryPlanExecution", recoveryPlanExecutionArn=execution)["recoveryPlanExecution"]["status"] == "CANCELLED", 30)

    def refresh(self):
        self.api.post("/drs/source-servers/refresh", {"accountId": ACCOUNT, "region": REGION}, status=202)

    def test_a_native_plan_in_execution_refuses_a_start_by_name_and_after_its_end_it_starts(self):
        self.set_up()
        api, servers = self.api, self.servers
        plan = api.plan("ours", [[api.group("ours", ACCOUNT, REGION, servers[1:4])]])
        execution = self.run_native("Payroll of DRS", servers[:2])
        self.refresh()
        eventually("the plan shows the conflict", lambda: api.get(f"/recovery-plans/{plan}")["hasServerConflict"], 20)
        info = api.get(f"/recovery-plans/{plan}")["conflictInfo"]
        self.assertEqual((info["conflictingExecutionId"], info["conflictingServers"]), (execution, servers[1:2]))
        answer = api.call("POST", "/executions", {"planId": plan, "executionType": "DRILL"})
        self.assertEqual((answer.status, answer.code), (409, "SERVER_CONFLICT"), answer)
        named = [conflict for conflict in answer.json["conflicts"] if conflict["kind"] == "NATIVE_PLAN"]
        self.assertEqual([(c["id"], c["serverIds"], c["planName"]) for c in named],
                         [(execution, servers[1:2], "Payroll of DRS")])
        self.assertIn(named[0]["status"], ("CREATED", "IN_PROGRESS"))
        self.assertIn(execution, answer.json["detail"])
        validation = api.post(f"/recovery-plans/{plan}/validate", {}, status=200)
        self.assertFalse(validation["startable"])
        self.assertTrue(any(execution in problem["detail"] and problem["blocking"] for problem in validation["problems"]))
        self.assertEqual(api.every(f"/executions?planId={plan}"), [], "nothing half-written")

        self.end_native(execution)
        self.refresh()
        eventually("the conflict is over", lambda: not api.get(f"/recovery-plans/{plan}")["hasServerConflict"], 20)
        drill = api.start(plan)
        drill.check_completed(drill.end(60))

    def test_a_native_plan_that_begins_during_a_drill_is_waited_for_by_name(self):
        self.set_up()
        api, servers = self.api, self.servers
        groups = [api.group(f"tier-{n}", ACCOUNT, REGION, servers[n * 3:n * 3 + 3]) for n in range(2)]
        drill = api.start(api.plan("two tiers", [{"protectionGroupIds": [groups[0]]},
                                                 {"protectionGroupIds": [groups[1]], "pauseBeforeWave": True}]))
        drill.wait_status("PAUSED", seconds=40)
        execution = self.run_native("In the way", [servers[3], servers[4]])
        self.refresh()
        eventually("the hub knows", lambda: self.stack.rows("SELECT count(*) AS n FROM native_execution")[0]["n"] == 1, 20)
        drill.resume()
        waited = drill.wait("it waits by name", lambda e: (e["waves"][1]["waitingFor"] or {}).get("kind") == "CONFLICT", 20)
        waiting = waited["waves"][1]["waitingFor"]
        self.assertEqual((waiting["code"], waiting["accountId"], waiting["region"]), ("NATIVE_PLAN", ACCOUNT, REGION))
        self.assertIn(execution, waiting["detail"])
        self.assertIn("In the way", waiting["detail"])
        self.assertEqual({server["waitingFor"]["kind"] for server in waited["waves"][1]["servers"]}, {"CONFLICT"})
        eventually("the journal says so", lambda: [event["label"] for event in drill.journal()
                                                   if event["event"] == "JOB_WAITING"] == ["NATIVE_PLAN"], 20)
        self.end_native(execution)
        self.refresh()
        drill.check_completed(drill.end(60))
        kinds = [event["event"] for event in drill.journal() if event["event"].startswith("JOB_WAIT")]
        self.assertEqual(kinds, ["JOB_WAITING", "JOB_WAIT_OVER"], "said when it began and when it was over")

    def test_an_aws_without_native_plans_is_no_reason_for_anything(self):
        for fault in ({"status": 501, "code": "NotImplemented"}, {"status": 403, "code": "AccessDeniedException"}):
            self.set_up()
            for operation in ("ListRecoveryPlans", "ListRecoveryPlanExecutions"):
                self.stack.fault("ERROR", service="drs", operation=operation, message="no", **fault)
            self.refresh()
            group = self.api.group("all", ACCOUNT, REGION, self.servers)
            drill = self.api.start(self.api.plan("all", [[group]]))
            drill.check_completed(drill.end(40))
