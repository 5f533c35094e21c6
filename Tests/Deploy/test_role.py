"""The container that migrates makes the hub's role first: its words, against a PostgreSQL on loopback."""
import base64
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

from stage import BIN, ROOT, Elsewhere, template

sys.path.insert(0, str(ROOT / "Tests/ScenarioTests"))
from harness import Database, psql  # noqa: E402


class Role(unittest.TestCase):
    def test_is_made_with_its_password_and_gets_another_one_when_it_is_there(self):
        if not shutil.which("psql") or not (BIN / "muster-hub").exists():
            self.skipTest("there is no psql, or no muster-hub")
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="muster-role-")))
        folder.chmod(0o755)
        database = Database(Elsewhere(folder)).start()
        self.addCleanup(database.kill)
        root = database.url("postgres", "postgres")
        psql(root, "CREATE ROLE muster_owner LOGIN CREATEROLE", "CREATE DATABASE muster OWNER muster_owner")
        containers = template("hub.yaml")["Resources"]["HubTask"]["Properties"]["ContainerDefinitions"]
        migrating = next(c for c in containers if c.get("Name") == "migrate")
        command = [BIN / migrating["Command"][0], *migrating["Command"][1:]]
        # What the container is given, and nothing else.
        given = {entry["Name"]: "none" for entry in migrating["Environment"] + migrating["Secrets"]}
        given |= {"MUSTER_DATABASE_OWNER_URL": database.url("muster_owner"), "MUSTER_LOG_FORMAT": "json",
                  "MUSTER_COGNITO_ISSUER": "https://issuer.example.com",
                  "MUSTER_SECRET_KEY": base64.b64encode(bytes(32)).decode()}
        kept = None
        for password in ("first", "it's \"another\" \\ one"):
            address = database.url("muster_hub").replace("@", f":{urllib.parse.quote(password, safe='')}@")
            done = subprocess.run(command, env={"PATH": os.environ["PATH"], **given, "MUSTER_DATABASE_URL": address},
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn(password, done.stdout + done.stderr)
            hashed = psql(root, "SELECT rolpassword FROM pg_authid WHERE rolname = 'muster_hub' AND rolcanlogin")
            self.assertTrue(hashed.startswith("SCRAM-SHA-256$"))
            self.assertNotEqual(hashed, kept, "the second password takes the first one's place")
            kept = hashed
        self.assertEqual(psql(database.url("muster_hub"), "SELECT count(*) FROM execution"), "0")


if __name__ == "__main__":
    unittest.main()
