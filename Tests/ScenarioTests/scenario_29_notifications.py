"""Notifications: signed, sent until they are taken, and lost by no kill; a topic is published to by a spoke."""
import hashlib
import hmac
import http.server
import json
import threading
import time

from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"
SECRET = "0123456789abcdef0123456789abcdef"


class Receiver:
    """A webhook's receiver of another make: it checks the signature as the guide says, and fails as often as told."""

    def __init__(self, failures):
        self.failures, self.messages, self.unsigned, self.lock = failures, [], 0, threading.Lock()
        receiver = self

        class Taking(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stamp = self.headers["Muster-Timestamp"]
                code = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
                is_ours = hmac.compare_digest(self.headers["Muster-Signature"], "v1=" + code)
                with receiver.lock:
                    fails = receiver.failures > 0
                    receiver.failures -= fails
                    receiver.unsigned += not (is_ours and abs(time.time() - int(stamp)) < 300)
                    receiver.messages.append((not fails, self.headers["Muster-Delivery"], json.loads(body)))
                self.send_response(503 if fails else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self):
        with self.lock:
            return [(delivery, document) for taken, delivery, document in self.messages if taken]

    def kinds(self):
        """What was told, each event once."""
        events = {event["noticeId"]: event["kind"] for _, document in self.taken() for event in document["events"]}
        return sorted(events.values())

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Notifications(Scenario):
    def setUp(self):
        self.stack = self.run_stack(
            World(clock=200).account(ACCOUNT, {REGION: 4}),
            hub_environment={"MUSTER_NOTIFICATION_NETWORKS": "127.0.0.0/8"})
        self.api = self.stack.api

    def target(self, receiver, *events):
        return self.api.post("/notification-targets", {
            "targetName": receiver.url, "kind": "WEBHOOK", "webhook": {"url": receiver.url, "secret": SECRET},
            "eventKinds": list(events)})["targetId"]

    def plan(self):
        return self.api.plan("shop", [[self.api.group("shop", ACCOUNT, REGION, self.api.servers()[:2])]])

    def test_an_event_reaches_its_receiver_though_it_fails_twice_and_the_hub_is_killed_in_between(self):
        receiver = Receiver(failures=2)
        self.addCleanup(receiver.stop)
        # Nothing is taken before the hub has been killed: it dies between the event and its delivery.
        target = self.target(receiver, "EXECUTION_STARTED", "EXECUTION_ENDED")
        drill = self.api.start(self.plan())
        eventually("the receiver has failed once", lambda: receiver.messages)
        self.stack.hub.program.kill()
        self.stack.hub.start()
        drill.check_completed(drill.end(120))
        eventually("both events are taken", lambda: receiver.kinds() == ["EXECUTION_ENDED", "EXECUTION_STARTED"], 90)
        self.assertEqual(receiver.unsigned, 0)
        self.assertEqual(sum(not taken for taken, _, _ in receiver.messages), 2)
        eventually("the hub knows", lambda: self.api.get(f"/notification-targets/{target}")["waiting"] == 0)
        states = [delivery["state"] for delivery in self.api.every(f"/notification-targets/{target}/deliveries")]
        self.assertEqual(set(states), {"DELIVERED"})
        told = [event for _, document in receiver.taken() for event in document["events"]]
        self.assertTrue(all(event["url"].endswith(drill.path) for event in told), told)
        self.assertNotIn(SECRET, self.stack.hub.program.text())

    def test_a_topic_is_published_to_by_a_spoke(self):
        target = self.api.post("/notification-targets", {
            "targetName": "topic", "kind": "SNS", "eventKinds": ["EXECUTION_ENDED"], "accountIds": [ACCOUNT],
            "sns": {"accountId": ACCOUNT, "topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:dr"}})["targetId"]
        drill = self.api.start(self.plan())
        drill.check_completed(drill.end(120))

        def delivered():
            items = self.api.every(f"/notification-targets/{target}/deliveries?state=DELIVERED")
            return items[0] if items else None
        delivery = eventually("it is published", delivered, 60)
        self.assertIn("ended COMPLETED", delivery["subject"])
        published = [message for message in self.stack.simulator_state()["publications"]
                     if message["subject"] == delivery["subject"]]
        self.assertEqual(len(published), 1, published)
