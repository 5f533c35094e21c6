"""Readiness: plans are checked by themselves, and never keep anybody from a start."""
from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class Readiness(Scenario):
    def setUp(self):
        self.stack = self.run_stack(World(clock=200).account(ACCOUNT, {REGION: 6}))
        self.api = self.stack.api
        self.servers = self.api.servers()
        group = self.api.group("shop", ACCOUNT, REGION, self.servers[:4])
        self.plan = self.api.plan("shop", [[group]])

    def readiness(self, plan=None):
        return self.api.get(f"/recovery-plans/{plan or self.plan}")["readiness"]

    def wait(self, state, seconds=120):
        def look():
            found = self.readiness()
            return found if found["state"] == state else None
        return eventually(f"the plan is {state}", look, seconds, every=0.2)

    def change(self, server, **fields):
        self.stack.control("POST", f"servers/{server['sourceServerId']}", fields)
        self.api.post("/drs/source-servers/refresh", {}, status=202)

    def listed(self, state):
        return [plan["planId"] for plan in self.api.every(f"/recovery-plans?readiness={state}", limit=50)]

    def test_a_plan_verifies_itself_falls_with_replication_and_mends(self):
        first = self.readiness()
        self.assertIn(first["state"], ("NEEDS_CHECK", "VERIFIED"))
        sound = self.wait("VERIFIED")
        self.assertEqual(sound["reasons"], [])
        self.assertEqual(self.listed("VERIFIED"), [self.plan])

        stalled = self.servers[1]
        self.change(stalled, replication="STALLED")
        broken = self.wait("NOT_READY")
        self.assertEqual([reason["code"] for reason in broken["reasons"]], ["REPLICATION_STALLED"])
        reason = broken["reasons"][0]
        self.assertEqual((reason["serverIds"], reason["accountIds"]), ([stalled["sourceServerId"]], [ACCOUNT]))
        self.assertTrue(reason["whatToDo"])
        self.assertEqual((self.listed("VERIFIED"), self.listed("NOT_READY")), ([], [self.plan]))

        # The verdict stands in nobody's way: DRS launches the last consistent recovery point.
        validation = self.api.post(f"/recovery-plans/{self.plan}/validate", {}, status=200)
        self.assertEqual((validation["startable"], validation["readiness"]["state"]), (True, "NOT_READY"))
        drill = self.api.start(self.plan, kind="RECOVERY")
        drill.check_completed(drill.end(90))
        drill.terminate(confirm="shop")
        drill.wait_terminated()

        self.change(stalled, replication="CONTINUOUS")
        self.wait("VERIFIED")

    def test_an_edit_takes_the_verdict_back_until_it_is_checked_though_the_hub_is_killed(self):
        sound = self.wait("VERIFIED")
        plan = self.api.get(f"/recovery-plans/{self.plan}")
        body = {"planName": "shop", "description": "edited", "waves": plan["waves"]}
        edited = self.api.need(200, "PUT", f"/recovery-plans/{self.plan}", body)["readiness"]
        self.assertEqual(edited["state"], "NEEDS_CHECK")
        self.assertEqual([reason["code"] for reason in edited["reasons"]], ["NOT_CHECKED"])
        self.stack.hub.program.kill()
        self.stack.hub.start()
        again = self.wait("VERIFIED")
        self.assertGreater(again["checkedAt"], sound["checkedAt"])

    def test_a_lost_spoke_shows_and_so_does_its_return(self):
        self.wait("VERIFIED")
        self.stack.spokes["east"].program.kill()
        gone = self.wait("NOT_READY", 150)
        self.assertEqual([reason["code"] for reason in gone["reasons"]], ["NO_SPOKE"])
        self.stack.spokes["east"].start()
        self.wait("VERIFIED")
