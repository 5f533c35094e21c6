"""Repair: retry and skip what failed, while others go on; approvals; notes."""
import collections

from harness import Api, Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class Repair(Scenario):
    def setUp(self):
        self.stack = self.run_stack(World(clock=150).account(ACCOUNT, {REGION: [
            {"hostname": "good", "count": 8},
            {"hostname": "heals", "count": 3, "failure": {"ending": "LAUNCH_FAILED", "launches": 1}},
            {"hostname": "fails", "count": 2, "failure": {"ending": "SNAPSHOT_FAIL", "message": "no snapshot"}}]}))
        self.api = self.stack.api
        self.by_kind = collections.defaultdict(list)
        for server in self.api.servers():
            self.by_kind[server["hostname"].rsplit("-", 1)[0]].append(server["sourceServerId"])

    def start(self, waves):
        described = []
        for number, (servers, fields) in enumerate(waves):
            described.append({"protectionGroupIds": [self.api.group(f"wave-{number}", ACCOUNT, REGION, servers)], **fields})
        return self.api.start(self.api.plan("repair", described))

    def act(self, drill, path, body=None):
        return self.api.call("POST", f"{drill.path}{path}", body if body is not None else {})

    def test_a_failed_execution_is_taken_up_again_by_a_retry_of_only_what_failed(self):
        good, heals = self.by_kind["good"], self.by_kind["heals"]
        drill = self.start([(good[:2] + heals[:1], {}), (good[2:4], {})])
        failed = drill.end(40)
        self.assertEqual((failed["status"], [w["status"] for w in failed["waves"]]), ("FAILED", ["FAILED", "CANCELLED"]))
        answer = self.act(drill, "/waves/0/retry")
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(answer.json["endedAt"], None)
        self.assertNotIn(answer.json["status"], ("FAILED", "COMPLETED"))
        self.assertEqual(answer.json["waves"][1]["status"], "PENDING", "what was cancelled waits again")
        shown = drill.check_completed(drill.end(40), retried=True)
        self.assertEqual(shown["verdict"]["result"], "PASS", shown["verdict"])
        self.assertEqual([sorted(start["servers"]) for start in drill.starts()],
                         [sorted(good[:2] + heals[:1]), heals[:1], sorted(good[2:4])])
        drill.terminate()
        drill.wait_terminated()
        answer = self.act(drill, "/waves/0/retry")
        self.assertEqual(answer.status, 409, answer)
        self.assertEqual(self.stack.simulator_state()["instances"], [])

    def test_a_skip_needs_a_reason_lets_dependants_run_and_shows_in_the_verdict(self):
        good, fails = self.by_kind["good"], self.by_kind["fails"]
        drill = self.start([(good[:2] + fails[:1], {}), (good[2:4], {})])
        self.assertEqual(drill.end(40)["status"], "FAILED")
        answer = self.act(drill, f"/servers/{fails[0]}/skip")
        self.assertEqual((answer.status, answer.pointers), (400, ["/reason"]), answer)
        answer = self.act(drill, f"/servers/{good[0]}/skip", {"reason": "no need"})
        self.assertEqual(answer.status, 409, "a launched server is settled")
        answer = self.act(drill, f"/servers/{fails[0]}/skip", {"reason": "The old reporting server is not needed."})
        self.assertEqual(answer.status, 202, answer)
        shown = drill.end(40)
        self.assertEqual((shown["status"], [w["status"] for w in shown["waves"]]), ("PARTIAL", ["PARTIAL", "COMPLETED"]))
        self.assertIn("SERVER_SKIPPED", self.codes(shown))
        self.assertIn("reporting", str(drill.journal()))
        drill.check_once(shown)
        drill.check_journal(shown)

    def test_one_server_is_retried_while_its_siblings_go_on_and_a_hub_is_killed(self):
        good, fails = self.by_kind["good"], self.by_kind["fails"]
        self.stack.control("POST", "clock", {"scale": 30})
        drill = self.start([(good[:3] + fails[:1], {})])
        drill.wait("the one has failed, the others go on", lambda e: e["counts"]["failed"] == 1, 30)
        self.assertEqual(drill.show()["counts"]["inProgress"], 3)
        answer = self.act(drill, f"/servers/{fails[0]}/retry")
        self.assertEqual(answer.status, 202, answer)
        self.stack.hub.program.kill()
        self.stack.hub.start()
        eventually("it is attempted again", lambda: len(drill.starts()) == 2, 30)
        self.stack.control("POST", "clock", {"scale": 300})
        shown = drill.end(40)
        self.assertEqual(shown["status"], "FAILED" if shown["counts"]["launched"] == 0 else shown["status"])
        self.assertEqual(shown["counts"]["launched"], 3)
        attempts = {s["sourceServerId"]: s["attempts"] for s in drill.servers(shown)}
        self.assertEqual(attempts, {**{server: 1 for server in good[:3]}, fails[0]: 2})
        drill.check_once(shown, retried=True)
        drill.check_journal(shown)

    def test_a_wave_that_needs_approval_is_approved_by_another_and_declined_by_anyone_who_may(self):
        good = self.by_kind["good"]
        waves = [(good[:1], {}), (good[1:2], {"approvals": {"count": 1, "excludeStarter": True}})]
        drill = self.start(waves)
        waiting = drill.wait_status("PAUSED", seconds=30)
        self.assertEqual(waiting["waves"][1]["waitingFor"]["kind"], "APPROVAL")
        answer = self.act(drill, "/waves/1/approve", {"comment": "mine"})
        self.assertIn(answer.status, (403, 409, 422), "who started it may not approve it")
        self.assertEqual(self.act(drill, "/resume").status, 202)
        self.assertEqual(drill.status, "PAUSED", "a resume is no approval")
        grace = Api(self.stack, username="grace")
        self.assertEqual(grace.call("POST", f"{drill.path}/waves/1/approve", {"comment": "go on"}).status, 202)
        drill.check_completed()
        self.assertIn("go on", str(drill.journal()))
        second = self.api.start(drill.show()["planId"])
        second.wait_status("PAUSED", seconds=30)
        self.assertEqual(grace.call("POST", f"{second.path}/waves/1/decline", {"comment": "not today"}).status, 202)
        shown = second.end(20)
        self.assertEqual((shown["status"], self.codes(shown)), ("CANCELLED", ["APPROVAL_DECLINED"]))

    def test_notes_are_in_the_journal_and_its_chain_holds(self):
        drill = self.start([(self.by_kind["good"][:1], {})])
        answer = self.act(drill, "/notes", {"text": "The network team is on the call. ✓ ü 漢字 \u2028 \"quoted\""})
        self.assertIn(answer.status, (200, 201, 202), answer)
        drill.check_completed()
        self.assertIn("network team", str(drill.journal()))
        answer = self.act(drill, "/notes", {})
        self.assertEqual((answer.status, answer.pointers), (400, ["/text"]))
