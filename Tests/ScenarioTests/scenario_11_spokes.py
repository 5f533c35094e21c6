"""Spokes: who is let in, who is not, and what a spoke does when nobody is there."""
import datetime
import json
import re
import time

import sigv4
from harness import Scenario, World, Spoke, eventually, exchange, free_port, psql, say

EAST, WEST, REGION = "111122223333", "777788889999", "us-east-1"
HEADERS = ["content-type", "host", "x-amz-date", "x-muster-hub", "x-muster-nonce"]


class Stranger:
    """A spoke written to the contract alone, which can lie."""

    def __init__(self, stack, principal="east", name="stranger"):
        self.stack, self.name = stack, name
        principal = stack.world.principals[principal]
        self.keys = sigv4.Keys(principal.key, principal.secret)

    def send(self, method, path, body=None, token=None, hub=None, raw=None):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        raw = raw if raw is not None else None if body is None else json.dumps(body).encode()
        return exchange((hub or self.stack.hub).origin, method, f"/agent/v1{path}", raw, headers)

    def challenge(self, region=REGION):
        answer = self.send("POST", "/challenges", {"region": region})
        assert answer.status == 200, answer
        return answer.json

    def proof(self, challenge=None, hub=None, signed=None, keys=None, now=None, body=None):
        challenge = challenge or self.challenge()
        keys = keys or self.keys
        body = body or b"Action=GetCallerIdentity&Version=2011-06-15"
        headers = {"host": sigv4.host(challenge["stsEndpoint"]),
                   "content-type": "application/x-www-form-urlencoded; charset=utf-8",
                   "x-muster-hub": hub or self.stack.hub.origin, "x-muster-nonce": challenge["nonce"]}
        names = signed or HEADERS
        _, stamp, _, signature = sigv4.sign(keys, "sts", REGION, "POST", "/", headers, body, now=now, signed=names)
        return {"nonce": challenge["nonce"], "accessKeyId": keys.key, "amzDate": stamp, "region": REGION,
                "signedHeaders": ";".join(sorted(names)), "signature": signature}

    def enrol(self, proof=None, accounts=(EAST,), **more):
        return self.send("POST", "/sessions", {
            "name": self.name, "version": "1.0", "accounts": [{"accountId": account, "regions": [REGION]} for account in accounts],
            "proof": proof or self.proof(), **more})


