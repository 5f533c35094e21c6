"""kill -9 of the hub: what was decided is in the database, and the next hub goes on from there."""
import os
import signal
import time

from harness import Away, ENDED, Options, Scenario, World, chance, eventually, say

ACCOUNTS = {"111122223333": ["us-east-1", "eu-west-1"], "444455556666": ["us-east-1"]}


class HubKilled(Scenario):
    def drill(self, stack, waves=3):
        tiers = [[] for _ in range(waves)]
        for account, regions in ACCOUNTS.items():
            for region in regions:
                servers = stack.api.servers(account, region)
                for number in range(waves):
                    tiers[number].append(stack.api.group(f"{account}-{region}-{number}", account, region,
                                                         servers[number * 4:number * 4 + 4]))
        return stack.api.start(stack.api.plan("killed", tiers))

    def world(self, clock):
        world = World(clock=clock)
        for account, regions in ACCOUNTS.items():
            world.account(account, {region: 12 for region in regions})
        return world

    def test_a_drill_completes_although_the_hub_is_killed_at_random_moments(self):
        random = chance("hub")
        kills = 50 if Options.full else 5
        stack = self.run_stack(self.world(clock=40 if Options.full else 90))
        drill = self.drill(stack)
        done, restarts = 0, []
        while done < kills:
            time.sleep(random.uniform(0.05, 2.5))  # the random moment
            if self.has_ended(drill):
                if not Options.full:
                    break
                drill = drill.again()
                continue
            stack.hub.program.kill()
            done += 1
            if done % 3 == 2:
                # The whole machine: PostgreSQL dies with it.
                pid = stack.hub.postmaster
                self.assertIsNotNone(pid, "the embedded PostgreSQL outlives its hub")
                os.kill(pid, signal.SIGKILL)
            begin = time.monotonic()
            stack.hub.start()
            restarts.append(time.monotonic() - begin)
        drill.check_completed(drill.end(120))
        say(f"{done} kills, the hub was ready again after {max(restarts):.1f} s at most")
        self.assertGreaterEqual(done, 4)
        self.assertFalse([text for text in stack.api.refused if " 500 " in text], "no 500")
        drill.terminate()
        stack.hub.program.kill()
        stack.hub.start()
        drill.wait_terminated()
        drill.check_journal()
        self.assertEqual(stack.simulator_state()["instances"], [])

    def has_ended(self, drill):
        try:
            return drill.status in ENDED
        except Away:
            return False

    def test_what_was_acknowledged_before_a_kill_has_happened(self):
        stack = self.run_stack(self.world(clock=90))
        plan = self.drill(stack).show()["planId"]
        api = stack.api
        first = api.get(f"/executions?planId={plan}")["items"][0]["executionId"]
        stack.hub.program.kill()
        stack.hub.start()
        self.assertEqual(api.get(f"/executions/{first}")["executionId"], first, "the start was kept")
        api.need(202, "DELETE", f"/executions/{first}")
        stack.hub.program.kill()
        stack.hub.start()
        ended = eventually("the cancel was kept", lambda: (lambda e: e if e["status"] in ENDED else None)(
            api.get(f"/executions/{first}")), 60)
        self.assertEqual(ended["status"], "CANCELLED")
        key = {"Idempotency-Key": "once"}
        body = {"planId": plan, "executionType": "DRILL"}
        begun = api.need(202, "POST", "/executions", body, headers=key)["executionId"]
        stack.hub.program.kill()
        stack.hub.start()
        self.assertEqual(api.need(202, "POST", "/executions", body, headers=key)["executionId"], begun,
                         "the same key starts nothing twice, over a kill too")

    def test_a_second_hub_on_the_same_directory_is_refused_and_says_what_to_do(self):
        stack = self.run_stack(World(clock=100).account("111122223333", {"us-east-1": 1}), spokes_too=False)
        from harness import Hub
        second = Hub(stack, 1)
        second.more["MUSTER_STATE_DIRECTORY"] = str(stack.directory / "hub-0")
        second.start(ready=False)
        eventually("the second hub ends", lambda: not second.program.is_alive, 20)
        self.assertNotEqual(second.program.process.returncode, 0)
        self.assertIn("MUSTER_DATABASE_URL", second.program.text())
        self.assertTrue(stack.hub.is_ready(), "the first one goes on")
        self.check_within(stack.hub.program.stop(), 6, "its end and its database's")
        self.assertIsNone(stack.hub.postmaster, "a hub that ends, ends its PostgreSQL")
