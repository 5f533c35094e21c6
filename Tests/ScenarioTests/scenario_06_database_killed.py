"""PostgreSQL away: 503 meanwhile, never an open door, and back by itself."""
import time

from harness import Away, ENDED, Options, Scenario, World, chance, eventually, exchange, say

ACCOUNT, REGION = "111122223333", "us-east-1"
# The hub answers again at most so long after PostgreSQL does.
BACK_SECONDS = 5


class DatabaseKilled(Scenario):
    def test_a_drill_completes_although_postgresql_is_killed_and_the_hub_says_503_meanwhile(self):
        random = chance("database")
        stack = self.run_stack(World(clock=60).account(ACCOUNT, {REGION: 12}), external=True)
        api = stack.api
        servers = api.servers()
        groups = [api.group(f"tier-{n}", ACCOUNT, REGION, servers[n * 4:n * 4 + 4]) for n in range(3)]
        drill = api.start(api.plan("database", [[group] for group in groups]))
        kills, back = 0, []
        hub = stack.hub
        while kills < (50 if Options.full else 3):
            time.sleep(random.uniform(0.1, 2.5))  # the random moment
            if drill.status in ENDED:
                if not Options.full:
                    break
                drill = drill.again()
            stack.database.kill()
            kills += 1
            self.check_away(stack, hub)
            stack.database.start()
            begin = time.monotonic()
            eventually("the hub is ready again", lambda: hub.is_ready(), 30)
            eventually("and answers", lambda: drill.show(), 30)
            back.append(time.monotonic() - begin)
            self.assertTrue(hub.program.is_alive, "the hub has lived through it")
        drill.check_completed(drill.end(120))
        say(f"{kills} kills; back after {', '.join(f'{seconds:.1f}' for seconds in back)} s")
        self.check_within(max(back), BACK_SECONDS, "the hub is back after its database")
        self.assertFalse([text for text in api.refused if ": 503" not in text], "503 and nothing else")
        drill.terminate()
        stack.database.kill()
        stack.database.start()
        drill.wait_terminated()
        self.assertEqual(stack.simulator_state()["instances"], [])

    def check_away(self, stack, hub):
        api = stack.api
        answer = eventually("the hub says 503", lambda: self.only(503, api.call("GET", "/executions")), 15)
        self.assertEqual(answer.code, "UNAVAILABLE", answer)
        self.assertEqual(answer.kind, "application/problem+json")
        self.assertTrue(answer.headers["Retry-After"], "it says when to try again")
        for word in ("SELECT", "libpq", "5432", "127.0.0.1", "muster_hub"):
            self.assertNotIn(word, answer.raw.decode(), "nothing internal leaks")
        eventually("it is not ready", lambda: exchange(hub.origin, "GET", "/health/ready").status == 503, 10)
        self.assertEqual(exchange(hub.origin, "GET", "/health/live").status, 200)
        for body, path in (({"planName": "x", "waves": []}, "/recovery-plans"), ({"planId": "x"}, "/executions")):
            answer = api.call("POST", path, body)
            self.assertIn(answer.status, (400, 503), answer)
        self.assertEqual(api.call("GET", "/users/me", token="a.b.c").status, 401, "never an open door")
        self.assertEqual(api.call("GET", "/executions", token=None).status, 401)
        begin = time.monotonic()
        self.assertEqual(api.call("GET", "/protection-groups").status, 503)
        self.check_within(time.monotonic() - begin, 10, "a 503 does not keep its caller waiting")

    def only(self, status, answer):
        return answer if answer.status == status else None

    def test_a_hub_that_starts_without_its_database_waits_for_it(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 2}), external=True)
        self.check_within(stack.hub.program.stop(), 5, "a hub without database ends too")
        stack.database.kill()
        stack.hub.start(ready=False)
        # Started as an operator would once the schema is there: without --migrate.
        eventually("it lives and is not ready", self.is_waiting(stack), 20)
        stack.database.start()
        stack.hub.wait_ready(20)
        self.assertEqual(len(stack.api.servers()), 2)

    def is_waiting(self, stack):
        def look():
            try:
                return exchange(stack.hub.origin, "GET", "/health/live").status == 200 \
                    and exchange(stack.hub.origin, "GET", "/health/ready").status == 503
            except Away:
                return False
        return look
