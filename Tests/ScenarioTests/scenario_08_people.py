"""People in the loop: pause, resume, cancel, terminate, drill again."""
import threading

from harness import ENDED, Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class People(Scenario):
    def tiers(self, stack, count=3, size=4, **fields):
        servers = stack.api.servers(ACCOUNT, REGION)
        waves = []
        for number in range(count):
            group = stack.api.group(f"tier-{number}", ACCOUNT, REGION, servers[number * size:number * size + size])
            waves.append({"protectionGroupIds": [group], **fields.get(f"wave{number}", {})})
        return stack.api.plan("people", waves)

    def events(self, drill):
        return [event["event"] for event in drill.journal()]

    def test_a_planned_pause_survives_restarts_and_the_comment_of_its_resume_is_in_the_journal(self):
        stack = self.run_stack(World(clock=200).account(ACCOUNT, {REGION: 12}))
        drill = stack.api.start(self.tiers(stack, wave1={"pauseBeforeWave": True}))
        paused = drill.wait_status("PAUSED", seconds=30)
        self.assertEqual([wave["status"] for wave in paused["waves"]], ["COMPLETED", "PAUSED", "PENDING"])
        self.assertEqual(paused["waves"][1]["waitingFor"]["kind"], "PAUSE")
        self.assertEqual(paused["currentWave"], 1)
        stack.hub.program.kill()
        stack.hub.start()
        self.assertEqual(drill.status, "PAUSED")
        self.check_within(stack.hub.program.stop(), 6, "its end and its database's")
        stack.hub.start()
        again = drill.show()
        self.assertEqual(again["waves"][1]["waitingFor"]["kind"], "PAUSE")
        self.assertEqual(len(drill.starts()), 1, "paused means that nothing starts")
        drill.resume(comment="looks good to Grace")
        drill.check_completed()
        resumed = [event for event in drill.journal() if event["event"] == "RESUMED"]
        self.assertEqual(["ada" in str(event["by"]) for event in resumed], [True], resumed)
        self.assertEqual([event["text"] for event in resumed], ["looks good to Grace"])

    def test_a_pause_before_the_next_wave_lets_the_running_one_end_and_starts_nothing(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 12}))
        drill = stack.api.start(self.tiers(stack))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        drill.pause("NEXT_WAVE")
        drill.pause("NEXT_WAVE")
        paused = drill.wait_status("PAUSED", seconds=30)
        self.assertEqual([wave["status"] for wave in paused["waves"]], ["COMPLETED", "PAUSED", "PENDING"])
        self.assertEqual(self.events(drill).count("PAUSE_REQUESTED"), 1, "said again while already so")
        answer = stack.api.call("POST", drill.path + "/resume", {"waveNumber": 2})
        self.assertEqual((answer.status, answer.code), (409, "NOT_PAUSED"))
        answer = stack.api.call("POST", drill.path + "/resume", {"waveNumber": 9})
        self.assertEqual(answer.status, 422)
        drill.resume()
        drill.check_completed()
        answer = stack.api.call("POST", drill.path + "/pause", {"mode": "NOW"})
        self.assertEqual((answer.status, answer.code), (409, "EXECUTION_ENDED"))
        self.assertEqual(stack.api.call("DELETE", drill.path).code, "EXECUTION_ENDED")

    def test_a_pause_now_holds_queued_jobs_back_until_the_resume(self):
        # One job at a time: of a wave of 250 servers two batches are queued.
        stack = self.run_stack(World(clock=150).account(
            ACCOUNT, {REGION: 250}, quotas={"concurrentJobs": 1, "replicatingServers": 1000}))
        api = stack.api
        group = api.group("large", ACCOUNT, REGION, api.servers())
        drill = api.start(api.plan("held", [[group]]))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        drill.pause("NOW")
        held = drill.wait("all that ran has ended and the execution is paused", lambda e: e["status"] == "PAUSED", 40)
        started = len(drill.starts())
        self.assertIn(started, (1, 2), "what was under way goes on")
        self.assertEqual(held["waves"][0]["waitingFor"]["kind"], "PAUSE", held["waves"][0]["waitingFor"])
        self.assertGreaterEqual(held["counts"]["queued"], 50)
        stack.hub.program.kill()
        stack.hub.start()
        self.assertEqual(drill.status, "PAUSED")
        self.assertEqual(len(drill.starts()), started)
        drill.resume()
        drill.check_completed(drill.end(60))

    def test_a_cancel_starts_nothing_more_and_waits_for_what_runs(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 12}))
        drill = stack.api.start(self.tiers(stack))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        shown = drill.cancel()
        self.assertEqual(shown["status"], "CANCELLING")
        self.assertEqual(drill.cancel()["executionId"], drill.id, "said again while already so: 202")
        answer = stack.api.call("POST", drill.path + "/terminate-instances", {})
        self.assertEqual((answer.status, answer.code), (409, "EXECUTION_ACTIVE"))
        ended = drill.end(30)
        self.assertEqual((ended["status"], ended["verdict"]["result"]), ("CANCELLED", "ABORTED"))
        self.assertEqual(self.codes(ended), ["CANCELLED_BY_PERSON"])
        self.assertEqual([wave["status"] for wave in ended["waves"]], ["COMPLETED", "CANCELLED", "CANCELLED"])
        self.assertEqual(len(drill.starts()), 1)
        drill.check_once(ended)
        drill.check_journal(ended)
        answer = stack.api.call("DELETE", drill.path)
        self.assertEqual((answer.status, answer.code), (409, "EXECUTION_ENDED"))
        drill.terminate()
        drill.wait_terminated()

    def test_instances_are_terminated_once_however_many_ask_and_those_already_gone_are_no_trouble(self):
        stack = self.run_stack(World(clock=200).account(ACCOUNT, {REGION: 12}))
        api = stack.api
        drill = api.start(self.tiers(stack, count=2))
        ended = drill.check_completed()
        instances = [server["recoveryInstanceId"] for server in drill.servers(ended)]
        self.remove_behind_our_back(stack, instances[0])
        answers = []

        def ask():
            answers.append(api.call("POST", drill.path + "/terminate-instances", {}))
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(sorted(answer.status for answer in answers), [202] + [409] * 7, answers)
        self.assertLessEqual({answer.code for answer in answers if answer.status == 409},
                             {"TERMINATION_IN_PROGRESS", "ALREADY_TERMINATED"})
        gone = drill.wait_terminated()
        self.assertEqual({server["instanceState"] for server in drill.servers(gone)}, {"TERMINATED"})
        self.assertEqual((gone["cleanup"]["total"], gone["cleanup"]["terminated"], gone["cleanup"]["failed"]), (8, 8, 0))
        self.assertEqual(gone["status"], "COMPLETED", "an ended execution does not change")
        self.assertEqual(stack.simulator_state()["instances"], [])
        self.assertEqual(api.call("POST", drill.path + "/terminate-instances", {}).code, "ALREADY_TERMINATED")
        asked = [event for event in drill.journal() if event["event"] == "TERMINATION_REQUESTED"]
        self.assertEqual(len(asked), 1)

    def remove_behind_our_back(self, stack, instance):
        """Somebody terminates an instance by DRS's own console: the spoke's role is what this scenario has at hand."""
        import sigv4
        principal = stack.world.principals["east"]
        keys = sigv4.assume_role(stack.simulator_origin, principal, f"arn:aws:iam::{ACCOUNT}:role/MusterRecovery",
                                 stack.external_ids[ACCOUNT])
        answer = sigv4.drs(stack.simulator_origin, keys, REGION, "TerminateRecoveryInstances",
                           {"recoveryInstanceIDs": [instance]})
        self.assertEqual(answer.status, 200, answer)
        eventually("the instance is gone", lambda: instance not in str(stack.simulator_state()["instances"]), 20)

    def test_a_second_drill_of_the_same_servers_replaces_the_instances_of_the_first(self):
        stack = self.run_stack(World(clock=200).account(ACCOUNT, {REGION: 8}))
        api = stack.api
        first = api.start(self.tiers(stack, count=2))
        before = first.check_completed()
        plan = before["planId"]
        second = api.start(plan)
        after = second.check_completed()
        old = {server["recoveryInstanceId"] for server in first.servers(before)}
        new = {server["recoveryInstanceId"] for server in second.servers(after)}
        self.assertFalse(old & new)
        there = {instance["instanceId"] for instance in stack.simulator_state()["instances"]}
        self.assertEqual(there, new, "DRS has removed the first drill's instances")
        self.assertIn("CLEANUP_END", {item["event"] for item in second.job_log()})
        first.terminate()
        first.wait_terminated()
        there = {instance["instanceId"] for instance in stack.simulator_state()["instances"]}
        self.assertEqual(there, new, "cleaning up the first leaves the second's instances alone")
        second.terminate()
        second.wait_terminated()
        self.assertEqual(stack.simulator_state()["instances"], [])

    def test_a_cancelled_execution_that_launched_nothing_is_terminated_at_once(self):
        stack = self.run_stack(World(clock=200).account(ACCOUNT, {REGION: 4}))
        drill = stack.api.start(self.tiers(stack, count=1, wave0={"pauseBeforeWave": True}))
        drill.wait_status("PAUSED")
        ended = drill.cancel()
        ended = drill.end(10)
        self.assertEqual(ended["status"], "CANCELLED")
        self.assertIn(ended["status"], ENDED)
        shown = drill.terminate()
        self.assertTrue(shown["instancesTerminated"])
