"""People sign in by a browser: through the simulated Cognito, and, when that is away, by a code made on the host."""
import json
import subprocess
import urllib.parse

import harness
from harness import POOL, Scenario, World, exchange, psql, stack_program

ACCOUNT, REGION = "111122223333", "us-east-1"
PUBLIC = "https://muster.example.com"
CALLBACK = f"{PUBLIC}/auth/callback"
SECRET = "the-secret-of-the-browser's-client"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class LoginWorld(World):
    """A world whose pool has a confidential client, with addresses that are registered."""

    def document(self):
        document = super().document()
        client = document["cognito"]["clients"][0]
        client.update(secret=SECRET, lifetimeSeconds=900, callbackUrls=[CALLBACK],
                      logoutUrls=[f"{PUBLIC}/signed-out", f"{PUBLIC}/sign-in"])
        return document


class Browser:
    """Keeps cookies as a browser does, and goes where it is sent only when told."""

    def __init__(self, stack):
        self.stack, self.cookies, self.set = stack, {}, {}

    def ask(self, method, address, body=None, headers=None):
        at_hub = address.startswith((PUBLIC, "/"))
        origin = PUBLIC if at_hub else self.stack.simulator_origin
        jar = self.cookies.setdefault(origin, {})
        sent = {"Host": "muster.example.com"} if at_hub else {}
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        sent.update(headers or {})
        answer = exchange(self.stack.hub.origin if at_hub else origin, method, address.removeprefix(origin), body, sent)
        self.set = {}
        for field in answer.headers.get_all("Set-Cookie") or []:
            pair, *attributes = field.split("; ")
            name, value = pair.split("=", 1)
            self.set[name] = attributes
            if "Max-Age=0" in attributes:
                jar.pop(name, None)
            else:
                jar[name] = value
        return answer

    def get(self, address, **headers):
        return self.ask("GET", address, headers=headers)

    @property
    def session(self):
        return self.cookies.get(PUBLIC, {}).get("__Host-muster_session")

    def me(self):
        return self.get("/api/v1/users/me")

    def change(self, method, path, body=None):
        return self.ask(method, path, json.dumps(body).encode() if body is not None else None, {**SAME_ORIGIN, **JSON})

    def submit(self, path, **fields):
        return self.ask("POST", path, urllib.parse.urlencode(fields).encode(), {**SAME_ORIGIN, **FORM})

    def callback(self, username, start="/sign-in"):
        """From the hub to the issuer, and to the address to which that sends the browser back."""
        begun = self.get(start)
        assert begun.status == 303, begun
        page = self.get(begun.headers["Location"])
        assert page.status == 302 and "/login?" in page.headers["Location"], page
        back = self.ask("POST", page.headers["Location"], f"username={username}".encode(), FORM)
        assert back.status == 302, back
        return back.headers["Location"]

    def sign_in(self, username, start="/sign-in"):
        answer = self.get(self.callback(username, start))
        assert answer.status == 303 and self.session, answer
        return answer


