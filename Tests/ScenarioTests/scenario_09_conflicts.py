"""Servers in use: each conflict has a name, and a forgotten drill never blocks a disaster."""
from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class Conflicts(Scenario):
    def setUp(self):
        self.stack = self.run_stack(World(clock=150, timeline={"snapshotWait": 2000}).account(ACCOUNT, {REGION: [
            {"hostname": "server", "count": 8}, {"hostname": "stalled", "count": 1, "replication": "STALLED"}]}))
        self.api = self.stack.api
        servers = self.api.servers()
        self.servers = [server["sourceServerId"] for server in servers if server["hostname"].startswith("server")]
        self.stalled = next(server["sourceServerId"] for server in servers if server["hostname"].startswith("stalled"))

    def start(self, plan, kind, **more):
        return self.api.call("POST", "/executions", {"planId": plan, "executionType": kind, **more})

    def test_a_recovery_cancels_a_forgotten_paused_drill_but_not_one_whose_job_runs(self):
        api = self.api
        groups = [api.group(f"tier-{n}", ACCOUNT, REGION, self.servers[n * 4:n * 4 + 4]) for n in range(2)]
        waves = [{"protectionGroupIds": [groups[0]]}, {"protectionGroupIds": [groups[1]], "pauseBeforeWave": True}]
        plan = api.plan("The shop", waves)
        drill = api.start(plan)
        drill.wait("its job runs", lambda e: e["waves"][0]["jobs"], 20)
        answer = self.start(plan, "RECOVERY", cancelDrills=True)
        self.assertEqual((answer.status, answer.code), (409, "SERVER_CONFLICT"), "a job runs: it cannot be stopped")
        self.assertNotIn(drill.status, ("CANCELLING", "CANCELLED"), "and the drill was not touched")
        drill.wait_status("PAUSED", seconds=30)

        answer = self.start(plan, "RECOVERY")
        self.assertEqual((answer.status, answer.code), (409, "SERVER_CONFLICT"))
        (conflict,) = answer.json["conflicts"]
        self.assertEqual((conflict["kind"], conflict["executionId"], conflict["status"]), ("EXECUTION", drill.id, "PAUSED"))
        self.assertEqual(sorted(conflict["serverIds"]), sorted(self.servers), "settled servers are in use, too")
        shown = api.get(f"/recovery-plans/{plan}")
        self.assertTrue(shown["hasServerConflict"])
        self.assertEqual(shown["conflictInfo"]["conflictingExecutionId"], drill.id)
        answer = self.start(plan, "DRILL", cancelDrills=True)
        self.assertEqual((answer.status, answer.pointers), (422, ["/cancelDrills"]))
        answer = self.start(plan, "DRILL")
        self.assertEqual((answer.status, answer.code), (409, "SERVER_CONFLICT"))

        recovery = api.start(plan, "RECOVERY", cancelDrills=True, reason="The data centre burns.")
        cancelled = drill.show()
        self.assertEqual((cancelled["status"], self.codes(cancelled)), ("CANCELLED", ["CANCELLED_BY_PERSON"]))
        recovery.wait_status("PAUSED", seconds=40)
        recovery.resume()
        recovery.check_completed()
        self.assertTrue(all(not start["isDrill"] for start in recovery.starts()))
        answer = api.call("POST", recovery.path + "/terminate-instances", {})
        self.assertEqual((answer.status, answer.code, answer.pointers), (422, "CONFIRMATION_MISSING", ["/confirm"]))
        answer = api.call("POST", recovery.path + "/terminate-instances", {"confirm": "the shop"})
        self.assertEqual(answer.status, 422, "the plan's name, as it is written")
        recovery.terminate(confirm="The shop")
        recovery.wait_terminated()

    def test_a_job_that_somebody_started_by_hand_is_a_conflict_with_a_name(self):
        api = self.api
        group = api.group("by-hand", ACCOUNT, REGION, [self.servers[0], self.stalled])
        plan = api.plan("by hand", [[group]])
        job = self.stack.control("POST", "jobs", {"accountId": ACCOUNT, "region": REGION,
                                                  "sourceServerIds": [self.stalled]})["jobs"][0]["jobId"]
        api.post("/drs/source-servers/refresh", {}, status=202)
        eventually("the inventory shows the job",
                   lambda: api.post(f"/recovery-plans/{plan}/validate", {}, status=200) and self.sees(plan, job), 20)
        answer = self.start(plan, "DRILL")
        self.assertEqual((answer.status, answer.code), (409, "SERVER_CONFLICT"))
        (conflict,) = answer.json["conflicts"]
        self.assertEqual((conflict["kind"], conflict["id"], conflict["serverIds"]), ("DRS_JOB", job, [self.stalled]))
        self.assertIn(conflict["status"], ("PENDING", "STARTED"))
        answer = self.start(plan, "RECOVERY", cancelDrills=True)
        self.assertEqual(answer.code, "SERVER_CONFLICT", "a job by hand is no drill of ours")
        self.assertEqual(api.every(f"/executions?planId={plan}"), [], "nothing half-written")

    def sees(self, plan, job):
        answer = self.api.call("POST", f"/recovery-plans/{plan}/validate", {})
        return job in answer.raw.decode()

    def test_a_job_by_hand_that_nobody_had_seen_makes_the_drill_wait_not_fail(self):
        api = self.api
        group = api.group("unseen", ACCOUNT, REGION, self.servers[:3])
        plan = api.plan("unseen", [[group]])
        job = self.stack.control("POST", "jobs", {"accountId": ACCOUNT, "region": REGION,
                                                  "sourceServerIds": self.servers[:1]})["jobs"][0]["jobId"]
        drill = api.start(plan)
        waited = drill.wait("it says that it waits", lambda e: (e["waves"][0]["waitingFor"] or {}).get("detail"), 20)
        self.assertNotIn(waited["status"], ("FAILED", "PARTIAL"))
        shown = drill.check_completed(drill.end(60))
        self.assertNotIn(job, str(shown), "the other's job is not taken for ours")


