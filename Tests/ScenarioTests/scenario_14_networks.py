"""Networks that are cut without a word, databases that are full, read-only, or restored to an earlier day."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import harness
from harness import Scenario, World, eventually, exchange, psql, say
from proxy import Network

ACCOUNT, REGION = "111122223333", "us-east-1"
# The hub answers again at most so long after its database can be reached again.
BACK_SECONDS = 5


def plan(stack, waves=2, size=4):
    servers = stack.api.servers(ACCOUNT, REGION)
    return stack.api.plan("networks", [[stack.api.group(f"tier-{n}", ACCOUNT, REGION, servers[n * size:n * size + size])]
                                       for n in range(waves)])


class DatabaseRestored(Scenario):
    def test_a_database_restored_to_a_moment_in_the_middle_of_a_drill_starts_nothing_twice(self):
        stack = self.run_stack(World(clock=150).account(ACCOUNT, {REGION: 8}), external=True)
        drill = stack.api.start(plan(stack))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        self.copy(stack, stack.database.files, stack.directory / "saved")
        shown = drill.check_completed(drill.end(60))
        began = [start["jobId"] for start in drill.starts()]
        instances = {server["recoveryInstanceId"] for server in drill.servers(shown)}
        self.copy(stack, stack.directory / "saved", stack.database.files)
        self.assertNotEqual(drill.status, "COMPLETED", "the database is that of an earlier moment")
        shown = drill.check_completed(drill.end(90))
        self.assertEqual([start["jobId"] for start in drill.starts()], began, "the jobs were found by their tags")
        self.assertEqual({server["recoveryInstanceId"] for server in drill.servers(shown)}, instances)
        drill.terminate()
        drill.wait_terminated()

    def copy(self, stack, source, target):
        """Both stop as if power failed, and start again."""
        stack.hub.program.kill()
        stack.database.kill()
        eventually("PostgreSQL's processes end", lambda: not [
            pid for pid in stack.left() if "postgres" in pathlib.Path(f"/proc/{pid}/cmdline").read_text()], 20)
        subprocess.run(["rm", "-rf", target], check=True)
        subprocess.run(["cp", "-a", source, target], check=True)
        stack.database.start()
        stack.hub.start()

    def test_a_database_restored_to_before_the_first_start_finds_every_job_by_its_tag(self):
        stack = self.run_stack(World(clock=150).account(ACCOUNT, {REGION: 8}), external=True)
        identifier = plan(stack)
        stack.spokes["east"].program.kill()
        drill = stack.api.start(identifier)
        self.copy(stack, stack.database.files, stack.directory / "saved")
        stack.add_spoke("east")
        drill.check_completed(drill.end(60))
        began = [start["jobId"] for start in drill.starts()]
        self.assertEqual(len(began), 2)
        self.copy(stack, stack.directory / "saved", stack.database.files)
        self.assertEqual(drill.show()["counts"]["launched"], 0)
        drill.check_completed(drill.end(90))
        self.assertEqual([start["jobId"] for start in drill.starts()], began)


class NetworkCut(Scenario):
    def test_a_database_that_goes_silent_gives_503_in_bounded_time_and_the_drill_goes_on_when_it_is_back(self):
        stack = harness.Stack(World(clock=40).account(ACCOUNT, {REGION: 8}), external=True)
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        network = Network(stack.database.port)
        self.addCleanup(network.close)
        stack.hub_environment["MUSTER_DATABASE_URL"] = f"postgresql://muster_hub@127.0.0.1:{network.port}/muster"
        stack.start()
        drill = stack.api.start(plan(stack))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        network.mode = "cut"
        begin = time.monotonic()
        answers = []
        while time.monotonic() - begin < 8:
            asked = time.monotonic()
            answer = stack.api.call("GET", "/executions", timeout=60)
            answers.append((round(time.monotonic() - asked, 1), answer.status))
        slowest = max(seconds for seconds, _ in answers)
        say(f"the slowest answer while the database was silent came after {slowest} s")
        self.assertEqual({status for _, status in answers}, {503}, answers)
        self.check_within(slowest, 12, "a person is told soon")
        self.assertEqual(exchange(stack.hub.origin, "GET", "/health/live", timeout=5).status, 200)
        network.mode = "open"
        begin = time.monotonic()
        stack.hub.wait_ready(60)
        eventually("it answers", lambda: drill.show(), 60)
        back = time.monotonic() - begin
        say(f"back after {back:.1f} s")
        # What was open before the cut was found dead meanwhile and closed: nobody waits for it any more.
        self.check_within(back, BACK_SECONDS, "the hub is back after the network")
        drill.check_completed(drill.end(120))


class SpokeCutOff(Scenario):
    waits = True

    def test_a_spoke_cut_off_for_a_while_loses_its_lease_and_finds_its_work_again(self):
        stack = harness.Stack(World(clock=20).account(ACCOUNT, {REGION: 8}))
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        network = Network(stack.hub.port)
        self.addCleanup(network.close)
        through = f"http://127.0.0.1:{network.port}"
        stack.hub_environment["MUSTER_PUBLIC_URL"] = f"{stack.hub.origin},{through}"
        stack.start(spokes=False)
        stack.add_spoke("east", hubs=[through])
        stack.wait_inventory()
        drill = stack.api.start(plan(stack))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        network.mode = "cut"
        eventually("the hub calls the spoke lost", lambda: [spoke["state"] for spoke in stack.api.every("/spokes")] == ["LOST"], 45)
        self.assertEqual(len(drill.starts()), 1)
        # The job ends meanwhile; nobody tells the hub, and nothing else begins.
        eventually("DRS has ended the job", lambda: not stack.simulator_state()["jobsInProgress"], 60)
        self.assertEqual(len(drill.starts()), 1)
        network.mode = "open"
        eventually("the spoke is back", lambda: [spoke["state"] for spoke in stack.api.every("/spokes")] == ["CONNECTED"], 60)
        stack.control("POST", "clock", {"scale": 200})
        drill.check_completed(drill.end(60))


class DatabaseTroubles(Scenario):
    def test_a_database_that_takes_no_writes_is_503_and_the_drill_goes_on_when_it_does_again(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 8}), external=True)
        api = stack.api
        drill = api.start(plan(stack))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        # As after a fail-over, when the hub still talks to what is now a replica.
        owner = stack.database.url("postgres", "postgres")
        psql(owner, "ALTER SYSTEM SET default_transaction_read_only = on")
        psql(owner, "SELECT pg_reload_conf()")
        body = {"groupName": "late", "accountId": ACCOUNT, "region": REGION, "serverSelectionTags": {"tier": "none"}}
        answer = eventually("writes are refused", lambda: (lambda a: a if a.status != 201 else None)(
            api.call("POST", "/protection-groups", {**body, "groupName": harness.unique("late")})), 20)
        self.assertEqual((answer.status, answer.code), (503, "UNAVAILABLE"), answer)
        time.sleep(1)  # some turns of everything that goes on beside requests
        psql(owner, "SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only",
             "SELECT pg_reload_conf()")
        begin = time.monotonic()
        eventually("writes are taken", lambda: api.call("POST", "/protection-groups", body).status == 201, 30)
        self.check_within(time.monotonic() - begin, BACK_SECONDS, "the hub is back after its database")
        self.assertTrue(stack.hub.program.is_alive)
        drill.check_completed(drill.end(60))
        self.assertFalse([text for text in api.refused if ": 503" not in text], "never 500")

    def small_disk(self):
        small = pathlib.Path(tempfile.mkdtemp(prefix="muster-scenario-disk-"))
        small.chmod(0o755)
        self.addCleanup(shutil.rmtree, small, ignore_errors=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150m,mode=755", "tmpfs", small],
                          capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", small])
        return small

    def fill(self, disk):
        filler = disk / "filler"
        subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=64k"], capture_output=True)
        return filler

    @unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
    def test_a_disk_so_full_that_postgresql_ends_is_503_and_the_drill_goes_on_when_it_is_started_again(self):
        small = self.small_disk()
        stack = harness.Stack(World(clock=60).account(ACCOUNT, {REGION: 12}), external=True, disk=small)
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        stack.start()
        api, owner = stack.api, stack.database.url("postgres", "postgres")
        drill = api.start(plan(stack, 3))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        filler = self.fill(small)

        def has_ended():
            # A log that cannot grow is a PANIC, and recovery from it needs room too.
            psql(owner, "SELECT pg_logical_emit_message(false, 'full', repeat('x', 8000000))", check=False)
            return not stack.database.program.is_alive
        eventually("PostgreSQL ends", has_ended, 60)
        answer = eventually("the hub says 503", lambda: (lambda a: a if a.status == 503 else None)(
            api.call("GET", "/executions")), 20)
        self.assertEqual(answer.code, "UNAVAILABLE", answer)
        self.assertEqual(exchange(stack.hub.origin, "GET", "/health/live").status, 200)
        filler.unlink()
        stack.database.start()
        begin = time.monotonic()
        eventually("the hub is back", stack.hub.is_ready, 30)
        self.check_within(time.monotonic() - begin, BACK_SECONDS, "the hub is back after its database")
        drill.check_completed(drill.end(90))
        self.assertFalse([text for text in api.refused if ": 503" not in text], "never 500")

    @unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
    def test_a_full_disk_is_503_and_the_drill_goes_on_when_there_is_room_again(self):
        small = self.small_disk()
        stack = harness.Stack(World(clock=60).account(ACCOUNT, {REGION: 12}), external=True)
        self.stacks = [stack]
        self.addCleanup(stack.discard)
        self.addCleanup(stack.stop)
        # The tables on the small disk, the log where there is room: a log that is full ends PostgreSQL, see below.
        stack.start_simulator()
        stack.database.start().prepare()
        tables = small / "tables"
        tables.mkdir(mode=0o700)
        shutil.chown(tables, "postgres", "postgres")
        owner = stack.database.url("postgres", "postgres")
        psql(owner, f"CREATE TABLESPACE small LOCATION '{tables}'")
        psql(owner, "ALTER DATABASE muster SET TABLESPACE small")
        stack.migrate()
        stack.hub.start()
        stack.register()
        stack.add_spoke("east")
        stack.wait_inventory()
        api = stack.api
        drill = api.start(plan(stack, 3))
        drill.wait("the first job is accepted", lambda e: e["waves"][0]["jobs"], 20)
        filler = self.fill(small)
        statuses, numbers = set(), 0
        begin = time.monotonic()
        while 503 not in statuses and time.monotonic() - begin < 60:
            numbers += 1
            answer = api.call("POST", "/protection-groups", {
                "groupName": harness.unique("full"), "description": "x" * 4000, "accountId": ACCOUNT, "region": REGION,
                "serverSelectionTags": {"tier": f"none-{numbers}"}})
            statuses.add(answer.status)
        self.assertLessEqual(statuses, {201, 503}, "never a 500")
        self.assertIn(503, statuses, f"{numbers} groups went onto a full disk")
        self.assertEqual(exchange(stack.hub.origin, "GET", "/health/live").status, 200)
        filler.unlink()
        body = {"groupName": "room", "accountId": ACCOUNT, "region": REGION, "serverSelectionTags": {"tier": "none"}}
        begin = time.monotonic()
        eventually("there is room again", lambda: api.call("POST", "/protection-groups", body).status == 201, 30)
        self.check_within(time.monotonic() - begin, BACK_SECONDS, "the hub is back after its database")
        drill.check_completed(drill.end(90))
        self.assertFalse([text for text in api.refused if ": 503" not in text], "never 500")
