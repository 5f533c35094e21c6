"""Bad input: every problem named at once, nothing half-written, never a 5xx."""
import base64
import json
import socket
import uuid

from harness import Api, Scenario, World, exchange

FIRST, SECOND, REGION = "111122223333", "444455556666", "us-east-1"
MIB = 1 << 20
ROLES = ("DRSOrchestrationAdmin", "DRSRecoveryManager", "DRSPlanManager", "DRSOperator", "DRSReadOnly")
ADMIN, MANAGER, PLANNER, OPERATOR, READER = ROLES


class BadInput(Scenario):
    @classmethod
    def setUpClass(cls):
        import harness
        world = World(clock=100)
        world.account(FIRST, {REGION: 4004, "eu-west-1": 1}).account(SECOND, {REGION: 1001})
        cls.stack = harness.Stack(world)
        cls.addClassCleanup(cls.stack.discard)
        cls.addClassCleanup(cls.stack.stop)
        cls.stack.start()
        cls.api = cls.stack.api
        cls.servers = [server["sourceServerId"] for server in cls.api.servers(FIRST, REGION)]
        cls.others = [server["sourceServerId"] for server in cls.api.servers(SECOND, REGION)]
        cls.good = cls.api.group("Good", FIRST, REGION, cls.servers[:3])
        cls.plan = cls.api.plan("Good plan", [{"protectionGroupIds": [cls.good]}])

    def setUp(self):
        self.stacks = [self.stack]
        self.before = self.stored()
        self.refused_before = len(self.api.refused)

    def stored(self):
        return self.stack.rows(
            "SELECT (SELECT count(*) FROM protection_group) AS groups, (SELECT count(*) FROM group_member) AS members, "
            "(SELECT count(*) FROM recovery_plan) AS plans, (SELECT count(*) FROM execution) AS executions, "
            "(SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM command WHERE kind = 'LAUNCH') AS launches")

    def check_nothing_written(self):
        self.assertEqual(self.stored(), self.before, "nothing is half-written")
        self.assertEqual(self.api.refused[self.refused_before:], [], "never a 5xx")

    def problem(self, name, answer, status, code=None, pointers=None):
        """The answer is the problem that it should be."""
        with self.subTest(name):
            wanted = status if isinstance(status, tuple) else (status,)
            self.assertIn(answer.status, wanted, answer)
            self.assertEqual(answer.kind, "application/problem+json")
            document = answer.json
            for member in ("type", "title", "status", "detail", "code", "requestId"):
                self.assertIn(member, document)
            self.assertEqual(document["status"], answer.status)
            if code:
                self.assertIn(document["code"], code if isinstance(code, tuple) else (code,), answer)
            if pointers is not None:
                self.assertEqual(answer.pointers, sorted(pointers), answer)
            for word in ("SELECT", "INSERT", "constraint", ".swift", "PostgresFailure", "/work"):
                self.assertNotIn(word, answer.raw.decode(), "nothing internal leaks")

    def group(self, **changes):
        body = {"groupName": "Bad", "accountId": FIRST, "region": REGION, "sourceServerIds": self.servers[10:12]}
        body.update(changes)
        return {name: value for name, value in body.items() if value is not ...}

    def post_group(self, **changes):
        return self.api.call("POST", "/protection-groups", self.group(**changes))

    def post_raw(self, raw, path="/protection-groups", **headers):
        return self.api.call("POST", path, raw=raw if isinstance(raw, bytes) else raw.encode(), headers=headers)

    def test_json_that_is_not_as_it_must_be_is_refused_with_its_position(self):
        good = json.dumps(self.group())
        for name, raw in (
            ("nothing", b""), ("a word", b"hello"), ("half an object", good[:-5]), ("two values", good + " {}"),
            ("a comma too many", good[:-1] + ",}"), ("a comment", good[:-1] + "/* */}"), ("single quotes", "{'groupName': 1}"),
            ("a repeated member", good[:-1] + ', "groupName": "other"}'),
            ("a repeated member, escaped", good[:-1] + ', "gro\\u0075pName": "other"}'),
            ("invalid UTF-8", good.replace("Bad", "B?d").encode().replace(b"?", b"\xff")),
            ("overlong UTF-8", good.replace("Bad", "B?d").encode().replace(b"?", b"\xc0\xaf")),
            ("a surrogate in UTF-8", good.replace("Bad", "B?d").encode().replace(b"?", b"\xed\xa0\x80")),
            ("NUL in text", good.replace("Bad", "B\\u0000d")), ("a raw NUL", good.replace("Bad", "B\0d")),
            ("a lone surrogate", good.replace("Bad", "B\\ud800d")), ("a raw line feed", good.replace("Bad", "B\nd")),
            ("65 levels", '{"description": ' + "[" * 65 + "]" * 65 + "}"), ("100,000 levels", "[" * 100_000),
            ("a byte order mark", b"\xef\xbb\xbf" + good.encode()), ("UTF-16", good.encode("utf-16")),
            ("a bad number", '{"groupName": 01}'), ("NaN", '{"groupName": NaN}'),
            ("an escape that is none", good.replace("Bad", "B\\x41d")),
        ):
            self.problem(name, self.post_raw(raw), 400,
                         ("MALFORMED_JSON", "INVALID_REQUEST") if not raw else "MALFORMED_JSON")
        answer = self.post_raw('{"groupName": "a",\n "groupName": "b"}')
        self.assertIn("2", answer.json["detail"], "the position is named")
        for name, raw in (("null", "null"), ("a list", "[]"), ("a text", '"groupName"'), ("a number", "5")):
            self.problem(name, self.post_raw(raw), 400, "INVALID_REQUEST", [""])
        self.check_nothing_written()

    def test_fields_of_the_wrong_form_are_all_named_at_once(self):
        p = self.problem
        p("unknown field", self.post_group(colour="blue"), 400, "INVALID_REQUEST", ["/colour"])
        p("missing fields", self.api.call("POST", "/protection-groups", {}), 400, "INVALID_REQUEST",
          ["/accountId", "/groupName", "/region"])
        p("wrong types", self.post_group(groupName=5, accountId=111122223333, region=[], sourceServerIds={}), 400,
          "INVALID_REQUEST", ["/accountId", "/groupName", "/region", "/sourceServerIds"])
        p("a field that has a slash", self.post_group(**{"a/b~c": 1}), 400, "INVALID_REQUEST", ["/a~1b~0c"])
        p("malformed server IDs", self.post_group(sourceServerIds=["s-1", self.servers[10], "S-" + "0" * 17, 7, "",
                                                                   self.servers[11] + " ", "s-0123456789abcdeé"]),
          400, "INVALID_REQUEST", [f"/sourceServerIds/{n}" for n in (0, 2, 3, 4, 5, 6)])
        p("repeated servers", self.post_group(sourceServerIds=[self.servers[10]] * 2), (400, 422), None, None)
        p("an account of 11 digits", self.post_group(accountId="11112222333"), 400, "INVALID_REQUEST", ["/accountId"])
        p("an account in other digits", self.post_group(accountId="١١١١٢٢٢٢٣٣٣٣"), 400, "INVALID_REQUEST", ["/accountId"])
        p("no name", self.post_group(groupName=""), 400, "INVALID_REQUEST", ["/groupName"])
        p("129 characters", self.post_group(groupName="x" * 129), 400, "INVALID_REQUEST", ["/groupName"])
        p("a name of two lines", self.post_group(groupName="a\nb"), 400, "INVALID_REQUEST", ["/groupName"])
        p("null for a name", self.post_group(groupName=None), 400, "INVALID_REQUEST", ["/groupName"])
        p("a tag's value that is a number", self.post_group(sourceServerIds=..., serverSelectionTags={"tier": 1}), 400,
          "INVALID_REQUEST", ["/serverSelectionTags/tier"])
        p("an Idempotency-Key of 65", self.api.call("POST", "/protection-groups", self.group(),
                                                    {"Idempotency-Key": "k" * 65}), 400, "INVALID_REQUEST")
        wave = {"waveNumber": 0, "protectionGroupIds": [self.good]}
        for name, changes, pointers in (
            ("a fraction", {"waveNumber": 0.5}, ["/waves/0/waveNumber"]),
            ("below 0", {"waveNumber": -1}, ["/waves/0/waveNumber"]),
            ("beyond 64 bits", {"waveNumber": 10 ** 30}, ["/waves/0/waveNumber"]),
            ("a text for a flag", {"pauseBeforeWave": "yes"}, ["/waves/0/pauseBeforeWave"]),
            ("an unknown label", {"onFailure": "PANIC"}, ["/waves/0/onFailure"]),
            ("no UUID", {"protectionGroupIds": ["x"]}, ["/waves/0/protectionGroupIds/0"]),
            ("0 minutes", {"timeoutMinutes": 0}, ["/waves/0/timeoutMinutes"]),
            ("an unknown impact", {"servers": [{"serverId": self.servers[0], "impact": "SMALL"}]},
             ["/waves/0/servers/0/impact"]),
            ("a bad snapshot", {"servers": [{"serverId": self.servers[0], "recoverySnapshotId": "x"}]},
             ["/waves/0/servers/0/recoverySnapshotId"]),
            ("several at once", {"onFailure": 1, "colour": 1, "approvals": {"count": 0}},
             ["/waves/0/approvals/count", "/waves/0/colour", "/waves/0/onFailure"]),
        ):
            p(name, self.api.call("POST", "/recovery-plans", {"planName": "Bad", "waves": [{**wave, **changes}]}), 400,
              "INVALID_REQUEST", pointers)
        p("no waves", self.api.call("POST", "/recovery-plans", {"planName": "Bad", "waves": []}), 400,
          "INVALID_REQUEST", ["/waves"])
        p("an unknown type", self.api.call("POST", "/executions", {"planId": self.plan, "executionType": "TEST"}), 400,
          "INVALID_REQUEST", ["/executionType"])
        p("a time that is none", self.api.call("POST", "/executions", {
            "planId": self.plan, "executionType": "DRILL", "declaredAt": "yesterday"}), 400, "INVALID_REQUEST", ["/declaredAt"])
        self.check_nothing_written()

    def test_rules_between_fields_and_the_stored_world_are_422_and_what_is_taken_is_409(self):
        p, post = self.problem, lambda waves, **more: self.api.call("POST", "/recovery-plans",
                                                                    {"planName": "Bad", "waves": waves, **more})
        p("an unknown Region", self.post_group(region="us-mars-1"), (400, 422))
        p("a Region that the account does not list", self.post_group(region="us-west-2"), 422, "UNKNOWN_REGION")
        p("an unknown account", self.post_group(accountId="999999999999"), 422, "UNKNOWN_ACCOUNT")
        unknown = ["s-" + "0" * 17, "s-" + "f" * 17]
        answer = self.post_group(sourceServerIds=[self.servers[10], *unknown])
        p("unknown servers", answer, 422, "UNKNOWN_SERVER")
        self.assertEqual(sorted(answer.json["serverIds"]), unknown, "all of them, and only they")
        answer = self.post_group(sourceServerIds=self.others[:1])
        p("a server of another account", answer, 422, "UNKNOWN_SERVER")
        p("neither servers nor tags", self.post_group(sourceServerIds=...), 422, "RULE_BROKEN")
        p("servers and tags", self.post_group(serverSelectionTags={"tier": "web"}), 422, "RULE_BROKEN")
        p("4,001 servers", self.post_group(sourceServerIds=self.servers[3:4004]), 422, "RULE_BROKEN")
        answer = self.post_group(sourceServerIds=[self.servers[0], self.servers[20]])
        p("a server of another group", answer, 409, "SERVER_ASSIGNED")
        self.assertEqual(answer.json["servers"], [{"serverId": self.servers[0], "groupId": self.good, "groupName": "Good"}])
        p("a name that is taken, whatever its case", self.post_group(groupName="gOOD"), 409, "NAME_TAKEN")
        wave = {"waveNumber": 0, "protectionGroupIds": [self.good], "serverIds": self.servers[:1]}
        second = {**wave, "waveNumber": 1, "serverIds": self.servers[1:2]}
        p("an unknown group", post([{**wave, "protectionGroupIds": [str(uuid.uuid4())], "serverIds": []}]), 422)
        p("a server outside the wave's groups", post([{**wave, "serverIds": self.servers[10:11]}]), 422)
        p("the same server in two waves", post([wave, {**second, "serverIds": self.servers[:1]}]), 422)
        p("a gap in the numbers", post([wave, {**second, "waveNumber": 2}]), 422)
        p("a dependency on nothing", post([{**wave, "dependsOnWaves": [7]}]), 422)
        p("a wave that waits for itself", post([{**wave, "dependsOnWaves": [0]}], ordering="DEPENDENCIES"), 422, "WAVE_CYCLE")
        answer = post([{**wave, "dependsOnWaves": [1]}, {**second, "dependsOnWaves": [0]}], ordering="DEPENDENCIES")
        p("a cycle", answer, 422, "WAVE_CYCLE")
        self.assertEqual(sorted(set(answer.json["cycle"])), [0, 1])
        p("a later wave under SEQUENTIAL", post([{**wave, "dependsOnWaves": [1]}, second]), 422, "WAVE_ORDER")
        p("1,001 waves", post([{**wave, "waveNumber": n} for n in range(1001)]), 422)
        p("an unknown plan", self.api.call("POST", "/executions", {"planId": str(uuid.uuid4()), "executionType": "DRILL"}),
          (404, 422))
        p("the same plan's name", self.api.call("POST", "/recovery-plans", {"planName": "GOOD PLAN", "waves": [wave]}),
          409, "NAME_TAKEN")
        p("a group in use", self.api.call("DELETE", f"/protection-groups/{self.good}"), 409, "GROUP_IN_USE")
        p("an account in use", self.api.call("DELETE", f"/accounts/{FIRST}"), 409, "ACCOUNT_IN_USE")
        p("a stale If-Match", self.api.call("PUT", f"/recovery-plans/{self.plan}", {"planName": "Good plan", "waves": [wave]},
                                            {"If-Match": '"999"'}), 412, "REVISION_STALE")
        key = {"Idempotency-Key": str(uuid.uuid4())}
        made = self.api.call("POST", "/protection-groups", self.group(groupName="Once"), key)
        self.assertEqual(made.status, 201, made)
        again = self.api.call("POST", "/protection-groups", self.group(groupName="Once"), key)
        self.assertEqual((again.status, again.json["groupId"]), (201, made.json["groupId"]))
        p("a key for another body", self.api.call("POST", "/protection-groups", self.group(groupName="Twice"), key), 422,
          "IDEMPOTENCY_KEY_REUSED")
        self.api.need(204, "DELETE", f"/protection-groups/{made.json['groupId']}")
        self.check_nothing_written()

    def test_a_plan_of_5001_servers_is_refused_and_one_of_5000_is_taken(self):
        first = self.api.group("Large", FIRST, REGION, self.servers[1:][-3995:])
        second = self.api.group("Larger", SECOND, REGION, self.others)
        third = self.api.group("Rest", FIRST, REGION, self.servers[3:6])
        waves = [{"waveNumber": 0, "protectionGroupIds": [first]}, {"waveNumber": 1, "protectionGroupIds": [second]}]
        fourth = [{"waveNumber": 2, "protectionGroupIds": [third, self.good]}]
        before = self.stored()
        answer = self.api.call("POST", "/recovery-plans", {"planName": "Too large", "waves": waves + fourth})
        self.problem("5,002 servers", answer, 422, "RULE_BROKEN")
        fourth[0]["serverIds"] = self.servers[3:6] + self.servers[:2]
        answer = self.api.call("POST", "/recovery-plans", {"planName": "Too large", "waves": waves + fourth})
        self.problem("5,001 servers", answer, 422, "RULE_BROKEN")
        self.assertIn("5,000", answer.raw.decode().replace("5000", "5,000"))
        self.assertEqual(self.stored(), before)
        fourth[0]["serverIds"] = self.servers[3:6] + self.servers[:1]
        taken = self.api.post("/recovery-plans", {"planName": "Just so", "waves": waves + fourth})
        self.assertEqual(taken["totalServers"], 5000)
        self.api.need(204, "DELETE", f"/recovery-plans/{taken['planId']}")
        for group in (first, second, third):
            self.api.need(204, "DELETE", f"/protection-groups/{group}")
        self.check_nothing_written()

    def test_bodies_headers_and_types_beyond_the_limits_are_refused(self):
        p = self.problem
        padding = " " * (MIB - len(json.dumps(self.group())))
        exact = (json.dumps(self.group(colour="x"))[:-1] + padding)[:MIB - 1] + "}"
        self.assertEqual(len(exact), MIB)
        p("a body of exactly 1 MiB is read", self.post_raw(exact), 400, ("INVALID_REQUEST",), ["/colour"])
        p("a body of 1 MiB and a byte", self.post_raw(exact + " "), 413, "BODY_TOO_LARGE")
        p("a body of 8 MiB", self.sent_large(f"Content-Length: {8 * MIB}", b" " * (8 * MIB)), 413, "BODY_TOO_LARGE")
        p("a chunked body of 3 MiB", self.sent_large("Transfer-Encoding: chunked", (b"10000\r\n" + b" " * 65536 + b"\r\n") * 48), 413, "BODY_TOO_LARGE")
        p("headers of 80 KiB", self.api.call("GET", "/executions", headers={f"X-Pad-{n}": "x" * 4000 for n in range(20)}),
          431, "HEADERS_TOO_LARGE")
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
                     "application/jsonx", "nonsense", ""):
            p(f"Content-Type: {kind}", self.post_raw(json.dumps(self.group()), **{"Content-Type": kind}), 415,
              "UNSUPPORTED_MEDIA_TYPE")
        p("no Content-Type", self.post_raw(json.dumps(self.group()), **{"Content-Type": None}), 415)
        p("Accept: image/png", self.api.call("GET", "/executions", headers={"Accept": "image/png"}), 406, "NOT_ACCEPTABLE")
        answer = self.api.call("PATCH", f"/recovery-plans/{self.plan}", {})
        p("a method that is not offered", answer, 405, "METHOD_NOT_ALLOWED")
        self.assertEqual({"GET", "PUT", "DELETE"} - set(answer.headers["Allow"].replace(" ", "").split(",")), set())
        p("a path that is not there", self.api.call("GET", "/recovery-plan"), 404, "NOT_FOUND")
        for accept in ("*/*", "application/*", "application/json;q=0.5, text/html", "text/html, */*;q=0.1"):
            self.assertEqual(self.api.call("GET", "/executions", headers={"Accept": accept}).status, 200, accept)
        self.check_nothing_written()
        raw = json.dumps(self.group(groupName="Chunked")).encode()
        made = self.chunked([raw[i:i + 7] for i in range(0, len(raw), 7)], charset="; charset=utf-8")
        self.assertEqual(made.status, 201, "a chunked body is a body")
        self.api.need(204, "DELETE", f"/protection-groups/{made.json['groupId']}")

    def sent_large(self, length, body):
        """A client that sends all before it listens may find the connection closed; the answer must come all the same."""
        hub = self.stack.hub
        with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as connection:
            connection.sendall((f"POST /api/v1/protection-groups HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\n"
                                f"Authorization: Bearer {self.api.token}\r\nContent-Type: application/json\r\n"
                                f"{length}\r\n\r\n").encode())
            try:
                connection.sendall(body)
            except OSError:
                pass
            received = b""
            try:
                while b"\r\n\r\n" not in received or not received.rstrip().endswith(b"}"):
                    part = connection.recv(65536)
                    if not part:
                        break
                    received += part
            except OSError:
                pass
        return parsed(received)

    def chunked(self, chunks, charset=""):
        return exchange(self.stack.hub.origin, "POST", "/api/v1/protection-groups", iter(chunks), {
            "Authorization": f"Bearer {self.api.token}", "Content-Type": f"application/json{charset}",
            "Accept": "application/json"})

    def test_what_is_not_HTTP_is_answered_400_and_closes_only_its_own_connection(self):
        for name, raw in (
            ("a word", b"hello\r\n\r\n"), ("a bad version", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
            ("a bad length", b"POST /api/v1/executions HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"),
            ("two lengths", b"POST /api/v1/executions HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc"),
            ("a length and chunks", b"POST /api/v1/executions HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                                    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("a bad chunk", b"POST /api/v1/executions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                            + self.api.token.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            ("a bare NUL", b"GET /api/v1/executions HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
            ("TLS", bytes.fromhex("160301020001000001fc0303") + b"\0" * 64),
        ):
            with self.subTest(name), socket.create_connection(("127.0.0.1", self.stack.hub.port), timeout=10) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                received = b""
                try:
                    while part := connection.recv(65536):
                        received += part
                except ConnectionResetError:
                    pass
                status = received.split(b" ", 2)[1:2]
                self.assertIn(status, ([b"400"], [b"401"], []), received[:300])
        self.assertEqual(self.api.call("GET", "/executions").status, 200)
        self.check_nothing_written()

    def test_queries_and_cursors_that_the_lists_did_not_give_are_refused(self):
        p, get = self.problem, lambda path: self.api.call("GET", path)
        for name, query, pointers in (
            ("limit 0", "limit=0", ["/limit"]), ("limit 201", "limit=201", ["/limit"]), ("limit x", "limit=x", ["/limit"]),
            ("limit beyond 64 bits", "limit=" + "9" * 40, ["/limit"]), ("an empty limit", "limit=", ["/limit"]),
            ("a limit twice", "limit=1&limit=2", ["/limit"]), ("an unknown filter", "colour=blue", ["/colour"]),
            ("an unknown sort", "sort=colour", ["/sort"]), ("a cursor with a sign", "nextToken=a%2Bb", ["/nextToken"]),
            ("a cursor of nobody", "nextToken=abcd", ["/nextToken"]), ("a long cursor", "nextToken=" + "a" * 2000, ["/nextToken"]),
            ("NUL", "q=%00", None), ("two problems", "limit=0&colour=1", ["/colour", "/limit"]),
        ):
            p(name, get(f"/protection-groups?{query}"), 400, "INVALID_REQUEST", pointers)
        p("invalid UTF-8 in a query", get("/protection-groups?q=%ff%fe"), 400)
        p("half a percent sign", get("/protection-groups?q=%2"), 400)
        page = self.api.get(f"/drs/source-servers?limit=1")
        self.assertRegex(page["nextToken"], r"^[A-Za-z0-9_-]+$")
        p("a cursor of another list", get(f"/protection-groups?nextToken={page['nextToken']}"), 400, "INVALID_REQUEST",
          ["/nextToken"])
        raw = base64.urlsafe_b64decode(page["nextToken"] + "=" * (-len(page["nextToken"]) % 4))
        for index in range(0, len(raw), 3):
            bent = bytearray(raw)
            bent[index] ^= 0x15
            token = base64.urlsafe_b64encode(bytes(bent)).decode().rstrip("=")
            self.assertIn(get(f"/drs/source-servers?limit=1&nextToken={token}").status, (200, 400))
        for path in ("/executions/x", "/executions/%00", "/executions/%ff", "/recovery-plans/'--", "/accounts/1%00",
                     f"/executions/{uuid.uuid4()}/waves/-1/approve", f"/executions/{uuid.uuid4()}/waves/{10 ** 30}/approve"):
            method = "POST" if path.endswith("approve") else "GET"
            p(path, self.api.call(method, path, {} if method == "POST" else None), (400, 404))
        self.check_nothing_written()

    def test_each_role_may_do_what_its_permissions_say_and_nothing_else(self):
        ghost = str(uuid.uuid4())
        everybody = set(ROLES)
        table = (
            ("GET", "/protection-groups", None, everybody, 200), ("GET", "/recovery-plans", None, everybody, 200),
            ("GET", "/executions", None, everybody, 200), ("GET", "/drs/source-servers?limit=1", None, everybody, 200),
            ("GET", "/accounts", None, everybody, 200), ("GET", "/spokes", None, everybody, 200),
            ("POST", "/protection-groups", {}, {ADMIN, PLANNER}, 400),
            ("PUT", f"/protection-groups/{ghost}", {}, {ADMIN, PLANNER}, 404),
            ("DELETE", f"/protection-groups/{ghost}", None, {ADMIN}, 404),
            ("POST", "/recovery-plans", {}, {ADMIN, PLANNER}, 400),
            ("PUT", f"/recovery-plans/{ghost}", {}, {ADMIN, PLANNER}, 404),
            ("DELETE", f"/recovery-plans/{ghost}", None, {ADMIN}, 404),
            ("POST", "/executions", {}, {ADMIN, MANAGER, OPERATOR}, 400),
            ("POST", f"/executions/{ghost}/pause", {}, {ADMIN, MANAGER}, 404),
            ("POST", f"/executions/{ghost}/resume", {}, {ADMIN, MANAGER}, 404),
            ("DELETE", f"/executions/{ghost}", None, {ADMIN, MANAGER}, 404),
            ("POST", f"/executions/{ghost}/terminate-instances", {}, {ADMIN, MANAGER}, 404),
            ("POST", "/accounts", {}, {ADMIN}, 400), ("PUT", "/accounts/999999999999", {}, {ADMIN}, 404),
            ("DELETE", "/accounts/999999999999", None, {ADMIN}, 404),
            ("POST", f"/spokes/{ghost}/drain", {}, {ADMIN}, 404),
            ("DELETE", "/executions?olderThan=2020-01-01T00:00:00.000Z", None, {ADMIN}, 200),
        )
        for role in ROLES:
            api = Api(self.stack, role, role.lower())
            for method, path, body, allowed, status in table:
                answer = api.call(method, path, body)
                if role in allowed:
                    with self.subTest(f"{role}: {method} {path}"):
                        self.assertEqual(answer.status, status, answer)
                else:
                    self.problem(f"{role}: {method} {path}", answer, 403, "PERMISSION_MISSING")
            with self.subTest(f"{role}: external IDs are for those who manage accounts"):
                shown = api.get(f"/accounts/{FIRST}")
                self.assertEqual("externalId" in shown and shown["externalId"] is not None, role == ADMIN)
        nobody = Api(self.stack, [], "nobody")
        self.problem("a token without a role", nobody.call("GET", "/protection-groups"), 403, "PERMISSION_MISSING")
        machine = Api(self.stack, [], "machine")
        machine.token = self.stack.machine_token("muster/read")
        self.assertEqual(machine.call("GET", "/executions").status, 200, "a scope is a role")
        self.problem("and not more", machine.call("POST", "/executions", {}), 403, "PERMISSION_MISSING")
        both = Api(self.stack, [PLANNER, OPERATOR], "both")
        self.assertEqual([both.call("POST", path, {}).status for path in ("/recovery-plans", "/executions")], [400, 400],
                         "permissions are the union")
        self.check_nothing_written()

    def test_tokens_that_are_not_good_are_401_with_always_the_same_words(self):
        good = self.api.token
        head, body, signature = good.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))

        def part(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
        kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
        tokens = {
            "none at all": None, "a word": "hello", "empty parts": "..", "alg none": f"{part({'alg': 'none'})}.{body}.",
            "alg HS256": f"{part({'alg': 'HS256', 'kid': kid})}.{body}.{signature}",
            "a key of its own": f"{part({'alg': 'RS256', 'kid': kid, 'jwk': {'kty': 'RSA'}})}.{body}.{signature}",
            "an unknown key": f"{part({'alg': 'RS256', 'kid': 'unknown'})}.{body}.{signature}",
            "claims of another": f"{head}.{part({**claims, 'cognito:groups': [ADMIN], 'username': 'eve'})}.{signature}",
            "half a signature": f"{head}.{body}.{signature[:100]}", "no signature": f"{head}.{body}.",
            "9 KiB": f"{head}.{part({**claims, 'x': 'x' * 9000})}.{signature}",
            "expired": self.stack.token(expires_in=-120), "not yet valid": self.stack.token(not_before=3600),
            "an ID token": self.stack.token(token_use="id"), "of another issuer": self.stack.token(issuer="http://127.0.0.1:1/x"),
            "of an unknown client": self.stack.token(client_id="stranger"),
        }
        words = set()
        for name, token in tokens.items():
            answer = self.api.call("GET", "/users/me", token=token)
            self.problem(name, answer, 401, "UNAUTHENTICATED")
            self.assertTrue(answer.headers["WWW-Authenticate"], name)
            words.add((answer.json["title"], answer.json["detail"]))
        self.assertEqual(len(words), 1, words)
        for header in ("Basic YWRhOmFkYQ==", "Bearer", f"Bearer  {good}x", f"bearer2 {good}", good):
            answer = self.api.call("GET", "/users/me", token=None, headers={"Authorization": header})
            self.assertEqual(answer.status, 401, header)
        self.assertEqual(self.api.call("POST", "/protection-groups", raw=b"{", token=None).status, 401, "401 comes before 400")
        self.assertEqual(self.stack.token(expires_in=-30) and
                         self.api.call("GET", "/users/me", token=self.stack.token(expires_in=-30)).status, 200, "60 s of leeway")
        self.check_nothing_written()


def parsed(received):
    """An answer out of its bytes."""
    from harness import Answer, Away
    import email.parser
    if not received:
        raise Away("no answer")
    head, _, body = received.partition(b"\r\n\r\n")
    first, _, fields = head.decode("latin-1").partition("\r\n")
    return Answer(int(first.split(" ")[1]), email.parser.Parser().parsestr(fields), body)
