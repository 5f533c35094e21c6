"""How soon the work of a spoke or a replica that died goes on elsewhere: two hubs, three spokes, kill upon kill."""
import collections
import math
import re
import signal
import time

from harness import Away, Background, Drill, Options, Scenario, World, chance, eventually, moment, say

ACCOUNTS, REGIONS = ("111122223333", "444455556666"), ("us-east-1", "eu-west-1")
SPOKES = ("one", "two", "three")
# The hub's own definitions (Recovery/Work/WorkLease.swift): a heartbeat is missed when the stream of commands was closed
# for 2 s, or, where nobody is left who saw it close, 30 s after the last sign.
REOPENING, SILENCE, LEASE = 2, 30, 35
# Work goes on elsewhere within so many seconds of the missed heartbeat.
PROMISED = 5
# How many kills of each kind, in the short run and in the full one.
KILLS = {"spoke": (2, 25), "replica": (2, 15), "both": (1, 10)}


def percentile(values, share):
    """The nearest rank: a value that was measured."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


class Takeover(Scenario):
    waits = True

    def test_the_work_of_a_dead_spoke_or_replica_goes_on_elsewhere_soon_after_its_missed_heartbeat(self):
        random = chance("takeover")
        world = World(clock=30, timeline={"jitter": 0.2})
        for account in ACCOUNTS:
            world.account(account, {region: 6 for region in REGIONS})
        self.stack = self.run_stack(world, hubs=2, external=True, spokes={name: "east" for name in SPOKES})
        self.plans, self.begun, self.is_ending = self.make_plans(), [], False
        keeper = Background(self.keep_busy, every=0.5)
        took = collections.defaultdict(list)
        kinds = [kind for kind, counts in KILLS.items() for _ in range(counts[Options.full])]
        random.shuffle(kinds)
        for number, kind in enumerate(kinds, 1):
            time.sleep(random.uniform(0.5, 2))  # the random moment
            seconds = None
            while seconds is None:
                seconds = getattr(self, f"kill_{kind}")()
            took[kind].append(seconds)
            say(f"{number}/{len(kinds)} {kind}: its work goes on {seconds:.2f} s after the missed heartbeat")
        self.is_ending = True
        keeper.stop()
        self.check_all()
        every = [seconds for values in took.values() for seconds in values]
        for name, values in [*took.items(), ("all", every)]:
            say(f"{name}: {len(values)} kills, p50 {percentile(values, 0.5):.2f} s, p99 {percentile(values, 0.99):.2f} s")
        if Options.full:
            self.assertEqual(len(every), 50)
            self.assertLessEqual(percentile(every, 0.99), PROMISED)

    # Work without end: each plan is started again when it has ended.

    def make_plans(self):
        plans = []
        for account in ACCOUNTS:
            for region in REGIONS:
                servers = self.stack.api.servers(account, region)
                for number in range(2):
                    group = self.stack.api.group(f"{account}-{region}-{number}", account, region,
                                                 servers[number * 3:number * 3 + 3])
                    plans.append(self.stack.api.plan(f"{account}-{region}-{number}", [[group]]))
        return plans

    def keep_busy(self):
        if self.is_ending:
            return
        for plan in self.plans:
            answer = self.ask("POST", "/executions", {"planId": plan, "executionType": "DRILL"})
            if answer is not None and answer.status == 202:
                self.begun.append(answer.json["executionId"])

    def ask(self, method, path, body):
        """An answer of any hub; None while there is none. 409 says that the plan still runs."""
        try:
            answer = self.stack.api.call(method, path, body)
        except Away:
            return None
        self.assertIn(answer.status, (202, 409, 503), answer)
        return answer

    # Kills.

    def kill_spoke(self):
        """Its stream ends at a hub that lives: the hub waits 2 s for another."""
        name, held = self.busy_spoke()
        self.stack.spokes[name].program.kill()
        taken = self.taken_over(held)
        closed = self.stack.rows("SELECT extract(epoch FROM stream_closed_at)::float8 AS at FROM agent_session "
                                 f"WHERE session_id IN ({self.quoted(row['session_id'] for row in held)})")
        self.stack.add_spoke(name, "east")
        return taken and taken - max(row["at"] for row in closed) - REOPENING

    def kill_replica(self):
        """Its spokes miss it at once, and go on at the other."""
        hub = max(self.stack.hubs, key=lambda each: len(self.streams(each)))
        other = next(each for each in self.stack.hubs if each is not hub)
        spokes, before = self.streams(hub), len(other.program.text())
        self.assertTrue(spokes, "a spoke has its stream at one of the hubs")
        begin = time.time()
        hub.program.kill()

        def at_the_other():
            found = re.findall(r"^(\S+) .*stream of commands open .*spoke=(\S+)", other.program.text()[before:],
                               re.MULTILINE)
            there = {spoke: moment(at) for at, spoke in found}
            return [there[spoke] for spoke in spokes] if spokes <= set(there) else None
        reached = eventually(f"the streams of {sorted(spokes)} are open at the other hub", at_the_other, 60)
        hub.start()
        return max(reached) - begin

    def kill_both(self):
        """A spoke and the replica that it is connected to, as when a rack loses its power: nobody saw its stream close."""
        def look():
            name, held = self.busy_spoke()
            return next(((hub, name, held) for hub in self.stack.hubs if name in self.streams(hub)), None)
        hub, name, held = eventually("a busy spoke's stream is open", look, 60)
        for program in (hub.program, self.stack.spokes[name].program):
            program.signal(signal.SIGKILL)
        for program in (hub.program, self.stack.spokes[name].program):
            program.kill()
        seen = self.stack.rows("SELECT extract(epoch FROM max(last_seen_at))::float8 AS at FROM agent_session "
                               f"WHERE session_id IN ({self.quoted(row['session_id'] for row in held)})")
        taken = self.taken_over(held)
        hub.start()
        self.stack.add_spoke(name, "east")
        return taken and taken - seen[0]["at"] - SILENCE

    def busy_spoke(self):
        """A spoke with work under lease, and that work."""
        def look():
            held = collections.defaultdict(list)
            for row in self.stack.rows(
                    "SELECT command_id, term, command.session_id, spoke.name FROM command JOIN spoke USING (spoke_id) "
                    "WHERE state = 'LEASED' AND kind = 'LAUNCH'"):
                held[row["name"]].append(row)
            return max(held.items(), key=lambda item: len(item[1])) if held else None
        return eventually("a spoke has work", look, 60)

    def taken_over(self, held):
        """When the last of this work was leased anew; None where all of it ended in the moment of the kill."""
        terms = {row["command_id"]: row["term"] for row in held}

        def look():
            rows = self.stack.rows(f"SELECT command_id, term, state, extract(epoch FROM lease_until)::float8 AS until "
                                   f"FROM command WHERE command_id IN ({self.quoted(terms)})")
            open_rows = [row for row in rows if row["state"] in ("LEASED", "READY", "QUEUED")]
            if any(row["state"] != "LEASED" or row["term"] <= terms[row["command_id"]] for row in open_rows):
                return None
            return [[row["until"] - LEASE for row in open_rows]]
        return max(eventually("the work is leased by others", look, 90)[0], default=None)

    def quoted(self, identifiers):
        return ", ".join(f"'{identifier}'" for identifier in identifiers)

    def streams(self, hub):
        """The spokes whose stream of commands is open at a hub, by its log."""
        found = set()
        for verb, spoke in re.findall(r"stream of commands (open|closed) .*spoke=(\S+)", hub.log_since_start()):
            found.add(spoke) if verb == "open" else found.discard(spoke)
        return found

    # The end.

    def check_all(self):
        """Whatever was killed, every drill ended well, and each batch was accepted once."""
        self.assertGreaterEqual(len(self.begun), len(self.plans))
        for identifier in self.begun:
            drill = Drill(self.stack.api, identifier)
            shown = drill.end(180)
            self.assertEqual(shown["status"], "COMPLETED", shown["verdict"])
            drill.check_journal(shown)
        starts = collections.Counter(start["tags"].get("muster:command")
                                     for start in self.stack.simulator_state()["starts"])
        self.assertEqual([key for key, count in starts.items() if count != 1], [], "accepted once each")
        self.assertEqual(len(starts), len(self.begun))
        self.assertFalse([text for text in self.stack.api.refused if ": 503" not in text], "503 and nothing else")
