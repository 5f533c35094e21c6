"""Wall clocks that jump 10 minutes, and a hub that sleeps past its lease: no stale write, and nothing starts twice."""
import collections
import pathlib
import shutil
import struct
import subprocess
import time

import harness
from harness import Away, Options, Scenario, World, chance, eventually, say

ACCOUNT, REGIONS = "111122223333", ["us-east-1", "eu-west-1"]
OFF = 600
SOURCE = pathlib.Path(__file__).with_name("clock.c")


class Clock:
    """The wall clock of one process, right until it is set; see clock.c."""

    def __init__(self, stack, name):
        self.library, self.file = stack.directory / "clock.so", stack.directory / f"clock-{name}"
        if not self.library.exists():
            compiler = shutil.which("clang") or shutil.which("cc")
            assert compiler, "Swift's own clang compiles the clock, and it is not in PATH"
            done = subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", self.library, SOURCE],
                                  capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        self.set(0)

    def set(self, seconds):
        # Written in place: the process has the file mapped.
        with open(self.file, "r+b" if self.file.exists() else "w+b") as file:
            file.write(struct.pack("=q", seconds))

    @property
    def environment(self):
        return {"LD_PRELOAD": str(self.library), "SCENARIO_CLOCK": str(self.file)}


def drill_of(stack, waves=3):
    tiers = [[] for _ in range(waves)]
    for region in REGIONS:
        servers = stack.api.servers(ACCOUNT, region)
        for number in range(waves):
            tiers[number].append(stack.api.group(f"{region}-{number}", ACCOUNT, region,
                                                 servers[number * 4:number * 4 + 4]))
    return stack.api.start(stack.api.plan("clocks", tiers))


def world(clock):
    world = World(clock=clock).account(ACCOUNT, {region: 12 for region in REGIONS})
    # So that a clock may jump while an answer is on its way.
    return world.fault("DELAY", operation="StartRecovery", milliseconds=300)


class ClockJumps(Scenario):
    def prepared(self, clock, hubs=2):
        stack = harness.Stack(world(clock), hubs=hubs, external=True, spokes={})
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        self.clocks = {}
        for hub in stack.hubs:
            clock = self.clocks[f"hub-{hub.number}"] = Clock(stack, f"hub-{hub.number}")
            hub.more.update(clock.environment)
        stack.start(spokes=False)
        for name in ("one", "two"):
            clock = self.clocks[f"spoke-{name}"] = Clock(stack, f"spoke-{name}")
            stack.add_spoke(name, "east", more=clock.environment)
        stack.wait_inventory()
        return stack

    def test_a_drill_starts_nothing_twice_and_completes_although_clocks_jump_ten_minutes_forth_and_back(self):
        random = chance("clocks")
        stack = self.prepared(40)
        drill = drill_of(stack)
        jumps = [(name, seconds) for name in self.clocks for seconds in (OFF, -OFF)] * (5 if Options.full else 1)
        random.shuffle(jumps)
        if not Options.full:
            jumps = jumps[:5]
        for number, (name, seconds) in enumerate(jumps, 1):
            time.sleep(random.uniform(0.05, 1.5))  # the random moment
            self.clocks[name].set(seconds)
            time.sleep(random.uniform(0.5, 4))
            self.check_journals_and_starts(stack)
            self.clocks[name].set(0)
            say(f"{number}/{len(jumps)} the clock of {name} was {seconds} s off")
            if Options.full and self.has_ended(drill):
                drill = drill.again()
        drill.check_completed(drill.end(180))
        self.assertFalse([text for text in stack.api.refused if ": 503" not in text], "503 and nothing else")
        drill.terminate()
        drill.wait_terminated()

    def either(self, what):
        """Ahead and behind; one of them in the short run."""
        return (OFF, -OFF) if Options.full else (chance(what).choice((OFF, -OFF)),)

    def has_ended(self, drill):
        try:
            return drill.status in harness.ENDED
        except Away:
            return False

    def check_journals_and_starts(self, stack):
        starts = collections.Counter(start["tags"].get("muster:command") for start in stack.simulator_state()["starts"])
        self.assertEqual([key for key, count in starts.items() if count != 1], [], "accepted once each")

    def test_a_spoke_whose_clock_is_ten_minutes_off_works_on_and_comes_back_after_a_restart(self):
        for seconds in self.either("spoke's clock"):
            with self.subTest(f"{seconds} s"):
                stack = self.prepared(100, hubs=1)
                stack.spokes["two"].program.kill()
                self.clocks["spoke-one"].set(seconds)
                drill = drill_of(stack)
                drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 60)
                stack.spokes["one"].program.kill()
                stack.add_spoke("one", "east", more=self.clocks["spoke-one"].environment)
                drill.check_completed(drill.end(120))
                stack.stop()

    def test_a_drill_completes_while_the_clock_of_one_of_two_replicas_is_ten_minutes_off(self):
        """Leases are judged by whoever looks: the replicas disagree all the time, and the work goes on."""
        for seconds in self.either("replica's clock"):
            with self.subTest(f"{seconds} s"):
                stack = self.prepared(60)
                self.clocks["hub-0"].set(seconds)
                drill = drill_of(stack)
                drill.check_completed(drill.end(120))


