"""The process ends right before and right after every commit and every outgoing call, at each in turn."""
import collections
import re
import threading
import time
import uuid

from harness import Away, Drill, ENDED, Options, Scenario, World, chance, eventually, psql, say

ACCOUNT, REGION = "111122223333", "us-east-1"
VARIABLE = "MUSTER_FAILPOINT"
# Places tried in the short run, of the hub and of the spoke each.
SAMPLED = 5
# What a drill is made of: a sweep that does not come by here does not sweep.
HUB_PLACES = {
    "commit.Starting.start", "commit.Recording.record", "commit.Steering.steer", "commit.Steering.retry",
    "commit.CommandStatements.lease", "commit.CommandStatements.renew", "commit.InventorySync.apply",
    "commit.Agents+Enrolment.begin", "commit.Notifier.run", "commit.IdempotencyStatements.claim", "call.issuer.keys", "call.sts.GetCallerIdentity.proof"}
SPOKE_PLACES = {
    "call.hub/agent/v1/challenges", "call.hub/agent/v1/sessions", "call.hub/agent/v1/commands",
    "call.hub/agent/v1/progress", "call.hub/agent/v1/inventory", "call.sts.AssumeRole", "call.drs.StartRecovery",
    "call.drs.DescribeJobs", "call.drs.DescribeJobLogItems", "call.drs.DescribeRecoveryInstances",
    "call.drs.TerminateRecoveryInstances", "call.drs.DescribeSourceServers", "call.drs.DescribeRecoverySnapshots",
    "call.drs.GetLaunchConfiguration", "call.iam.SimulatePrincipalPolicy"}


class Keeper(threading.Thread):
    """Starts a program again when it has died, as an operator's system does; unarmed then."""

    def __init__(self, part):
        super().__init__(daemon=True)
        self.part, self.ending, self.deaths = part, threading.Event(), 0
        self.start()

    def run(self):
        while not self.ending.wait(0.05):
            if not self.part.program.is_alive:
                self.deaths += 1
                self.part.more.pop(VARIABLE, None)
                self.part.start() if self.part.name_of_kind == "spoke" else self.part.start(ready=False)

    def stop(self):
        self.ending.set()
        self.join(10)


