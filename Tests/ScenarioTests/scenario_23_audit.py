"""The audit of a running hub: spokes that come and go, an export that is verified where no hub is, and an archive."""
import hashlib
import json
import subprocess
from datetime import datetime, timezone

from harness import Scenario, World, eventually, stack_program

ACCOUNT, REGION = "111122223333", "us-east-1"


class Audit(Scenario):
    def muster(self, stack, *arguments, hub=True):
        environment = {"HOME": "/nowhere", "LANG": "C.UTF-8"}
        if hub:
            environment.update(MUSTER_HUB_URL=stack.hub.origin, MUSTER_TOKEN=stack.api.token)
        return subprocess.run([stack_program("muster"), *map(str, arguments)], env=environment, capture_output=True,
                              text=True, timeout=60, cwd="/")

    def events(self, stack, action):
        return list(reversed(stack.api.every(f"/audit-events?action={action}")))

    def test_a_spoke_that_joins_and_one_that_is_lost_are_events_each_once(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 1}))
        spoke = stack.spokes["east"]
        joined = self.events(stack, "ENROL_SPOKE")
        self.assertEqual(len(joined), 1)
        self.assertEqual((joined[0]["subjectKind"], joined[0]["accountIds"], joined[0]["sourceAddress"]),
                         ("spoke", [ACCOUNT], "127.0.0.1"))
        self.assertIn("MusterSpokeEast", joined[0]["principal"])
        for lost in (1, 2):
            spoke.program.kill()
            eventually("the audit says that the spoke was lost", lambda: len(self.events(stack, "LOSE_SPOKE")) >= lost, 60)
            event = self.events(stack, "LOSE_SPOKE")[-1]
            self.assertEqual((event["subjectId"], event["principal"], event["accountIds"]),
                             (joined[0]["subjectId"], joined[0]["principal"], [ACCOUNT]))
            self.assertEqual(len(self.events(stack, "LOSE_SPOKE")), lost, "once, however long it is away")
            spoke.start()
            eventually("it has joined again", lambda: len(self.events(stack, "ENROL_SPOKE")) == lost + 1, 60)

    def test_an_export_is_verified_offline_and_shows_every_tampering(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 1}), spokes_too=False)
        for number in range(20):
            stack.api.need(200, "PUT", f"/accounts/{ACCOUNT}", {
                "accountName": f"name-{number}", "regions": [REGION], "spokePrincipals": []})
        listed = self.muster(stack, "audit", "list", "--action", "UpdateAccount", "--limit", "3")
        self.assertEqual((listed.returncode, listed.stdout.count("UpdateAccount")), (0, 3), listed.stderr)
        shown = self.muster(stack, "audit", "list", "--format", "json", "--limit", "1")
        self.assertIn(stack.simulator_origin, shown.stdout, "who it was, by subject and issuer")
        eventually("all is sealed", lambda: stack.api.get("/audit-events/verification")["unsealed"] == 0, 20)
        check = self.muster(stack, "audit", "check", "--format", "json")
        self.assertEqual(check.returncode, 0, check.stderr)
        keys, head, whole = (stack.directory / name for name in ("keys.json", "head.json", "whole.ndjson"))
        keys.write_text(self.muster(stack, "audit", "keys").stdout)
        head.write_text(check.stdout)
        export = self.muster(stack, "audit", "export", whole)
        self.assertEqual(export.returncode, 0, export.stderr)
        self.assertNotEqual(self.muster(stack, "audit", "export", whole).returncode, 0, "no file is overwritten")
        # What the filter leaves out is a digest, and the chain holds all the same.
        part = stack.directory / "part.ndjson"
        self.muster(stack, "audit", "export", "--action", "CreateAccount", part)
        stack.stop()

        def verify(file, *more):
            return self.muster(stack, "audit", "verify", file, "--keys", keys, *more, hub=False)

        for file in (whole, part):
            done = verify(file, "--head", head)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("as they were sealed", done.stdout)
        self.assertNotIn("name-7", part.read_text())
        lines = whole.read_text().splitlines(keepends=True)
        changed = next(number for number, line in enumerate(lines) if "name-7" in line)
        first_event = next(number for number, line in enumerate(lines) if "CreateAccount" in line)
        tampered = {
            "another value": [line.replace("name-7", "name-8") if number == changed else line
                              for number, line in enumerate(lines)],
            "a line less": lines[:changed] + lines[changed + 1:],
            "two lines swapped": lines[:changed] + [lines[changed + 1], lines[changed]] + lines[changed + 2:],
            "the beginning gone": lines[:first_event] + lines[first_event + 1:],
            "the end cut off": lines[:changed],
        }
        for how, text in tampered.items():
            file = stack.directory / "tampered.ndjson"
            file.write_text("".join(text))
            found = verify(file, "--head", head)
            self.assertEqual((found.returncode, found.stdout), (1, ""), how)
            self.assertTrue(found.stderr, how)
        other = stack.directory / "other.json"
        other.write_text(keys.read_text().replace(json.loads(keys.read_text())["items"][0]["publicKey"], "A" * 43))
        self.assertEqual(self.muster(stack, "audit", "verify", whole, "--keys", other, hub=False).returncode, 1)

    def archive(self, stack, file, *more):
        """`muster-hub audit archive`, as somebody on the hub's host."""
        command = [stack_program("muster-hub"), "audit", "archive", str(file), *more]
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", **stack.hub.environment()}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd="/")

    def test_what_is_old_goes_into_an_archive_while_the_hub_runs_and_both_parts_are_verified(self):
        stack = self.run_stack(World(clock=100).account(ACCOUNT, {REGION: 1}), spokes_too=False, external=True)
        rename = lambda name: stack.api.need(200, "PUT", f"/accounts/{ACCOUNT}", {
            "accountName": name, "regions": [REGION], "spokePrincipals": []})
        sealed = lambda: eventually(
            "all is sealed", lambda: stack.api.get("/audit-events/verification")["unsealed"] == 0, 20)
        for number in range(20):
            rename(f"old-{number}")
        sealed()
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        rename("young")
        sealed()
        file, keys = stack.directory / "archive.ndjson", stack.directory / "keys.json"
        keys.write_text(self.muster(stack, "audit", "keys").stdout)
        nothing = self.archive(stack, file)
        self.assertEqual((nothing.returncode, nothing.stdout), (0, "Nothing is so old.\n"), "7 years are kept")
        self.assertFalse(file.exists())
        self.assertEqual(self.archive(stack, file, "--before", "2099-01-01T00:00:00Z").returncode, 64)

        file.write_text("somebody's")
        self.assertNotEqual(self.archive(stack, file, "--before", moment).returncode, 0, "no file is overwritten")
        self.assertEqual(file.read_text(), "somebody's")
        file.unlink()

        done = self.archive(stack, file, "--before", moment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(hashlib.sha256(file.read_bytes()).hexdigest(), done.stdout)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        sealed()
        self.assertIsNone(stack.api.get("/audit-events/verification").get("firstBroken"))
        left = stack.api.every("/audit-events")
        self.assertIn("ARCHIVE_AUDIT", [event["action"] for event in left])
        text, kept = file.read_text(), json.dumps(left)
        self.assertTrue("old-3" in text and "old-3" not in kept and "young" in kept and "young" not in text)
        rest = stack.directory / "rest.ndjson"
        self.assertEqual(self.muster(stack, "audit", "export", rest).returncode, 0)
        stack.stop()
        for part in (file, rest):
            found = self.muster(stack, "audit", "verify", part, "--keys", keys, hub=False)
            self.assertEqual(found.returncode, 0, found.stderr)
        file.write_text(text.replace("old-3", "old-4", 1))
        self.assertEqual(self.muster(stack, "audit", "verify", file, "--keys", keys, hub=False).returncode, 1)