class Proofs(Scenario):
    def setUp(self):
        self.stack = self.run_stack(World(clock=1).account(EAST, {REGION: 2}, ["east"]).account(WEST, {REGION: 2}, ["west"]),
                                    spokes_too=False)
        self.stranger = Stranger(self.stack)

    def refused(self, name, answer, status):
        with self.subTest(name):
            self.assertEqual(answer.status, status, answer)
            self.assertEqual(answer.kind, "application/problem+json")
            self.assertNotIn("sessionToken", answer.raw.decode())

    def test_only_a_fresh_proof_for_this_hub_by_the_registered_principal_opens_a_session(self):
        stranger, now = self.stranger, datetime.datetime.now(datetime.timezone.utc)
        session = stranger.enrol()
        self.assertEqual(session.status, 200, session)
        grant = session.json
        self.assertEqual([account["accountId"] for account in grant["accounts"]], [EAST])
        self.assertEqual(grant["refused"], [])
        self.assertLessEqual(grant["heartbeatSeconds"], 15)

        used = stranger.proof()
        self.assertEqual(stranger.enrol(used).status, 200)
        self.refused("the same proof again", stranger.enrol(used), 401)
        spoiled = stranger.proof()
        self.refused("a signature that is wrong", stranger.enrol({**spoiled, "signature": "0" * 64}), 401)
        self.refused("its nonce, once it was tried", stranger.enrol(spoiled), 401)
        self.refused("a proof for another hub", stranger.enrol(stranger.proof(hub="http://127.0.0.1:1")), 401)
        self.refused("a proof for a look-alike", stranger.enrol(stranger.proof(hub=self.stack.hub.origin + ".example.com")), 401)
        self.refused("a nonce of one's own", stranger.enrol(stranger.proof({**stranger.challenge(), "nonce": "A" * 43})), 401)
        self.refused("the nonce not signed", stranger.enrol(stranger.proof(signed=HEADERS[:-1])), 401)
        self.refused("the hub not signed", stranger.enrol(stranger.proof(
            signed=[name for name in HEADERS if name != "x-muster-hub"])), 401)
        self.refused("a header too many", stranger.enrol({**stranger.proof(), "signedHeaders": ";".join(HEADERS + ["x-z"])}), 401)
        self.refused("another action", stranger.enrol(stranger.proof(body=b"Action=GetSessionToken&Version=2011-06-15")), 401)
        self.refused("another Region than the challenge's", stranger.enrol({**stranger.proof(), "region": "eu-west-1"}), 401)
        self.refused("an hour old", stranger.enrol(stranger.proof(now=now - datetime.timedelta(hours=1))), 401)
        self.refused("of a key that AWS does not know",
                     stranger.enrol(stranger.proof(keys=sigv4.Keys("AKIAUNKNOWN000000001", "x"))), 401)
        self.refused("of a known key with another secret",
                     stranger.enrol(stranger.proof(keys=sigv4.Keys(stranger.keys.key, "guessed"))), 401)
        self.refused("no proof at all", stranger.send("POST", "/sessions", {"name": "x", "version": "1", "accounts": []}), 400)
        for name, raw in (("no JSON", b"{"), ("NUL", b'{"region": "\\u0000"}'), ("no Region", b'{"region": "mars"}'),
                          ("deep", b"[" * 5000)):
            self.refused(f"a challenge for {name}", stranger.send("POST", "/challenges", raw=raw), 400)

        self.refused("an account of another principal", stranger.enrol(accounts=[WEST]), 403)
        self.refused("an account that nobody registered", stranger.enrol(accounts=["123456789012"]), 403)
        both = stranger.enrol(accounts=[EAST, WEST])
        self.assertEqual(both.status, 200)
        self.assertEqual([account["accountId"] for account in both.json["refused"]], [WEST])
        # Refusals are written together, twice a second.
        eventually("the refusal is in the audit", lambda: any(
            row["account_ids"] == [WEST] and row["outcome"] == "REFUSED"
            for row in self.stack.rows("SELECT action, outcome, account_ids FROM audit_event")), 30)

    def test_a_session_sees_and_reports_its_own_accounts_only(self):
        stranger = self.stranger
        token = stranger.enrol().json["sessionToken"]
        page = {"accountId": EAST, "region": REGION, "syncToken": "one", "page": 0, "isLast": True, "isInitialized": True,
                "sourceServers": [], "recoveryInstances": [], "jobs": []}
        self.assertIn(stranger.send("POST", "/inventory", page, token).status, (200, 204))
        self.refused("an inventory of an account that is not its", stranger.send(
            "POST", "/inventory", {**page, "accountId": WEST}, token), 403)
        self.refused("no session", stranger.send("POST", "/progress", {"reports": []}), 401)
        self.refused("a person's token", stranger.send("POST", "/progress", {"reports": []}, self.stack.api.token), 401)
        self.refused("a spoke's token for people's calls", self.stack.api.call("GET", "/executions", token=token), 401)
        self.refused("half a token", stranger.send("POST", "/progress", {"reports": []}, token[:-1]), 401)
        self.assertEqual(stranger.send("POST", "/progress", {"reports": []}, token).status, 200)
        api = self.stack.api
        account = api.get(f"/accounts/{EAST}")
        west = self.stack.world.principals["west"].arn
        api.need(200, "PUT", f"/accounts/{EAST}", {"accountName": account["accountName"], "regions": account["regions"],
                                                   "spokePrincipals": [west]})
        self.refused("who lost the account", stranger.send("POST", "/inventory", {**page, "syncToken": "two"}, token), 403)
        self.refused("who lost the account and asks again", stranger.enrol(), 403)

    def test_without_a_connected_spoke_a_look_up_is_refused_at_once_and_says_that_nobody_could_be_asked(self):
        begin = time.monotonic()
        answer = self.stack.api.call("POST", "/protection-groups", {
            "groupName": "early", "accountId": EAST, "region": REGION, "sourceServerIds": ["s-" + "0" * 17, "s-" + "1" * 17]})
        self.check_within(time.monotonic() - begin, 2, "a refusal does not wait")
        self.assertEqual((answer.status, answer.code), (422, "UNKNOWN_SERVER"), answer)
        self.assertEqual(sorted(answer.json["serverIds"]), ["s-" + "0" * 17, "s-" + "1" * 17])
        self.assertRegex(answer.json["detail"].lower(), "spoke|asked", answer)
        # With a spoke the same servers are looked up, and these are found.
        self.stack.add_spoke("east")
        self.stack.add_spoke("west")
        self.stack.wait_inventory()
        answer = self.stack.api.call("POST", "/protection-groups", {
            "groupName": "early", "accountId": EAST, "region": REGION, "sourceServerIds": ["s-" + "0" * 17]})
        self.assertEqual((answer.status, answer.code), (422, "UNKNOWN_SERVER"), answer)
        self.assertNotRegex(answer.json["detail"].lower(), "nobody|no spoke", "somebody was asked")
        # A server that DRS has and the inventory does not: as after it was installed.
        server = self.stack.api.servers(WEST)[0]["sourceServerId"]
        self.delete_from_inventory(server)
        made = self.stack.api.call("POST", "/protection-groups", {
            "groupName": "just installed", "accountId": WEST, "region": REGION, "sourceServerIds": [server]})
        self.assertEqual(made.status, 201, made)

    def delete_from_inventory(self, server):
        psql(self.stack.database_url(), f"DELETE FROM source_server WHERE source_server_id = '{server}'")


