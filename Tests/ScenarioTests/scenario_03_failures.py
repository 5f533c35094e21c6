"""Partial failures: which servers stop what, and what is said about it."""
import collections

from harness import ENDED, Scenario, World

ACCOUNT, REGION = "111122223333", "us-east-1"


class PartialFailures(Scenario):
    """Servers of three kinds: good ones, ones whose conversion fails, ones whose launch fails; and one that heals."""

    @classmethod
    def world(cls):
        return World(clock=300).account(ACCOUNT, {REGION: [
            {"hostname": "good", "count": 8},
            {"hostname": "converts-badly", "count": 4,
             "failure": {"ending": "CONVERSION_FAIL", "message": "The disk of converts-badly is damaged."}},
            {"hostname": "launches-badly", "count": 4,
             "failure": {"ending": "LAUNCH_FAILED", "message": "No capacity for launches-badly."}},
            {"hostname": "heals", "count": 2, "failure": {"ending": "SNAPSHOT_FAIL", "launches": 1}},
        ]})

    def setUp(self):
        self.made = self.run_stack(self.world())
        self.api = self.made.api
        self.by_kind = collections.defaultdict(list)
        for server in self.api.servers():
            self.by_kind[server["hostname"].rsplit("-", 1)[0]].append(server["sourceServerId"])

    def plan(self, name, waves, **more):
        """Waves of (servers, optional servers, fields); a group for each wave."""
        described = []
        for number, (servers, optional, fields) in enumerate(waves):
            group = self.api.group(f"{name}-{number}", ACCOUNT, REGION, servers)
            described.append({"protectionGroupIds": [group],
                              "servers": [{"serverId": server, "impact": "OPTIONAL"} for server in optional], **fields})
        return self.api.plan(name, described, **more)

    def discard_groups(self, plan):
        """Servers are in one group at a time; the next case needs them again."""
        groups = {group for wave in self.api.get(f"/recovery-plans/{plan}")["waves"] for group in wave["protectionGroupIds"]}
        self.api.need(204, "DELETE", f"/recovery-plans/{plan}")
        for group in groups:
            self.api.need(204, "DELETE", f"/protection-groups/{group}")

    def drill(self, plan):
        drill = self.api.start(plan)
        shown = drill.end(60)
        drill.check_once(shown)
        drill.check_journal(shown)
        self.discard_groups(plan)
        return drill, shown

    def waves(self, shown):
        return [wave["status"] for wave in shown["waves"]]

    def test_servers_that_fail_stop_what_their_impact_and_the_waves_policy_say_and_the_reasons_are_told(self):
        good, converts, launches = (self.by_kind[kind] for kind in ("good", "converts-badly", "launches-badly"))

        with self.subTest("a CRITICAL failure under STOP: what depends on it never starts"):
            drill, shown = self.drill(self.plan("stop", [
                (good[:2] + converts[:1], [], {"onFailure": "STOP"}), (good[2:4], [], {})]))
            self.assertEqual(shown["status"], "FAILED")
            self.assertEqual(self.waves(shown), ["FAILED", "CANCELLED"])
            self.assertEqual(shown["verdict"]["result"], "FAIL")
            self.assertEqual(sorted(self.codes(shown)), ["CRITICAL_SERVER_FAILED", "WAVE_CANCELLED"])
            by_id = {server["sourceServerId"]: server for server in drill.servers(shown)}
            self.assertEqual([by_id[server]["status"] for server in good[:2]], ["LAUNCHED"] * 2, "siblings finish")
            failed = by_id[converts[0]]
            self.assertEqual((failed["status"], failed["launchStatus"]), ("FAILED", "FAILED"))
            self.assertIn("CONVERSION_FAIL", failed["error"])
            self.assertIn("The disk of converts-badly is damaged.", failed["error"])
            self.assertEqual([by_id[server]["status"] for server in good[2:4]], ["CANCELLED"] * 2)
            self.assertEqual(shown["counts"], {"total": 5, "pending": 0, "queued": 0, "inProgress": 0, "launched": 2,
                                               "failed": 1, "skipped": 0, "cancelled": 2})
            items = [item for item in drill.job_log() if item["event"] == "CONVERSION_FAIL"]
            self.assertEqual([item["sourceServerId"] for item in items], converts[:1])
            self.assertIn("damaged", items[0]["detail"])
            self.assertEqual(len(drill.starts()), 1)
            drill.terminate()
            drill.wait_terminated()
            self.assertEqual(self.made.simulator_state()["instances"], [])

        with self.subTest("a CRITICAL failure under CONTINUE: dependants run, the execution has a gap"):
            drill, shown = self.drill(self.plan("continue", [
                (good[:1] + launches[:1], [], {"onFailure": "CONTINUE"}), (good[1:3], [], {})]))
            self.assertEqual(self.waves(shown), ["FAILED", "COMPLETED"])
            self.assertEqual(shown["status"], "PARTIAL")
            self.assertEqual(shown["verdict"]["result"], "PARTIAL")
            self.assertEqual(self.codes(shown), ["CRITICAL_SERVER_FAILED"])
            failed = next(server for server in drill.servers(shown) if server["sourceServerId"] == launches[0])
            self.assertIn("LAUNCH_FAILED", failed["error"])
            self.assertIn("No capacity", failed["error"])

        with self.subTest("an OPTIONAL failure never stops anything"):
            drill, shown = self.drill(self.plan("optional", [
                (good[:1] + converts[:1] + launches[:1], converts[:1] + launches[:1], {"onFailure": "STOP"}),
                (good[1:3], [], {})]))
            self.assertEqual(self.waves(shown), ["PARTIAL", "COMPLETED"])
            self.assertEqual(shown["status"], "PARTIAL")
            self.assertEqual(self.codes(shown), ["OPTIONAL_SERVER_FAILED"] * 2)

        with self.subTest("nothing launched is FAILED, whatever the policy"):
            drill, shown = self.drill(self.plan("nothing", [
                (converts[:2], [], {"onFailure": "CONTINUE"}), (launches[:2], launches[:2], {"onFailure": "CONTINUE"})]))
            self.assertEqual(shown["status"], "FAILED")
            self.assertEqual(self.waves(shown)[0], "FAILED")
            drill.terminate()
            drill.wait_terminated()

        with self.subTest("a failed branch lets the other branch finish what runs, and starts nothing more"):
            plan = self.plan("branches", [
                (converts[:1], [], {"onFailure": "STOP"}),
                (good[:2], [], {"dependsOnWaves": []}),
                (good[2:4], [], {"dependsOnWaves": [0]}),
                (good[4:6], [], {"dependsOnWaves": [1]}),
            ], ordering="DEPENDENCIES")
            drill, shown = self.drill(plan)
            self.assertEqual(shown["status"], "FAILED")
            self.assertEqual(self.waves(shown), ["FAILED", "COMPLETED", "CANCELLED", "CANCELLED"])
            self.assertEqual(sorted(self.codes(shown)), ["CRITICAL_SERVER_FAILED", "WAVE_CANCELLED", "WAVE_CANCELLED"])

        with self.subTest("a trouble that is over: the second drill of the same servers is COMPLETED"):
            drill, shown = self.drill(self.plan("ill", [(self.by_kind["heals"], [], {})]))
            self.assertEqual((shown["status"], shown["counts"]["failed"]), ("FAILED", 2))
            reasons = [server["error"] for server in drill.servers(shown)]
            self.assertTrue(all("SNAPSHOT_FAIL" in reason for reason in reasons), reasons)
            drill, shown = self.drill(self.plan("healed", [(self.by_kind["heals"], [], {})]))
            self.assertEqual((shown["status"], shown["verdict"]["result"]), ("COMPLETED", "PASS"))
        self.assertFalse(self.api.refused, "no 5xx")
        self.assertIn(shown["status"], ENDED)