class CleaningUp(Scenario):
    def test_nothing_starts_while_a_clean_up_of_the_same_servers_runs(self):
        stack = self.run_stack(World(clock=200, timeline={"termination": 1600}).account(ACCOUNT, {REGION: 4}))
        api = stack.api
        servers = api.servers()
        groups = [api.group(f"tier-{n}", ACCOUNT, REGION, servers[n * 2:n * 2 + 2]) for n in range(2)]
        plan = api.plan("clean", [{"protectionGroupIds": [groups[0]]},
                                  {"protectionGroupIds": [groups[1]], "pauseBeforeWave": True}])
        other = api.plan("other", [{"protectionGroupIds": [groups[1]], "pauseBeforeWave": True}])
        first = api.start(plan)
        first.wait_status("PAUSED", seconds=30)
        first.resume()
        first.check_completed()
        second = api.start(other)
        second.wait_status("PAUSED", seconds=30)
        first.terminate()
        # The second has some of the servers; when it is over, they belong to the clean-up.
        second.cancel()
        self.assertEqual(second.end(20)["status"], "CANCELLED")
        for each in (plan, other):
            answer = api.call("POST", "/executions", {"planId": each, "executionType": "DRILL"})
            self.assertEqual((answer.status, answer.code), (409, "SERVER_CONFLICT"), answer)
            self.assertEqual({conflict["executionId"] for conflict in answer.json["conflicts"]}, {first.id}, answer)
        self.assertIn(api.call("POST", f"{first.path}/terminate-instances", {}).code, ("TERMINATION_IN_PROGRESS",))
        first.wait_terminated(60)
        third = api.start(plan)
        third.wait_status("PAUSED", seconds=30)
        third.resume()
        third.check_completed()