class SignIn(Scenario):
    def prepared(self):
        stack = harness.Stack(LoginWorld(clock=100).account(ACCOUNT, {REGION: 1}))
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        stack.hub_environment.update({
            "MUSTER_PUBLIC_URL": PUBLIC, "MUSTER_COGNITO_DOMAIN": stack.simulator_origin,
            "MUSTER_COGNITO_CLIENT_SECRET": SECRET, "MUSTER_LOG_LEVEL": "trace"})
        stack.start(spokes=False)
        return stack

    def pool(self, stack, path, body=None):
        raw = None if body is None else json.dumps(body).encode()
        return exchange(stack.simulator_origin, "POST" if raw else "GET", f"/{POOL}/test/{path}", raw).json

    def actions(self, stack):
        return [event["action"] for event in reversed(stack.api.every("/audit-events"))]

    def check_cookie(self, browser, name, seconds):
        self.assertEqual(sorted(browser.set[name]),
                         sorted(["Secure", "HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={seconds}"]))

    def test_somebody_signs_in_through_cognito_works_with_a_cookie_and_signs_out_everywhere(self):
        stack = self.prepared()
        ada = Browser(stack)
        begun = ada.get("/sign-in?return=%2Fplans")
        self.check_cookie(ada, "__Host-muster_login", 600)
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun.headers["Location"]).query))
        self.assertEqual((asked["response_type"], asked["code_challenge_method"], asked["redirect_uri"]),
                         ("code", "S256", CALLBACK))
        for secret in ("state", "nonce", "code_challenge"):
            self.assertEqual(len(asked[secret]), 43, f"{secret} is of 256 bits")

        callback = ada.callback("ada", "/sign-in?return=%2Fplans")
        login = dict(ada.cookies[PUBLIC])
        back = ada.get(callback)
        self.assertEqual((back.status, back.headers["Location"]), (303, "/plans"))
        self.check_cookie(ada, "__Host-muster_session", 43_200)
        self.assertNotIn("__Host-muster_login", ada.cookies[PUBLIC], "what belongs to the sign-in goes with it")
        me = ada.me().json
        self.assertEqual((me["name"], me["kind"], me["roles"]), ("ada", "PERSON", ["DRSOrchestrationAdmin"]))
        self.assertEqual(ada.get("/").status, 200)

        # The same answer a second time, in the browser that it was for and in another.
        again, stranger = Browser(stack), Browser(stack)
        again.cookies[PUBLIC] = login
        self.assertEqual((again.get(callback).status, again.session), (400, None))
        self.assertEqual((stranger.get(callback).status, stranger.session), (400, None))
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(callback).query)["code"][0]
        spent = exchange(stack.simulator_origin, "POST", "/oauth2/token", urllib.parse.urlencode({
            "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": "x" * 43,
            "client_id": "muster-browser", "client_secret": SECRET}).encode(), FORM)
        self.assertEqual((spent.status, spent.json), (400, {"error": "invalid_grant"}))

        # What another site could have a browser send changes nothing.
        for headers in (JSON, {"Sec-Fetch-Site": "cross-site", **JSON}, {"Sec-Fetch-Site": "same-site", **JSON},
                        {"Origin": "https://evil.example.com", **JSON}, {"Origin": "null", **JSON}):
            refused = ada.ask("POST", "/api/v1/recovery-plans", b"{}", headers)
            self.assertEqual((refused.status, refused.code), (403, "CROSS_SITE"), headers)
            self.assertEqual(ada.ask("POST", "/sign-out", b"", {**headers, **FORM}).status, 403, headers)
        self.assertEqual(ada.ask("POST", "/api/v1/recovery-plans", b"{}", {**SAME_ORIGIN, **FORM}).status, 415)
        self.assertEqual(ada.change("POST", "/api/v1/recovery-plans", {}).status, 400, "only the plan is wrong now")
        self.assertEqual(ada.ask("POST", "/api/v1/recovery-plans", b"{}", {"Origin": PUBLIC, **JSON}).status, 400)
        for answer in (refused, ada.me(), ada.get("/nowhere")):
            self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])

        # Others: seen by an administrator only, and ended by one.
        olga = Browser(stack)
        olga.sign_in("olga")
        self.assertEqual([one["name"] for one in olga.get("/api/v1/sessions").json["items"]], ["olga"])
        self.assertEqual(olga.get("/api/v1/sessions?all=true").status, 403)
        everybody = {one["name"]: one["sessionId"] for one in ada.get("/api/v1/sessions?all=true").json["items"]}
        self.assertEqual(olga.change("DELETE", f"/api/v1/sessions/{everybody['ada']}").status, 404)
        self.assertEqual(ada.change("DELETE", f"/api/v1/sessions/{everybody['olga']}").status, 204)
        self.assertEqual((olga.me().status, ada.me().status), (401, 200))
        self.assertEqual(self.pool(stack, "state")["counts"]["revocation"], 1)

        # Out: here, at the issuer, and for whoever has copied the cookie.
        thief = Browser(stack)
        thief.cookies[PUBLIC] = dict(ada.cookies[PUBLIC])
        self.assertEqual(thief.me().status, 200)
        out = ada.submit("/sign-out")
        self.assertEqual(out.status, 303)
        self.assertTrue(out.headers["Location"].startswith(f"{stack.simulator_origin}/logout?client_id=muster-browser"))
        self.assertIsNone(ada.session)
        self.assertEqual(thief.me().status, 401)
        gone = ada.get(out.headers["Location"])
        self.assertEqual(gone.headers["Location"], f"{PUBLIC}/signed-out")
        self.assertEqual(ada.get(gone.headers["Location"]).status, 200)
        ada.callback("ada")  # which finds the login page: the issuer has forgotten her, too
        # The refusals of calls are written down a little later than they are answered.
        self.assertEqual([action for action in self.actions(stack)
                          if "S" in action and "ccount" not in action and action != "ListSessions"],
                         ["SIGN_IN", "SIGN_IN", "RevokeSession", "SIGN_OUT"])
        log = stack.hub.program.text()
        secrets = [SECRET, code, thief.session, asked["state"], asked["nonce"], *login.values()]
        for secret in secrets:
            self.assertNotIn(secret, log, "a secret of a sign-in is in the log")

    def test_a_session_ends_after_45_minutes_of_silence_and_after_12_hours(self):
        stack = self.prepared()
        browser = Browser(stack)

        def later(minutes):
            # Time passes for the session alone: the hub's clock is the machine's.
            span = f"interval '{minutes} minutes'"
            psql(stack.database_url(), f"UPDATE browser_session SET last_seen_at = last_seen_at - {span},"
                                       f" ends_at = ends_at - {span}, fresh_until = fresh_until - {span}")

        browser.sign_in("rita")
        later(44)
        self.assertEqual(browser.me().status, 200, "asking is no sign of life, but the time is not over")
        later(2)
        self.assertEqual(browser.me().status, 401)
        self.assertEqual(browser.change("POST", "/session/touch").status, 401)
        # Whoever sits there now must show who they are, though the issuer remembers rita for an hour.
        detour = browser.get("/sign-in?return=%2Fexecutions")
        self.assertTrue(detour.headers["Location"].startswith(f"{stack.simulator_origin}/logout?"))
        back = browser.get(detour.headers["Location"]).headers["Location"]
        self.assertEqual(back, f"{PUBLIC}/sign-in")
        self.assertEqual(browser.sign_in("rita", back).headers["Location"], "/executions")
        for _ in range(17):
            later(42)
            self.assertEqual(browser.change("POST", "/session/touch").status, 200)
        later(42)  # 18 times 42 minutes are more than 12 hours
        self.assertEqual(browser.change("POST", "/session/touch").status, 401)

    def break_glass(self, stack, *more):
        command = [stack_program("muster-hub"), "break-glass", *more]
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", **stack.hub.environment()}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd="/")

    def test_a_code_made_on_the_host_signs_one_person_in_for_an_hour_while_the_issuer_is_away(self):
        stack = self.prepared()
        token = stack.api.token
        self.assertEqual(stack.api.call("GET", "/users/me", token=token).status, 200, "the keys are known")
        stack.simulator.kill()
        why = "--reason", "Cognito's Region is down"
        made = self.break_glass(stack, "--name", "Grace Hopper", *why)
        self.assertEqual(made.returncode, 0, made.stderr)
        code = made.stdout.splitlines()[0]
        self.assertRegex(code, r"^([0-9a-f]{4}-){7}[0-9a-f]{4}$")
        self.assertIn(f"{PUBLIC}/sign-in/break-glass", made.stdout)
        self.assertIn("a break-glass code was made", made.stderr)

        grace = Browser(stack)
        self.assertEqual(grace.get("/sign-in/break-glass").status, 200)
        cross = grace.ask("POST", "/sign-in/break-glass", f"code={code}".encode(),
                          {"Sec-Fetch-Site": "cross-site", **FORM})
        self.assertEqual(cross.status, 403)
        entered = grace.submit("/sign-in/break-glass", code=code)
        self.assertEqual((entered.status, entered.headers["Location"]), (303, "/"))
        self.check_cookie(grace, "__Host-muster_session", 3600)
        me = grace.me().json
        self.assertEqual((me["name"], me["roles"]), ("Grace Hopper", ["DRSOrchestrationAdmin"]))
        self.assertEqual(grace.change("POST", "/api/v1/recovery-plans", {}).status, 400, "she may work")
        second = Browser(stack)
        self.assertEqual((second.submit("/sign-in/break-glass", code=code).status, second.session), (403, None))

        ends = grace.get("/session").json["endsAt"]
        self.assertEqual(grace.change("POST", "/session/touch").json["endsAt"], ends, "nothing makes the hour longer")
        psql(stack.database_url(), "UPDATE browser_session SET ends_at = ends_at - interval '61 minutes'")
        self.assertEqual(grace.me().status, 401)

        late = self.break_glass(stack, "--name", "Alan", *why, "--role", "DRSReadOnly").stdout.splitlines()[0]
        psql(stack.database_url(), "UPDATE break_glass_code SET expires_at = expires_at - interval '11 minutes'"
                                   " WHERE used_at IS NULL")
        self.assertEqual(second.submit("/sign-in/break-glass", code=late).status, 403, "ten minutes are over")

        events = {event["action"]: event for event in stack.api.every("/audit-events") if "GLASS" in event["action"]}
        self.assertEqual(events["USE_BREAK_GLASS_CODE"]["principal"], "Grace Hopper@muster:break-glass")
        self.assertEqual(events["USE_BREAK_GLASS_CODE"]["sourceAddress"], "127.0.0.1")
        self.assertIn("Cognito's Region is down", events["USE_BREAK_GLASS_CODE"]["detail"])
        self.assertEqual(events["MAKE_BREAK_GLASS_CODE"]["principal"], "muster-hub break-glass")
        log = stack.hub.program.text()
        self.assertRegex(log, r"(?i)warning.*a break-glass code was used")
        kept = psql(stack.database_url(), "SELECT to_jsonb(c)::text FROM break_glass_code c")
        for text in (code, code.replace("-", "")):
            self.assertNotIn(text, log + made.stderr + kept, "a code is nowhere kept")

        self.assertNotEqual(self.break_glass(stack, "--name", "", *why).returncode, 0)
        stack.hub.program.stop()
        alone = self.break_glass(stack, "--name", "Grace Hopper", *why)
        self.assertNotEqual(alone.returncode, 0, "without the database there is no code")
        self.assertEqual(alone.stdout, "")
        self.assertTrue(alone.stderr.strip(), "it says why")