class TimeLimits(Scenario):
    waits = True

    def test_what_takes_longer_than_its_wave_allows_is_timed_out_and_its_late_instances_are_cleaned_up(self):
        # A wave's time is counted by the hub's clock, so a slow world does not come to its end in time.
        stack = self.run_stack(World(clock=5).account(ACCOUNT, {REGION: 2}), poll=50)
        group = stack.api.group("slow", ACCOUNT, REGION, stack.api.servers())
        drill = stack.api.start(stack.api.plan("slow", [{"protectionGroupIds": [group], "timeoutMinutes": 1}]))
        shown = drill.wait("the servers time out", lambda e: e["counts"]["failed"] == 2, 90)
        for server in drill.servers(shown):
            self.assertTrue(server["error"].startswith("TIMED_OUT"), server["error"])
        self.assertNotIn(shown["status"], ENDED, "the job is followed to its end")
        stack.control("POST", "clock", {"scale": 300})
        shown = drill.end(30)
        self.assertEqual(shown["status"], "FAILED")
        self.assertIn("SERVER_TIMED_OUT", self.codes(shown))
        self.assertEqual([server["status"] for server in drill.servers(shown)], ["FAILED"] * 2, "settled is settled")
        self.assertTrue(all(server["recoveryInstanceId"] for server in drill.servers(shown)), "late results are known")
        self.assertIn("SERVER_LATE_RESULT", [event["event"] for event in drill.journal()])
        drill.terminate()
        drill.wait_terminated()
        self.assertEqual(stack.simulator_state()["instances"], [])