class Sweep(Scenario):
    """One stack, and in it a small drill for each place."""

    def prepared(self):
        world = World(clock=400, timeline={"jitter": 0.2}).account(ACCOUNT, {REGION: [
            {"hostname": "good", "count": 4},
            # Fails at the first launch of each instance that it is asked for, and heals when it is retried.
            {"hostname": "heals", "count": 1, "failure": {"ending": "LAUNCH_FAILED", "launches": 1}}]})
        stack = self.run_stack(world, external=True, spokes={"one": "east", "two": "east"})
        stack.hub.name_of_kind = "hub"
        for spoke in stack.spokes.values():
            spoke.name_of_kind = "spoke"
        servers = sorted(stack.api.servers(), key=lambda server: server["hostname"])
        groups = [stack.api.group(f"tier-{n}", ACCOUNT, REGION, part)
                  for n, part in enumerate((servers[:2], servers[2:4], servers[4:]))]
        self.stack = stack
        self.plan = stack.api.plan("sweep", [
            {"protectionGroupIds": [groups[0]]},
            {"protectionGroupIds": [groups[1]], "pauseBeforeWave": True},
            {"protectionGroupIds": [groups[2]]}])
        self.heals = servers[4]["sourceServerId"]
        return stack

    def ask(self, method, path, body=None, wanted=(202,), key=None, seconds=60):
        """A request that is repeated until it is answered, under one key where it makes something."""
        headers = {"Idempotency-Key": key} if key else None

        def once():
            answer = self.stack.api.call(method, path, body, headers=headers)
            if answer.status in wanted:
                return answer
            if answer.status == 503 or answer.status == 401:
                return None  # the hub is just back, or its issuer's keys are
            raise AssertionError(f"{method} {path}: {answer}")
        return eventually(f"{method} {path} is answered", once, seconds)

    def shown(self, drill):
        return self.ask("GET", drill.path, wanted=(200,)).json

    def patiently(self, check):
        """A check that is made again where the hub died under it."""
        eventually("it can be checked", lambda: check() or True, 60)

    def drill(self, renewing=None):
        """A drill with a pause, a retry and a clean-up, by a person who repeats what was not answered.

        In its middle a spoke starts anew, where one is named.
        """
        # As if hours had passed: the standing check looks at servers and access anew.
        psql(self.stack.database_url(), "DELETE FROM access_finding", "DELETE FROM server_finding",
             "DELETE FROM command WHERE kind IN ('VALIDATE_ACCESS', 'CHECK_SERVERS') AND ended_at IS NOT NULL")
        begun = self.ask("POST", "/executions", {"planId": self.plan, "executionType": "DRILL"},
                         key=str(uuid.uuid4()), seconds=90).json
        drill = Drill(self.stack.api, begun["executionId"])

        def until(what, test, seconds=90):
            def look():
                shown = self.shown(drill)
                return shown if test(shown) else None
            return eventually(f"{what} ({drill.id})", look, seconds, every=0.2)
        until("it pauses before its second wave", lambda e: e["status"] == "PAUSED" or e["status"] in ENDED)
        if renewing:
            self.restart(renewing)
        # A resume that was committed, and whose answer was lost, is refused the second time.
        self.ask("POST", f"{drill.path}/resume", {}, wanted=(202, 409))
        ended = until("it ends", lambda e: e["status"] in ENDED)
        if ended["status"] != "COMPLETED":
            self.assertEqual([s["sourceServerId"] for s in drill.servers(ended) if s["status"] != "LAUNCHED"],
                             [self.heals], ended["verdict"])
            self.ask("POST", f"{drill.path}/servers/{self.heals}/retry", {}, wanted=(202, 409))
            ended = until("it ends after the retry", lambda e: e["status"] == "COMPLETED")
        self.patiently(lambda: drill.check_completed(ended, retried=True))
        self.ask("POST", f"{drill.path}/terminate-instances", {}, wanted=(202, 409))
        until("its instances are gone", lambda e: e["instancesTerminated"])
        self.patiently(lambda: drill.check_once(retried=True))
        self.patiently(drill.check_journal)
        self.assertEqual(self.stack.simulator_state()["instances"], [])
        # So that the next drill of the server needs its retry too.
        self.stack.control("POST", f"servers/{self.heals}", {"failure": {"ending": "LAUNCH_FAILED", "launches": 1}})
        return drill

    def restart(self, part, armed=None):
        part.program.kill()
        part.more.pop(VARIABLE, None)
        if armed:
            part.more[VARIABLE] = armed
        before = len(part.program.text())
        part.start() if part.name_of_kind == "spoke" else part.start(ready=False)
        return before

    def traced(self, part, renewing=None):
        """The places that a drill passes, and how often."""
        before = self.restart(part, "trace")
        self.drill(renewing)
        text = part.program.text()[before:]
        self.restart(part)
        return collections.Counter(re.findall(r"^failpoint (\S+:(?:before|after))$", text, re.MULTILINE))

    def sweep(self, part, wanted, renewing=None):
        places = self.traced(part, renewing)
        names = {place.rsplit(":", 1)[0] for place in places}
        self.assertLessEqual(wanted, names, "the drill comes by these places")
        random = chance(f"failpoints {part.name_of_kind}")
        # The first passing of each place, and one at random.
        tries = [(place, passing) for place in sorted(places) for passing in sorted({1, random.randint(1, places[place])})]
        if not Options.full:
            tries = random.sample([(place, random.randint(1, min(5, places[place]))) for place in sorted(places)], SAMPLED)
        say(f"{part.name_of_kind}: {len(places)} places, {len(tries)} tries")
        reached = set()
        for number, (place, passing) in enumerate(tries, 1):
            with self.subTest(f"{part.name_of_kind} {place}:{passing}"):
                begin = time.monotonic()
                before = self.restart(part, f"{place}:{passing}")
                keeper = Keeper(part)

                def died():
                    return f"failpoint reached {place}:{passing}" in part.program.text()[before:]
                try:
                    self.drill(renewing)
                    if not died():
                        # How often a place is passed depends on who comes first; it is armed still.
                        self.drill(renewing)
                finally:
                    keeper.stop()
                has_died = died()
                self.assertLessEqual(keeper.deaths, 1 if has_died else 0, "it dies of nothing else")
                if has_died:
                    reached.add(place)
                if not keeper.deaths:
                    # Alive, and still armed; or it died when the drill was over and its keeper gone.
                    self.restart(part)
                say(f"{number}/{len(tries)} {place}:{passing} {'' if has_died else 'not reached '}"
                    f"({time.monotonic() - begin:.1f} s)")
        tried = {place for place, _ in tries}
        say(f"{part.name_of_kind}: died at {len(reached)} of {len(tried)} places (before and after are two); "
            f"never at {sorted(tried - reached)}")
        self.assertGreaterEqual(len(reached), len(tried) // 2)
        self.assertFalse([text for text in self.stack.api.refused if ": 503" not in text], "503 and nothing else")

    def test_a_drill_completes_wherever_the_hub_dies(self):
        stack = self.prepared()
        self.sweep(stack.hub, HUB_PLACES, renewing=stack.spokes["two"])

    def test_a_drill_completes_wherever_its_only_spoke_dies(self):
        stack = self.prepared()
        stack.spokes["two"].program.kill()
        self.sweep(stack.spokes["one"], SPOKE_PLACES)


class Repeated(Scenario):
    """What was committed and not answered is answered when it is asked again with its key."""
    waits = True

    def test_a_request_whose_hub_died_after_its_commit_is_answered_as_if_it_had_not(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 6}))
        api = stack.api
        servers = api.servers()
        account = {"accountId": "777788889999", "accountName": "made-by-a-hub-that-died", "regions": [REGION],
                   "spokePrincipals": ["arn:aws:iam::777788889999:role/MusterSpoke"]}
        group = {"groupName": "made-by-a-hub-that-died", "accountId": ACCOUNT, "region": REGION,
                 "sourceServerIds": [servers[0]["sourceServerId"]]}
        standing = api.group("standing", ACCOUNT, REGION, servers[2:4])
        plan = {"planName": "made-by-a-hub-that-died", "waves": [
            {"waveNumber": 0, "name": "Wave 0", "protectionGroupIds": [standing]}]}
        requests = [("/accounts", account, "commit.AccountEdit.create", "accountId"),
                    ("/protection-groups", group, "commit.ProtectionGroupEdit.create", "groupId"),
                    ("/recovery-plans", plan, "commit.RecoveryPlanEdit.create", "planId")]
        for path, body, place, _ in requests:
            stack.hub.program.kill()
            stack.hub.more[VARIABLE] = f"{place}:after"
            stack.hub.start()
            eventually("people are known", lambda: api.call("GET", "/users/me").status == 200, 20)
            with self.assertRaises(Away):
                self.post(api, path, body)
            eventually("the hub has died", lambda: not stack.hub.program.is_alive, 10)
        stack.hub.more.pop(VARIABLE)
        stack.hub.start()
        for path, body, place, member in requests:
            with self.subTest(path):
                made = self.made(api, path)
                self.assertEqual(len(made), 1, made)
                # The claim of the hub that died is taken over when it is old enough.
                answer = eventually("it is answered", lambda: self.post(api, path, body), 60)
                self.assertEqual(answer.status, 201, answer)
                self.assertEqual(answer.json[member], made[0][member])
                again = self.post(api, path, body)
                self.assertEqual((again.status, again.json), (201, answer.json))
                without = api.call("POST", path, body)
                self.assertEqual((without.status, without.code), (409, "NAME_TAKEN"), "without the key it is another")
                self.assertEqual(len(self.made(api, path)), 1)

    def made(self, api, path):
        return [row for row in api.every(path) if "made-by-a-hub-that-died" in (
            row.get("accountName"), row.get("groupName"), row.get("planName"))]

    def post(self, api, path, body):
        answer = api.call("POST", path, body, headers={"Idempotency-Key": f"once{path}"}, timeout=60)
        return answer if answer.status not in (401, 503) else None