class NobodyThere(Scenario):
    """A spoke without its hub, and one without AWS: for a minute and a bit."""

    waits = True

    def test_a_spoke_without_hub_or_without_aws_keeps_trying_says_so_about_once_a_minute_and_recovers(self):
        world = World(clock=100).account(EAST, {REGION: 2}, ["east"]).account(WEST, {REGION: 2}, ["west"])
        stack = self.run_stack(world, spokes_too=False)
        nowhere = free_port()
        stack.add_spoke("west", more={"AWS_ENDPOINT_URL": f"http://127.0.0.1:{nowhere}"})
        lonely = Spoke(stack, "lonely", world.principals["east"], [EAST], hubs=[f"http://127.0.0.1:{free_port()}"]).start()
        self.addCleanup(lonely.program.kill)
        begin = time.monotonic()
        # By the log's own clock, as an operator reads it.
        eventually("a minute and ten seconds pass", lambda: time.monotonic() - begin > 70, 80, every=1)
        for spoke in (lonely, stack.spokes["west"]):
            self.assertTrue(spoke.program.is_alive, f"{spoke.name} goes on")
            said = [line for line in spoke.program.text().splitlines() if re.search(r"\b(warning|error|critical)\b", line)]
            say(f"{spoke.name} said {len(said)} things in 70 s")
            self.assertGreaterEqual(len(said), 2, "at once, and again after a minute")
            self.assertLessEqual(len(said), 8, "and not much more\n" + "\n".join(said))
            self.assertLess(len(spoke.program.text()), 20_000)
        lonely.program.kill()
        stack.add_spoke("east")
        eventually("the inventory of the other account is there", lambda: len(stack.api.servers(EAST)) == 2, 30)
        self.assertEqual(stack.api.servers(WEST), [])
        west = [spoke for spoke in stack.api.every("/spokes") if spoke["name"] == "west"]
        self.assertEqual([spoke["state"] for spoke in west], ["CONNECTED"])
