"""Everybody at once: what is acknowledged has happened, and no server is in two executions."""
import collections
import threading
import time
import uuid

from harness import Api, Away, Drill, ENDED, NotYet, Options, Scenario, World, chance, eventually, psql, say

ACCOUNTS, REGION = ("111122223333", "444455556666"), "us-east-1"


class Histories(Scenario):
    def test_many_clients_doing_everything_at_once_with_kills_leave_a_history_without_contradiction(self):
        seconds, clients = (120 if Options.full else 20), 32
        world = World(clock=150, timeline={"jitter": 0.2})
        for account in ACCOUNTS:
            world.account(account, {REGION: [
                {"hostname": "server", "count": 18},
                {"hostname": "fails", "count": 2, "failure": {"ending": "LAUNCH_FAILED", "launches": 2}}]})
        world.fault("DROP_ANSWER", operation="StartRecovery", probability=0.2)
        world.fault("THROTTLE", service="drs", probability=0.05, retryAfterSeconds=1)
        stack = self.run_stack(world, hubs=2, external=True, spokes={"one": "east", "two": "east"})
        plans = self.plans(stack)
        acknowledged, odd, lock = {}, [], threading.Lock()
        ending = threading.Event()

        def client(number):
            random = chance(f"client {number}")
            api = Api(stack, username=f"person-{number}")
            while not ending.is_set():
                try:
                    self.one_thing(api, random, plans, acknowledged, lock, odd)
                except Away:
                    pass
                ending.wait(random.uniform(0, 0.2 if Options.full else 0.6))
        threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
        for thread in threads:
            thread.start()
        self.kill_until(stack, time.monotonic() + seconds)
        ending.set()
        for thread in threads:
            thread.join(60)
        stack.clear_faults()
        self.settle(stack, acknowledged)
        self.assertEqual(odd, [], "answers that no client should see")
        self.check(stack, acknowledged)

    def plans(self, stack):
        """Plans that share groups, so that they are in each other's way."""
        api, groups = stack.api, {}
        for account in ACCOUNTS:
            servers = api.servers(account, REGION)
            for number in range(4):
                groups[account, number] = api.group(f"{account}-{number}", account, REGION, servers[number * 5:number * 5 + 5])
        plans = []
        for number in range(4):
            plans.append(api.plan(f"plan-{number}", [
                {"protectionGroupIds": [groups[ACCOUNTS[0], number]], "onFailure": "CONTINUE"},
                {"protectionGroupIds": [groups[ACCOUNTS[1], number]], "pauseBeforeWave": number == 1}]))
            plans.append(api.plan(f"both-{number}", [
                {"protectionGroupIds": [groups[ACCOUNTS[0], number], groups[ACCOUNTS[1], (number + 1) % 4]]}]))
        return plans

    def one_thing(self, api, random, plans, acknowledged, lock, odd):
        with lock:
            known = list(acknowledged)
        what = random.choice(("start",) * 5 + ("look", "look", "list", "pause", "resume", "resume", "cancel",
                                                         "terminate", "retry"))
        hub = random.choice(api.stack.hubs)
        if what == "start" or not known:
            answer = self.begin(api, random.choice(plans), hub)
            if answer.status == 202:
                with lock:
                    acknowledged[answer.json["executionId"]] = collections.Counter()
                if random.random() < 0.1:
                    again = self.begin(api, answer.json["planId"], None, answer.key)
                    if again.status == 202 and again.json["executionId"] != answer.json["executionId"]:
                        odd.append(f"one key began {answer.json['executionId']} and {again.json['executionId']}")
        else:
            identifier = random.choice(known[-12:])
            method, path, body = {
                "look": ("GET", "", None), "list": ("GET", "/events?limit=50", None),
                "pause": ("POST", "/pause", {"mode": random.choice(("NOW", "NEXT_WAVE"))}),
                "resume": ("POST", "/resume", {}), "cancel": ("DELETE", "", None),
                "terminate": ("POST", "/terminate-instances", {}), "retry": ("POST", "/waves/0/retry", {})}[what]
            if what in ("cancel", "pause") and random.random() < 0.7:
                return
            answer = api.call(method, f"/executions/{identifier}{path}", body, hub=hub)
            if answer.status == 202:
                with lock:
                    acknowledged[identifier][what] += 1
        if answer.status not in (200, 202, 409, 429, 503):
            odd.append(f"{what}: {answer}")

    def begin(self, api, plan, hub, key=None, attempts=5):
        """Starts a plan under a key; what was not answered is asked again under it, of any hub."""
        key = key or str(uuid.uuid4())
        for left in reversed(range(attempts)):
            try:
                answer = api.call("POST", "/executions", {"planId": plan, "executionType": "DRILL"}, hub=hub,
                                  headers={"Idempotency-Key": key}, timeout=90)
                answer.key = key
                if answer.status not in (429, 503) or not left:
                    return answer
            except Away:
                if not left:
                    raise
            hub = None
            time.sleep(0.5)

    def kill_until(self, stack, end):
        random, kills = chance("kills"), 0
        while time.monotonic() < end:
            time.sleep(random.uniform(0.5, 3))  # the random moment
            if random.random() < 0.5:
                hub = random.choice(stack.hubs)
                hub.program.kill()
                hub.start()
            else:
                name = random.choice(list(stack.spokes))
                stack.spokes[name].program.kill()
                stack.add_spoke(name, "east")
            kills += 1
        say(f"{kills} kills")

    def test_a_thousand_concurrent_starts_of_plans_that_share_servers_give_each_server_to_one_at_a_time(self):
        world = World(clock=300, timeline={"jitter": 0.2})
        for account in ACCOUNTS:
            world.account(account, {REGION: 20})
        stack = self.run_stack(world, hubs=2, external=True, spokes={"one": "east", "two": "east"})
        plans, random = self.plans(stack), chance("thousand")
        chosen = [random.choice(plans) for _ in range(1000)]
        answers, away, gate = [], [], threading.Barrier(len(chosen) + 1)

        def start(number):
            gate.wait(120)
            try:
                answers.append(self.begin(stack.api, chosen[number], stack.hubs[number % 2], attempts=60))
            except Away as error:
                away.append(error)
        stack.api  # made by one thread, and its token with it
        threads = [threading.Thread(target=start, args=(number,), daemon=True) for number in range(len(chosen))]
        for thread in threads:
            thread.start()
        begin = time.monotonic()
        gate.wait(120)
        time.sleep(random.uniform(0.2, 1))  # the random moment
        stack.hubs[1].program.kill()
        stack.hubs[1].start()
        for thread in threads:
            thread.join(300)
        statuses = collections.Counter(answer.status for answer in answers)
        say(f"{len(chosen)} starts in {time.monotonic() - begin:.1f} s with a kill of a hub: "
            f"{dict(statuses)}, on the way also {dict(stack.api.statuses - statuses)}")
        self.assertEqual((len(answers), away), (len(chosen), []))
        self.assertLessEqual(set(statuses), {202, 409}, [a for a in answers if a.status not in (202, 409)][:5])
        self.assertGreaterEqual(statuses[202], 2)
        begun = [answer.json["executionId"] for answer in answers if answer.status == 202]
        self.assertEqual(len(begun), len(set(begun)), "one execution for one key")
        self.settle(stack, begun)
        listed = {execution["executionId"] for execution in stack.api.every("/executions")}
        self.assertEqual(listed, set(begun), "nothing began that nobody was told of, for everybody asked until answered")
        for answer in answers:
            if answer.status == 409:
                self.assertEqual(answer.code, "SERVER_CONFLICT", answer)
                self.assertLessEqual({conflict["executionId"] for conflict in answer.json["conflicts"]}, listed, answer)
        self.check(stack, {identifier: collections.Counter() for identifier in begun})

    def test_an_overlap_and_a_start_that_was_lost_are_found(self):
        world = World(clock=300)
        for account in ACCOUNTS:
            world.account(account, {REGION: 20})
        stack = self.run_stack(world, external=True)
        plan = next(plan for plan in self.plans(stack) if stack.api.get(f"/recovery-plans/{plan}")["planName"] == "plan-1")
        drills = []
        for _ in range(2):
            drill = stack.api.start(plan)
            drill.wait_status("PAUSED")
            drills.append(drill)
            # The planted bug: its servers are anybody's though it goes on.
            psql(stack.database_url(), f"DELETE FROM server_claim WHERE execution_id = '{drill.id}'")
        for drill in drills:
            drill.resume()
            drill.end(60)
        acknowledged = {drill.id: collections.Counter() for drill in drills}
        with self.assertRaisesRegex(AssertionError, "in the run of"):
            self.check(stack, acknowledged, least=2)
        with self.assertRaisesRegex(AssertionError, "what was acknowledged"):
            self.check(stack, {**acknowledged, str(uuid.uuid4()): collections.Counter()}, least=2)

    def settle(self, stack, acknowledged):
        """Resumes what is paused until all has ended."""
        def all_ended():
            active = stack.api.every("/executions?active=true")
            for execution in active:
                stack.api.call("POST", f"/executions/{execution['executionId']}/resume", {})
            return not active
        try:
            eventually("every execution ends", all_ended, 90, every=0.5)
        except NotYet:
            stuck = [Drill(stack.api, e["executionId"]).show() for e in stack.api.every("/executions?active=true")]
            for shown in stuck:
                commands = stack.rows("SELECT key, state, term, attempt, lease_until, not_before, problem_code, problem_text "
                                      f"FROM command WHERE execution_id = '{shown['executionId']}' AND ended_at IS NULL")
                say(f"stuck: {shown['status']} {shown['counts']} {commands}")
            raise

    def check(self, stack, acknowledged, least=3):
        listed = {execution["executionId"] for execution in stack.api.every("/executions")}
        self.assertLessEqual(set(acknowledged), listed, "what was acknowledged has happened")
        say(f"{len(listed)} executions, {sum(sum(done.values()) for done in acknowledged.values())} actions acknowledged")
        self.assertGreaterEqual(len(listed), least)
        starts = collections.Counter()
        for start in stack.simulator_state()["starts"]:
            starts[start["tags"].get("muster:command")] += 1
        self.assertEqual({key: count for key, count in starts.items() if count > 1}, {}, "accepted once each")
        kinds = {"pause": "PAUSE_REQUESTED", "cancel": "CANCEL_REQUESTED", "terminate": "TERMINATION_REQUESTED"}
        spans = collections.defaultdict(list)
        for identifier in sorted(listed):
            drill = Drill(stack.api, identifier)
            shown = drill.show()
            self.assertIn(shown["status"], ENDED)
            drill.check_journal(shown)
            journal = drill.journal()
            told = collections.Counter(event["event"] for event in journal)
            for what, kind in kinds.items():
                # A pause of what is being cancelled is accepted and changes nothing.
                if acknowledged.get(identifier, {}).get(what) and not (what == "pause" and told["CANCEL_REQUESTED"]):
                    self.assertGreaterEqual(told[kind], 1, f"{identifier}: an acknowledged {what} left no trace")
            committed = stack.rows("SELECT event::json->>'kind' AS event, pg_xact_commit_timestamp(xmin) AS at "
                                   f"FROM journal_event WHERE execution_id = '{identifier}' ORDER BY sequence")
            for kind, begin, end in self.spans(committed):
                for server in drill.servers(shown):
                    spans[server["sourceServerId"]].append((begin, end, kind, identifier))
            started = collections.Counter(server for start in drill.starts() for server in start["servers"])
            for server in drill.servers(shown):
                self.assertEqual(started[server["sourceServerId"]], server["attempts"], (identifier, server))
        for server, times in spans.items():
            runs = [time for time in times if time[2] == "run"]
            for begin, end, _, identifier in runs:
                for other in times:
                    if other[3] != identifier and other[0] < begin < other[1]:
                        self.fail(f"{server}: {identifier} began at {begin}, in the {other[2]} of {other[3]} "
                                  f"from {other[0]} to {other[1]}")

    def spans(self, journal):
        """From when to when an execution used its servers: it runs, may be taken up again, and is cleaned up.

        By the moments of the commits: an event's own time is read before its transaction waits for others.
        A clean-up may begin while a later execution has the servers (it takes its own instances only), but no execution
        may begin while another runs or is cleaned up.
        """
        spans, began, cleaning = [], journal[0]["at"], None
        for event in journal:
            if event["event"] == "EXECUTION_ENDED" and began:
                spans.append(("run", began, event["at"]))
                began = None
            elif event["event"] == "EXECUTION_REOPENED":
                began = began or event["at"]
            elif event["event"] == "TERMINATION_REQUESTED":
                cleaning = event["at"]
            elif event["event"] == "TERMINATION_ENDED":
                spans.append(("clean-up", cleaning, event["at"]))
        return spans + ([("run", began, "9999")] if began else [])
