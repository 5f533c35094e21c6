"""Backups, and a copy in another Region: restored to a moment, and promoted in the middle of a drill."""
import os
import shutil
import signal
from copy import copy as copy_of

from harness import Scenario, World, eventually, free_port, postgres_user, psql

ACCOUNT, REGION = "111122223333", "us-east-1"


class Backup(Scenario):
    def begin(self, **more):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 9}), external=True, **more)
        api = stack.api
        servers = [server["sourceServerId"] for server in api.servers()]
        groups = [api.group(f"tier-{number}", ACCOUNT, REGION, servers[number * 3:number * 3 + 3]) for number in range(3)]
        return stack, api.plan("three tiers", [{"protectionGroupIds": [group]} for group in groups])

    def another(self, stack, name):
        """A place for another PostgreSQL of the stack."""
        place = stack.directory / name
        place.mkdir(mode=0o700)
        if postgres_user():
            shutil.chown(place, "postgres", "postgres")
        return place

    def audit_holds(self, api):
        answer = api.call("GET", "/audit-events/verification")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json.get("firstBroken"), None, answer)

    def test_a_backup_and_the_archived_log_restore_the_hub_to_a_moment(self):
        stack, plan = self.begin()
        database, api = stack.database, stack.api
        archive = self.another(stack, "archive")
        root = database.url("postgres", "postgres")
        psql(root, "ALTER SYSTEM SET archive_mode = on", f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/%f'")
        stack.hub.program.stop()
        database.kill()
        database.start()
        stack.hub.start()

        before = api.start(plan)
        before.check_completed(before.end(60))
        backup = self.another(stack, "backup") / "files"
        database.run("pg_basebackup", "-d", root, "-D", backup, "-X", "none", "--checkpoint=fast")
        # What came after the backup is only in the archived log.
        after = api.start(plan)
        after.check_completed(after.end(60))
        moment = psql(root, "SELECT clock_timestamp()")
        wanted = {drill.path: drill.show() for drill in (before, after)}
        # Somebody's mistake, which is to be undone.
        spoilt = psql(database.url("muster_owner"), "UPDATE execution SET plan_name = 'spoilt' RETURNING plan_name")
        self.assertIn("spoilt", spoilt)
        last = psql(root, "SELECT pg_walfile_name(pg_switch_wal())")
        eventually("the log is archived", lambda: (archive / last).exists(), 30)

        stack.hub.program.kill()
        database.kill()
        (backup / "recovery.signal").touch()
        with open(backup / "postgresql.auto.conf", "a") as settings:
            settings.write(f"archive_mode = off\nrestore_command = 'cp {archive}/%f %p'\n"
                           f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n")
        if postgres_user():
            shutil.chown(backup / "recovery.signal", "postgres", "postgres")
        database.files = backup
        database.start()
        eventually("it has been restored", lambda: psql(root, "SELECT pg_is_in_recovery()", check=False) == "f", 60)
        stack.hub.start()
        for path, shown in wanted.items():
            answer = api.call("GET", path)
            self.assertEqual((answer.json["planName"], answer.json["status"]), (shown["planName"], "COMPLETED"))
        for drill in (before, after):
            drill.check_journal(drill.show())
        self.audit_holds(api)
        again = api.start(plan)
        again.check_completed(again.end(60))

    def follow(self, stack):
        """A second PostgreSQL that follows the stack's."""
        database, root = stack.database, stack.database.url("postgres", "postgres")
        copy = self.another(stack, "copy") / "files"
        database.run("pg_basebackup", "-d", root, "-D", copy, "-X", "stream", "-R", "--checkpoint=fast")
        standby = copy_of(database)
        standby.files, standby.port = copy, free_port()
        standby.start()
        eventually("it follows", lambda: psql(root, "SELECT state FROM pg_stat_replication") == "streaming", 30)
        return standby

    def test_a_hub_that_knows_both_databases_goes_on_with_the_promoted_one_by_itself(self):
        stack, plan = self.begin()
        database, api = stack.database, stack.api
        standby = self.follow(stack)
        stack.hub.program.stop()
        stack.hub.more = {"MUSTER_DATABASE_URL": f"postgresql://muster_hub@127.0.0.1:{database.port},127.0.0.1:{standby.port}"
                                                 "/muster?target_session_attrs=read-write"}
        stack.hub.start()
        drill = api.start(plan)
        drill.wait("its first wave has begun", lambda e: e["waves"][0]["status"] != "PENDING", 30)
        eventually("the copy has it", lambda: psql(
            standby.url("muster_owner"), "SELECT count(*) FROM execution WHERE status <> 'PENDING'") == "1", 30)
        database.kill()
        psql(standby.url("postgres", "postgres"), "SELECT pg_promote()")
        stack.database = standby
        stack.hub.wait_ready()
        shown = drill.end(90)
        drill.check_completed(shown)
        drill.check_once(shown)
        self.audit_holds(api)

    def test_a_dump_is_restored_into_another_database(self):
        stack, plan = self.begin()
        database, api = stack.database, stack.api
        drill = api.start(plan)
        drill.check_completed(drill.end(60))
        stack.hub.program.stop()
        place = self.another(stack, "dump") / "muster.dump"
        database.run("pg_dump", "--format", "custom", "--file", place, "-d", database.url("postgres"))
        psql(database.url("postgres", "postgres"), "CREATE DATABASE other OWNER muster_owner")
        database.run("pg_restore", "-d", database.url("postgres", "other"), place)
        psql(database.url("postgres", "postgres"), "ALTER DATABASE muster RENAME TO lost", "ALTER DATABASE other RENAME TO muster")
        stack.hub.start()
        drill.check_journal(drill.show())
        self.audit_holds(api)
        again = api.start(plan)
        again.check_completed(again.end(60))

    def test_a_copy_in_another_region_is_promoted_in_the_middle_of_a_drill(self):
        stack, plan = self.begin(hubs=2)
        database, api = stack.database, stack.api
        # The second hub is the other Region's: until the copy is promoted it does not run.
        stack.hubs[1].program.stop()
        standby = self.follow(stack)
        there = standby.url("postgres", "postgres")

        drill = api.start(plan)
        drill.wait("its first wave has begun", lambda e: e["waves"][0]["status"] != "PENDING", 30)
        eventually("the copy has it", lambda: psql(
            standby.url("muster_owner"), "SELECT count(*) FROM execution WHERE status <> 'PENDING'") == "1", 30)
        # From here on nothing reaches the copy: what is decided now is lost with the Region.
        receiver = int(psql(there, "SELECT pid FROM pg_stat_wal_receiver"))
        os.kill(receiver, signal.SIGSTOP)
        try:
            drill.wait("its second wave has begun", lambda e: e["waves"][1]["status"] != "PENDING", 60)
            eventually("DRS has its job", lambda: len(drill.starts()) >= 2, 30)
            stack.hubs[0].program.kill()
            database.kill()
        finally:
            os.kill(receiver, signal.SIGCONT)
        psql(there, "SELECT pg_promote()")
        eventually("it can be written to", lambda: psql(there, "SELECT pg_is_in_recovery()", check=False) == "f", 30)
        stack.database = standby
        stack.hubs.reverse()
        stack.hubs[0].start()
        stack._api = None
        drill.api = stack.api
        shown = drill.end(90)
        drill.check_completed(shown)
        drill.check_once(shown)
        self.audit_holds(stack.api)
