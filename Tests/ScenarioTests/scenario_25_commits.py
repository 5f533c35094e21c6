"""The hub dies before and after each commit of what people change: the change is whole or absent, and made once."""
import collections
import re
import time
import urllib.parse
import uuid

import harness
from harness import ADMIN, Away, Options, Scenario, World, chance, eventually, exchange, psql, say

ACCOUNT, REGION = "111122223333", "us-east-1"
VARIABLE = "MUSTER_FAILPOINT"
# Places tried in the short run.
SAMPLED = 6
# What people's changes are made of; the audit's own rows are counted with them.
TABLES = ("account", "protection_group", "group_member", "recovery_plan", "recovery_plan_version", "plan_group",
          "role_binding", "browser_session", "execution", "execution_wave", "execution_server", "server_claim",
          "journal_event", "audit_event", "schedule", "notification_target", "report", "report_entry", "finding")
# Reports make themselves too, whenever that is.
BY_PEOPLE = {"audit_event": "outcome = 'DONE' AND action NOT LIKE 'MAKE\\_%'", "report": "made_by <> 'muster'"}
# A sweep that does not come by these does not sweep.
PLACES = {
    "commit.AccountEdit.create", "commit.AccountEdit.replace", "commit.ProtectionGroupEdit.create",
    "commit.RecoveryPlanEdit.create", "commit.Starting.start", "commit.IdempotencyStatements.claim",
    "commit.IdempotencyStatements.keep", "commit.SignOut.end", "commit.Sealer.seal", "call.issuer.token",
    "commit.ReportMaking.make", "commit.Reports.add", "commit.Findings.keep", "commit.ScheduleEdit.create",
    "commit.NotificationTargetEdit.create"}
# What goes on beside people's changes, and is swept by the drill of scenario_18.
BESIDES = ("commit.PlanReadinessStatements.", "commit.LookStatements.", "commit.SpokeWatch.", "commit.SpokeWatchStatements.",
           "commit.CommandStatements.", "commit.PlanChecking.", "commit.ReportStatements.", "commit.CampaignReportStatements.", "commit.Notifier.", "commit.Deliveries.", "commit.NotificationDeliveryStatements.")
# Answered with 202, and told from another by the revision.
WITHOUT_KEY = ("a drill is cancelled",)
TEXT = "made by a hub that dies"


class Browser:
    """Somebody's browser: it keeps the hub's cookies and follows nothing by itself."""

    def __init__(self, hub):
        self.hub, self.cookies = hub, {}

    def ask(self, method, path, body=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                   "Origin": self.hub.origin}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = exchange(self.hub.origin, method, path, body, headers)
        for setting in answer.headers.get_all("Set-Cookie") or []:
            name, value = setting.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def go_to_the_issuer(self, username="ada"):
        """Begins to sign in; the path of the way back, with the code in it."""
        begun = self.ask("GET", "/sign-in")
        assert begun.status in (302, 303), begun
        answer, address = begun, begun.headers["Location"]
        for _ in range(4):
            parts = urllib.parse.urlsplit(address)
            if parts.path == "/auth/callback":
                return f"{parts.path}?{parts.query}"
            is_login = parts.path.endswith("/login")
            answer = exchange(f"http://{parts.netloc}", "POST" if is_login else "GET", f"{parts.path}?{parts.query}",
                              f"username={username}".encode() if is_login else None,
                              {"Content-Type": "application/x-www-form-urlencoded"} if is_login else None)
            assert answer.status in (302, 303), answer
            address = urllib.parse.urljoin(address, answer.headers["Location"])
        raise AssertionError(f"no way back: {answer}")

    def sign_in(self):
        answer = self.ask("GET", self.go_to_the_issuer())
        assert answer.status in (302, 303), answer
        return self


