"""Several hubs on one database: any may be killed or restarted, none is special."""
import collections
import http.client
import json
import re
import threading
import time

from harness import Options, Scenario, World, chance, eventually, moment, say

ACCOUNT, REGIONS = "111122223333", ["us-east-1", "eu-west-1"]
STOP_SECONDS = 3
# A stream is open again at the other hub within so many seconds of the restart of its own.
GAP_SECONDS = 5


class Stream(threading.Thread):
    """A live journal that goes to the next hub whenever its stream ends, and resumes where it was."""

    def __init__(self, drill, hubs):
        super().__init__(daemon=True)
        self.drill, self.hubs = drill, hubs
        self.sequences, self.gaps, self.ended = [], [], threading.Event()
        self.is_open, self.wanted = threading.Event(), True
        self.start()

    def run(self):
        turn, lost = 0, None
        while self.wanted and not self.ended.is_set():
            hub = self.hubs[turn % len(self.hubs)]
            turn += 1
            connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=20)
            try:
                headers = {"Authorization": f"Bearer {self.drill.api.token}", "Accept": "text/event-stream"}
                if self.sequences:
                    headers["Last-Event-ID"] = str(self.sequences[-1])
                connection.request("GET", f"/api/v1{self.drill.path}/events", headers=headers)
                response = connection.getresponse()
                if response.status != 200:
                    time.sleep(0.05)
                    continue
                if lost is not None:
                    self.gaps.append(time.monotonic() - lost)
                    lost = None
                self.is_open.set()
                for line in response:
                    if line.startswith(b"id: "):
                        self.sequences.append(int(line[4:]))
                    if line.startswith(b"data: ") and json.loads(line[6:])["event"] == "EXECUTION_ENDED":
                        self.ended.set()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                self.is_open.clear()
                connection.close()
                lost = lost if lost is not None else time.monotonic()


class Replicas(Scenario):
    def drill(self, stack, name, waves=3):
        tiers = [[] for _ in range(waves)]
        for region in REGIONS:
            servers = stack.api.servers(ACCOUNT, region)
            for number in range(waves):
                tiers[number].append(stack.api.group(f"{region}-{number}", ACCOUNT, region,
                                                     servers[number * 4:number * 4 + 4]))
        return stack.api.start(stack.api.plan(name, tiers))

    def run_replicas(self, clock):
        world = World(clock=clock).account(ACCOUNT, {region: 12 for region in REGIONS}, spokes=["east", "west"])
        return self.run_stack(world, hubs=2, external=True)

    def test_a_drill_completes_although_replicas_are_killed_in_turn(self):
        random = chance("replicas")
        stack = self.run_replicas(60)
        drill = self.drill(stack, "killed")
        streams = [Stream(drill, stack.hubs), Stream(drill, stack.hubs[::-1])]
        kills = 0
        while not streams[0].ended.is_set() and kills < (20 if Options.full else 4):
            time.sleep(random.uniform(0.2, 2.5))  # the random moment
            hub = stack.hubs[kills % 2]
            hub.program.kill()
            kills += 1
            # The other one serves people meanwhile.
            self.assertEqual(drill.show()["executionId"], drill.id)
            hub.start()
        drill.check_completed(drill.end(120))
        for stream in streams:
            self.assertTrue(stream.ended.wait(20), "the stream sees the end")
            self.check_whole(stream)
        say(f"{kills} kills; streams were without a hub for {max(streams[0].gaps + streams[1].gaps + [0]):.2f} s at most")
        self.assertFalse([text for text in stack.api.refused if ": 503" not in text])

    def check_whole(self, stream):
        self.assertEqual(stream.sequences, sorted(set(stream.sequences)), "nothing twice")
        self.assertEqual(stream.sequences, list(range(1, len(stream.sequences) + 1)), "and nothing left out")

    def test_a_rolling_restart_ends_each_hub_within_3_seconds_and_no_stream_is_lost_for_longer_than_5(self):
        stack = self.run_replicas(40)
        drill = self.drill(stack, "rolling", waves=2)
        streams = [Stream(drill, stack.hubs) for _ in range(4)] + [Stream(drill, stack.hubs[::-1]) for _ in range(4)]
        for stream in streams:
            self.assertTrue(stream.is_open.wait(10))
        took = []
        for hub in stack.hubs:
            eventually("every stream is open", lambda: all(stream.is_open.is_set() for stream in streams), 20)
            took.append(hub.program.stop())
            self.assertEqual(hub.program.process.returncode, 0, hub.program.tail())
            hub.start()
        drill.check_completed(drill.end(120))
        for stream in streams:
            self.assertTrue(stream.ended.wait(20))
            self.check_whole(stream)
        gap = max(gap for stream in streams for gap in stream.gaps)
        spokes = self.gaps_of_spokes(stack)
        say(f"ended after {', '.join(f'{seconds:.2f}' for seconds in took)} s; live journals were lost for {gap:.2f} s at "
            f"most, streams of commands for {max(spokes.values()):.2f} s")
        self.assertEqual(set(spokes), set(stack.spokes), "every spoke has lost its stream, and has another")
        self.check_within(max(spokes.values()), GAP_SECONDS, "a spoke goes on at the other hub")
        self.check_within(max(took), STOP_SECONDS + 0.5, "the program's own end included")
        self.check_within(gap, GAP_SECONDS, "a live journal goes on at the other hub")
        self.assertFalse([text for text in stack.api.refused if ": 503" not in text])

    def gaps_of_spokes(self, stack):
        """For each spoke the longest time without a stream of commands at any hub, by the hubs' logs."""
        events = sorted((moment(at), verb, spoke) for hub in stack.hubs for at, verb, spoke in re.findall(
            r"^(\S+) .*stream of commands (open|closed) .*spoke=(\S+)", hub.program.text(), re.MULTILINE))
        count, lost, longest = collections.Counter(), {}, {}
        for at, verb, spoke in events:
            count[spoke] += 1 if verb == "open" else -1
            if verb == "closed" and count[spoke] == 0:
                lost[spoke] = at
            if verb == "open" and spoke in lost:
                longest[spoke] = max(longest.get(spoke, 0), at - lost.pop(spoke))
        self.assertFalse(lost, "a spoke is without a stream")
        return longest

    def test_concurrent_starts_at_two_hubs_let_exactly_one_begin(self):
        stack = self.run_replicas(200)
        api = stack.api
        plan = self.drill(stack, "race", waves=1)
        plan.check_completed(plan.end(60))
        identifier = plan.show()["planId"]
        answers = []

        def start(hub):
            answers.append(api.call("POST", "/executions", {"planId": identifier, "executionType": "DRILL"}, hub=hub))
        threads = [threading.Thread(target=start, args=(stack.hubs[number % 2],)) for number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        statuses = sorted(answer.status for answer in answers)
        self.assertEqual(statuses, [202] + [409] * 31, [a for a in answers if a.status not in (202, 409)])
        begun = next(answer.json["executionId"] for answer in answers if answer.status == 202)
        for answer in answers:
            if answer.status == 409:
                self.assertEqual(answer.code, "SERVER_CONFLICT")
                self.assertEqual([c["executionId"] for c in answer.json["conflicts"]], [begun], answer)
        eventually("it ends", lambda: api.get(f"/executions/{begun}")["status"] == "COMPLETED", 60)
