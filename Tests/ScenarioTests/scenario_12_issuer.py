"""The issuer of tokens: away, slow, or with new keys."""
import base64
import http.server
import json
import threading
import time

from harness import POOL, Scenario, World, eventually, exchange

EAST, REGION = "111122223333", "us-east-1"


class Issuer:
    """An issuer of one's own, whose keys are the simulator's; it counts who asks, and can be away or silent."""

    def __init__(self):
        self.mode, self.asked, self.keys = "up", 0, None
        self.silence = threading.Event()
        issuer = self

        class Answering(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                issuer.asked += 1
                if issuer.mode == "silent":
                    issuer.silence.wait(60)
                    self.close_connection = True
                    return
                status = 200 if issuer.mode == "up" and issuer.keys else 503
                body = json.dumps(issuer.keys if status == 200 else {"error": "away"}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/{POOL}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.silence.set()
        self.server.shutdown()
        self.server.server_close()

    def take_keys(self, stack):
        self.keys = exchange(stack.simulator_origin, "GET", f"/{POOL}/.well-known/jwks.json").json


class IssuerAway(Scenario):
    def prepared(self, mode):
        import harness
        issuer = Issuer()
        self.addCleanup(issuer.close)
        stack = harness.Stack(World(clock=100).account(EAST, {REGION: 2}))
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        stack.issuer = issuer.url
        stack.start_simulator()
        issuer.take_keys(stack)
        issuer.mode = mode
        return stack, issuer

    def me(self, stack, token):
        return stack.api.call("GET", "/users/me", token=token).status

    def test_a_hub_whose_issuer_is_away_is_ready_lets_nobody_in_and_finds_the_keys_by_itself(self):
        for mode in ("away", "silent"):
            with self.subTest(mode):
                stack, issuer = self.prepared(mode)
                stack.hub.start(ready=False)
                begin = time.monotonic()
                stack.hub.wait_ready(15)
                self.check_within(time.monotonic() - begin, 12, "it is found by the hub itself")
                token = stack.token()
                self.assertEqual(self.me(stack, token), 401, "never an open door")
                self.assertEqual(exchange(stack.hub.origin, "GET", "/health/ready").status, 200)
                issuer.mode = "up"
                issuer.silence.set()
                eventually("the token is good", lambda: self.me(stack, token) == 200, 20)
                stack.stop()

    def test_a_hub_that_starts_while_the_issuer_is_away_knows_the_keys_it_had(self):
        stack, issuer = self.prepared("up")
        stack.hub.start()
        token = stack.token()
        eventually("the token is good", lambda: self.me(stack, token) == 200, 10)
        issuer.mode = "away"
        stack.hub.program.kill()
        stack.hub.start()
        eventually("it is good still", lambda: self.me(stack, token) == 200, 30)

    def test_new_keys_are_taken_at_once_old_ones_while_they_are_shown_and_strangers_cause_no_storm(self):
        stack, issuer = self.prepared("up")
        stack.hub.start()
        old = stack.token()
        eventually("the old key is good", lambda: self.me(stack, old) == 200, 10)
        exchange(stack.simulator_origin, "POST", f"/{POOL}/test/keys", b'{"keepOld": true}')
        issuer.take_keys(stack)
        new = stack.token()
        self.assertNotEqual(old.split(".")[0], new.split(".")[0], "another key")
        self.assertEqual(self.me(stack, new), 200, "an unknown key is asked for")
        self.assertEqual(self.me(stack, old), 200, "the old one is shown still")
        asked = issuer.asked
        head, body, signature = new.split(".")
        statuses = set()
        for number in range(100):
            header = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": f"stranger-{number}"}).encode())
            statuses.add(self.me(stack, f"{header.decode().rstrip('=')}.{body}.{signature}"))
        self.assertEqual(statuses, {401})
        self.assertLessEqual(issuer.asked - asked, 1, "at most once in 5 minutes, however many ask")
        self.assertEqual(self.me(stack, new), 200)