class Commits(Scenario):
    def prepared(self):
        world = World(clock=100).account(ACCOUNT, {REGION: 6})
        world.browser["secret"] = "muster-browser-secret"
        world.pool["users"] = [{"username": "ada", "groups": [ADMIN]}]
        stack = harness.Stack(world, external=True)
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        stack.hub_environment.update({
            "MUSTER_PUBLIC_URL": stack.hub.origin, "MUSTER_COGNITO_DOMAIN": stack.simulator_origin,
            "MUSTER_COGNITO_CLIENT_SECRET": world.browser["secret"]})
        stack.start()
        # Nothing else is to happen meanwhile.
        stack.spokes["east"].program.kill()
        eventually("the audit knows that the spoke is lost",
                   lambda: stack.rows("SELECT * FROM spoke WHERE lost_at IS NOT NULL"), 60)
        return stack

    # What is changed. Each prepares what it needs, and answers how it is asked for: with a key where one is taken.

    def post(self, path, body):
        return lambda key: self.api.call("POST", path, body, headers={"Idempotency-Key": key}, timeout=60)

    def edit(self, method, path, body=None):
        revision = self.api.get(path)["revision"]
        return lambda _: self.api.call(method, path, body, headers={"If-Match": f'"{revision}"'}, timeout=60)

    def account_body(self, number):
        return {"accountId": number, "accountName": f"{TEXT} {uuid.uuid4()}", "regions": [REGION],
                "spokePrincipals": [f"arn:aws:iam::{number}:role/MusterSpoke"]}

    def group_body(self):
        return {"groupName": f"{TEXT} {uuid.uuid4()}", "accountId": ACCOUNT, "region": REGION,
                "serverSelectionTags": {"tier": str(uuid.uuid4())}}

    def plan_body(self, **wave):
        return {"planName": f"{TEXT} {uuid.uuid4()}", "waves": [
            {"waveNumber": 0, "name": "Wave 0", "protectionGroupIds": [self.standing], **wave}]}

    def binding_body(self):
        return {"kind": "GROUP", "name": f"group-{uuid.uuid4()}", "role": "DRSReadOnly", "description": TEXT}

    def schedule_body(self):
        return {"scheduleName": f"{TEXT} {uuid.uuid4()}", "planId": self.plan, "cron": "0 0 1 JAN *"}

    def target_body(self):
        return {"targetName": f"{TEXT} {uuid.uuid4()}", "kind": "SNS", "eventKinds": ["CAMPAIGN_ENDED"],
                "sns": {"accountId": ACCOUNT, "topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:dr"}}

    def finding_body(self):
        return {"executionId": self.ended, "title": TEXT, "severity": "HIGH"}

    def new_number(self):
        self.accounts += 1
        return str(777_700_000_000 + self.accounts)

    def steps(self):
        api = self.api

        def made(path, body, member):
            return f"{path}/{api.post(path, body)[member]}"

        def begun():
            # One at a time: an execution holds its servers until it ends.
            for execution in api.every("/executions?active=true"):
                api.need(202, "DELETE", f"/executions/{execution['executionId']}")
            eventually("the servers are free", lambda: not api.every("/executions?active=true"), 30)
            return {"planId": api.post("/recovery-plans", self.plan_body(pauseBeforeWave=True))["planId"],
                    "executionType": "DRILL"}

        def paused():
            identifier = api.post("/executions", begun(), status=202)["executionId"]
            eventually("it is paused", lambda: api.get(f"/executions/{identifier}")["status"] == "PAUSED", 30)
            return f"/executions/{identifier}"

        def account():
            number = self.new_number()
            api.post("/accounts", self.account_body(number))
            return f"/accounts/{number}"

        def change():
            return {"accountName": f"changed {uuid.uuid4()}", "regions": [REGION], "spokePrincipals": []}
        return {
            "an account is made": lambda: self.post("/accounts", self.account_body(self.new_number())),
            "an account is changed": lambda: self.edit("PUT", account(), change()),
            "an account is deleted": lambda: self.edit("DELETE", account()),
            "a group is made": lambda: self.post("/protection-groups", self.group_body()),
            "a group is changed": lambda: self.edit(
                "PUT", made("/protection-groups", self.group_body(), "groupId"), self.group_body()),
            "a group is deleted": lambda: self.edit("DELETE", made("/protection-groups", self.group_body(), "groupId")),
            "a plan is made": lambda: self.post("/recovery-plans", self.plan_body()),
            "a plan is changed": lambda: self.edit(
                "PUT", made("/recovery-plans", self.plan_body(), "planId"), self.plan_body()),
            "a plan is deleted": lambda: self.edit("DELETE", made("/recovery-plans", self.plan_body(), "planId")),
            "a role is bound": lambda: self.post("/role-bindings", self.binding_body()),
            "a binding is changed": lambda: self.edit(
                "PUT", made("/role-bindings", self.binding_body(), "bindingId"), self.binding_body()),
            "a binding is deleted": lambda: self.edit("DELETE", made("/role-bindings", self.binding_body(), "bindingId")),
            "a drill is started": lambda: self.post("/executions", begun()),
            "a note is written": lambda: self.post(f"{paused()}/notes", {"text": TEXT}),
            "a drill is resumed": lambda: self.post(f"{paused()}/resume", {}),
            "a drill is cancelled": lambda: self.edit("DELETE", paused()),
            "a schedule is made": lambda: self.post("/schedules", self.schedule_body()),
            "a schedule is changed": lambda: self.edit(
                "PUT", made("/schedules", self.schedule_body(), "scheduleId"), self.schedule_body()),
            "a schedule is deleted": lambda: self.edit("DELETE", made("/schedules", self.schedule_body(), "scheduleId")),
            "a target is made": lambda: self.post("/notification-targets", self.target_body()),
            "a target is changed": lambda: self.edit(
                "PUT", made("/notification-targets", self.target_body(), "targetId"), self.target_body()),
            "a target is deleted": lambda: self.edit(
                "DELETE", made("/notification-targets", self.target_body(), "targetId")),
            "a report is made": lambda: self.post(f"/executions/{self.ended}/reports", {"why": TEXT}),
            "a report is added to": lambda: self.post(
                f"/executions/{self.ended}/report-entries", {"kind": "LESSON", "text": TEXT}),
            "a finding is recorded": lambda: self.post("/findings", self.finding_body()),
            "a finding is changed": lambda: self.edit(
                "PUT", made("/findings", self.finding_body(), "findingId"),
                {"title": f"changed {uuid.uuid4()}", "severity": "LOW", "state": "OPEN"}),
            "somebody signs in": self.signing_in,
            "somebody signs out": self.signing_out,
            "a session is ended by an administrator": self.ending,
        }

    def signing_in(self):
        browser = Browser(self.stack.hub)
        back = browser.go_to_the_issuer()
        return lambda _: browser.ask("GET", back)

    def signing_out(self):
        browser = Browser(self.stack.hub).sign_in()
        return lambda _: browser.ask("POST", "/sign-out", b"")

    def ending(self):
        Browser(self.stack.hub).sign_in()
        session = self.api.get("/sessions")["items"][0]["sessionId"]
        return lambda _: self.api.call("DELETE", f"/sessions/{session}")

    # How it is told whether a change is whole.

    def rows(self):
        """All that people's changes are kept in, row by row."""
        found = {table: [] for table in TABLES}
        for row in self.stack.rows(" UNION ALL ".join(
                f"SELECT '{table}' AS name, to_jsonb({table})::text AS row FROM {table}"
                + f" WHERE {BY_PEOPLE.get(table, 'true')}" for table in TABLES)):
            found[row["name"]].append(row["row"])
        return {table: sorted(rows) for table, rows in found.items()}

    def growth(self, before, after):
        """How many rows more each table has; the same for each change of a kind."""
        return {table: len(after[table]) - len(before[table]) for table in TABLES
                if len(after[table]) != len(before[table])}

    def difference(self, before, after):
        return {table: [row for row in after[table] if row not in before[table]]
                + [row for row in before[table] if row not in after[table]]
                for table in TABLES if before[table] != after[table]}

    # The sweep.

    def restart(self, armed=None):
        hub = self.stack.hub
        hub.program.kill()
        hub.more.pop(VARIABLE, None)
        if armed:
            hub.more[VARIABLE] = armed
        try:
            hub.start()
            eventually("people are known", lambda: self.api.call("GET", "/users/me").status == 200, 20,
                       while_=lambda: hub.program.is_alive)
        except AssertionError:
            if hub.program.is_alive:
                raise

    def passings(self):
        text = self.stack.hub.log_since_start()
        return collections.Counter(re.findall(r"^failpoint (\S+:(?:before|after))$", text, re.MULTILINE))

    def traced(self, make):
        """The places that a change passes with the number of the passing, and what it adds."""
        ask = make()
        self.restart("trace")
        before, rows = self.passings(), self.rows()
        answer = ask(str(uuid.uuid4()))
        self.assertIn(answer.status, (200, 201, 202, 204, 302, 303), answer)
        growth = self.growth(rows, self.rows())
        eventually("the audit is sealed", lambda: not self.stack.rows("SELECT * FROM audit_pending"), 30)
        # What goes on all the time is passed a second later too: the hub then dies about when it is asked.
        places = {place: before[place] + (4 if before[place] or ".Sealer." in place else 1) for place in self.passings() - before
                  if not place.startswith(BESIDES)}
        return places, growth, answer.status

    def test_a_change_is_whole_or_absent_wherever_the_hub_dies_and_is_made_once(self):
        self.stack = stack = self.prepared()
        self.api, self.accounts = stack.api, 0
        self.standing = self.api.group("standing", ACCOUNT, REGION, self.api.servers()[:2])
        self.plan = self.api.post("/recovery-plans", self.plan_body(pauseBeforeWave=True))["planId"]
        self.ended = self.api.post("/executions", {"planId": self.plan, "executionType": "DRILL"}, status=202)["executionId"]
        self.api.need(202, "DELETE", f"/executions/{self.ended}")
        eventually("it has ended", lambda: self.api.get(f"/executions/{self.ended}")["endedAt"], 30)
        random, steps = chance("commits"), self.steps()
        tries, normal, names = [], {}, set()
        chosen = list(steps) if Options.full else random.sample(list(steps), 5)
        for name in chosen:
            places, growth, status = self.traced(steps[name])
            normal[name] = (growth, status)
            names |= {place.rsplit(":", 1)[0] for place in places}
            tries += [(name, place, passing) for place, passing in sorted(places.items())]
        if Options.full:
            self.assertLessEqual(PLACES, names, "the changes come by these places")
        else:
            tries = random.sample(tries, SAMPLED)
        say(f"{len(chosen)} kinds of changes, {len(names)} places, {len(tries)} tries")
        reached = 0
        for number, (name, place, passing) in enumerate(tries, 1):
            with self.subTest(f"{name}: {place}:{passing}"):
                died = self.try_once(name, steps[name], f"{place}:{passing}", *normal[name])
                reached += died
                say(f"{number}/{len(tries)} {name}: {place}:{passing}{'' if died else ' not reached'}")
        say(f"died at {reached} of {len(tries)}")
        self.assertGreaterEqual(reached, len(tries) // 2)
        self.check_audit()
        self.assertFalse([text for text in self.api.refused if ": 503" not in text], "503 and nothing else")

    def try_once(self, name, make, armed, growth, status):
        self.restart()
        ask, key = make(), str(uuid.uuid4())
        self.restart(armed)
        before = self.rows()
        is_early = not self.stack.hub.program.is_alive
        try:
            ask(key)
        except Away:
            pass
        died = not is_early and self.has_died()
        self.restart()
        self.forget_the_dead()
        between = self.rows()
        self.assertIn(self.growth(before, between), ({}, growth),
                      f"neither whole nor absent: {self.difference(before, between)}")
        is_there = before != between
        answer = eventually("it is answered", lambda: self.answered(ask(key)), 60)
        after = self.rows()
        if name == "somebody signs in":
            # Its code is good once: whoever was not let in begins anew.
            if answer.status != status:
                Browser(self.stack.hub).sign_in()
            self.check_sessions()
            return died
        takes_key = status in (201, 202) and name not in WITHOUT_KEY
        if takes_key or not is_there:
            self.assertEqual(answer.status, status, answer)
        else:
            # Said again without a key: it is another revision, or gone.
            self.assertIn(answer.status, (302, 303, 404, 409, 412), answer)
        self.assertEqual(self.growth(before, after), growth, f"made once: {self.difference(before, after)}")
        if is_there:
            self.assertEqual(self.difference(between, after), {}, "what was whole does not change when it is asked again")
        if takes_key:
            again = ask(key)
            self.assertEqual((again.status, again.raw), (answer.status, answer.raw))
            self.assertEqual(self.difference(after, self.rows()), {}, "the same key makes nothing twice")
        self.check_sessions()
        return died

    def answered(self, answer):
        return answer if answer.status not in (401, 503) else None

    def has_died(self):
        """What goes on beside the request dies a little later than it."""
        end = time.monotonic() + 2
        while self.stack.hub.program.is_alive and time.monotonic() < end:
            time.sleep(0.05)
        return not self.stack.hub.program.is_alive

    def forget_the_dead(self):
        """The claims of a hub that died are taken over when they are 15 s old: so old they are now."""
        psql(self.stack.database_url(),
             "UPDATE idempotency_key SET created_at = created_at - interval '1 minute' WHERE status = 0")

    def check_sessions(self):
        """Every session has begun in the audit, and none has ended there that is still good."""
        begun, ended = (
            {row["subject_id"] for row in self.stack.rows(f"SELECT subject_id FROM audit_event WHERE action = '{action}'")}
            for action in ("SIGN_IN", "SIGN_OUT"))
        there = {row["session_id"] for row in self.stack.rows("SELECT session_id FROM browser_session")}
        self.assertLessEqual(there, begun)
        self.assertFalse(there & ended)

    def check_audit(self):
        eventually("the audit is sealed", lambda: not self.stack.rows("SELECT * FROM audit_pending"), 30)
        shown = self.api.get("/audit-events/verification")
        self.assertTrue(shown["intact"], shown)
        self.assertGreater(shown["events"], 0)