class HubFrozen(Scenario):
    """A hub that stops like a paused virtual machine, and goes on with what it had in hand when others have it."""
    waits = True

    def test_a_hub_that_sleeps_past_the_leases_alone_or_with_a_spoke_writes_nothing_stale_when_it_wakes(self):
        random = chance("frozen")
        stack = harness.Stack(world(15), hubs=2, external=True, spokes={})
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        stack.start(spokes=False)
        first, second = stack.hubs
        stack.add_spoke("one", "east", hubs=[first.origin, second.origin])
        stack.add_spoke("two", "east", hubs=[second.origin, first.origin])
        stack.wait_inventory()
        drill = drill_of(stack)
        drill.wait("the first jobs are accepted", lambda e: len(e["waves"][0]["jobs"]) == len(REGIONS), 30)
        for number in range(10 if Options.full else 1):
            # With the spoke that it leased work to, and alone.
            asleep = [first.program, *([] if number % 2 else [stack.spokes["one"].program])]
            time.sleep(random.uniform(0, 2))  # the random moment
            for program in asleep:
                program.freeze()
            begin, before = time.monotonic(), len(self.journal(stack, drill))
            self.check_others_go_on(stack, second, drill, before, is_spoke_asleep=len(asleep) > 1)
            time.sleep(max(0, begin + 40 - time.monotonic()))  # past every lease
            for program in asleep:
                program.thaw()
            eventually("it is ready again", first.is_ready, 30)
            say(f"{number + 1}: {' and '.join(program.name for program in asleep)} slept for "
                f"{time.monotonic() - begin:.0f} s; {len(self.journal(stack, drill)) - before} events meanwhile")
            shown = stack.api.get(drill.path, hub=second)
            drill.check_journal(shown)
            if shown["status"] in harness.ENDED:
                drill = drill.again()
        stack.control("POST", "clock", {"scale": 100})
        drill.check_completed(drill.end(120))
        self.assertFalse([text for text in stack.api.refused if ": 503" not in text], "503 and nothing else")

    def check_others_go_on(self, stack, hub, drill, before, is_spoke_asleep):
        """The other replica decides meanwhile, and no command stays with a spoke that sleeps."""
        def look():
            held = stack.rows("SELECT key FROM command JOIN spoke USING (spoke_id) "
                              "WHERE state = 'LEASED' AND kind = 'LAUNCH' AND spoke.name = 'one'")
            shown = stack.api.get(drill.path, hub=hub)
            is_past = shown["status"] in harness.ENDED or len(self.journal(stack, drill)) > before
            return is_past and not (is_spoke_asleep and held)
        eventually("the other replica goes on", look, 60, every=0.5)

    def journal(self, stack, drill):
        return stack.rows(f"SELECT sequence FROM journal_event WHERE execution_id = '{drill.id}'")
