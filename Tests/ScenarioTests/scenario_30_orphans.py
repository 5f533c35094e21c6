"""Orphans: what was launched as a drill behind the hub's back is found, told of, and terminated when a person says so."""
from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class Orphans(Scenario):
    def orphans(self):
        return {orphan["recoveryInstanceId"]: orphan for orphan in self.api.every("/orphans")}

    def look(self):
        self.api.post("/drs/source-servers/refresh", {}, status=202)

    def test_a_foreign_drills_instance_is_listed_with_age_and_cost_and_terminated_and_an_own_one_is_not(self):
        stack = self.run_stack(World(clock=400).account(ACCOUNT, {REGION: 4}))
        self.api = api = stack.api
        servers = [server["sourceServerId"] for server in api.servers()]
        own = api.start(api.plan("shop", [[api.group("shop", ACCOUNT, REGION, api.servers()[:2])]]))
        own.check_completed(own.end(120))
        stack.control("POST", "jobs", {
            "accountId": ACCOUNT, "region": REGION, "sourceServerIds": servers[3:4], "isDrill": True})

        def found():
            self.look()
            orphans = self.orphans()
            return orphans if orphans else None
        orphans = eventually("the orphan is found", found, 90, every=0.5)
        self.assertEqual([orphan["sourceServerId"] for orphan in orphans.values()], servers[3:4])
        (identifier, orphan), = orphans.items()
        self.assertEqual((orphan["accountId"], orphan["region"], orphan["isSinceLaunch"]), (ACCOUNT, REGION, True))
        self.assertTrue(orphan["instanceType"], orphan)
        self.assertGreater(orphan["costPerHour"], 0)

        api.need(202, "POST", f"/orphans/{identifier}/terminate")
        self.assertEqual(api.call("POST", f"/orphans/{identifier}/terminate").status, 409)
        eventually("it is gone", lambda: not self.orphans(), 90)
        left = {instance["instanceId"] for instance in stack.simulator_state()["instances"]
                if instance["state"] != "shutting-down"}
        self.assertNotIn(identifier, left)
        self.assertEqual(len(left), 2, "the hub's own drill keeps its instances")
        actions = [event["action"] for event in api.every("/audit-events?action=TerminateOrphan")]
        self.assertIn("TerminateOrphan", actions)

        # An execution that is hidden owns nothing any more.
        api.need(200, "DELETE", "/executions")
        eventually("the drill's instances are orphans", lambda: len(self.orphans()) == 2, 60)
