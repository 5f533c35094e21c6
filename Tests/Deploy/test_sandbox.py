"""What a unit forbids, and that hub and WeasyPrint live with it: as far as sandbox.py emulates systemd."""
import base64
import ctypes.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from stage import BIN, DEPLOY, ROOT, Elsewhere, free_port

sys.path.insert(0, str(ROOT / "Tests/ScenarioTests"))
from harness import Database, psql  # noqa: E402
from walk import eventually  # noqa: E402

SANDBOX = ROOT / "Tests/Deploy/sandbox.py"
# What each does is forbidden in its own way; the last two are not.
TRIES = """
import mmap, os, socket
for name, attempt in {
    "MemoryDenyWriteExecute": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "RestrictAddressFamilies": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
    "SystemCallFilter": lambda: os.setpriority(os.PRIO_PROCESS, 0, 5),
    "ProtectSystem": lambda: open("/usr/muster", "w"),
    "ProtectHome": lambda: os.listdir("/root"),
    "StateDirectory": lambda: open("/var/lib/muster/file", "w").close(),
    "PrivateTmp": lambda: open("/tmp/file", "w").close(),
}.items():
    try:
        attempt()
        print(name, "done")
    except OSError:
        print(name, "refused")
"""
PRINT = """
cd /tmp
printf '<html lang="en"><title>Report</title><h1>Räume</h1><table><tr><td>1<td>2</table></html>' > report.html
echo '{}' > report.json
timeout --kill-after=5 120 weasyprint --quiet --pdf-variant pdf/ua-1 --attachment report.json report.html report.pdf
head -c 5 report.pdf
"""


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("systemd-analyze") and ctypes.util.find_library("seccomp"),
                     "needs root, systemd-analyze and libseccomp")
class Sandbox(unittest.TestCase):
    def inside(self, unit, *command):
        done = subprocess.run([SANDBOX, DEPLOY / "Systemd" / unit, *command], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_forbids_what_the_units_say(self):
        for unit in ("muster-hub.service", "muster-spoke.service"):
            said = self.inside(unit, "/usr/bin/python3", "-c", TRIES).split("\n")
            self.assertEqual([line for line in said if line.endswith("done")], ["StateDirectory done", "PrivateTmp done"], unit)
            self.assertEqual(len(said), 8)

    def test_lets_a_report_be_printed(self):
        if not shutil.which("weasyprint"):
            self.skipTest("there is no WeasyPrint")
        self.assertEqual(self.inside("muster-hub.service", "bash", "-ceu", PRINT), "%PDF-")

    def test_lets_the_hub_migrate_and_serve(self):
        if not (BIN / "muster-hub").exists() or not shutil.which("psql"):
            self.skipTest("there is no hub, or no PostgreSQL")
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="muster-sandbox-")))
        folder.chmod(0o755)
        database = Database(Elsewhere(folder)).start()
        self.addCleanup(database.kill)
        psql(database.url("postgres", "postgres"), "CREATE ROLE muster_owner LOGIN CREATEROLE",
             "CREATE DATABASE muster OWNER muster_owner")
        port = free_port()
        keys = {"MUSTER_DATABASE_URL": database.url("muster_hub"), "MUSTER_DATABASE_OWNER_URL": database.url("muster_owner"),
                "MUSTER_COGNITO_ISSUER": "https://issuer.example.com", "MUSTER_COGNITO_CLIENT_ID": "none",
                "MUSTER_SECRET_KEY": base64.b64encode(bytes(32)).decode(), "MUSTER_LISTEN": f"127.0.0.1:{port}"}
        words = [f"{key}={value}" for key, value in keys.items()]
        self.assertIn("Applied", self.inside("muster-hub.service", "env", *words, BIN / "muster-hub", "migrate", "--create-role"))
        log = folder / "hub.log"
        with log.open("wb") as opened:
            hub = subprocess.Popen([SANDBOX, DEPLOY / "Systemd/muster-hub.service", "env", *words, BIN / "muster-hub", "serve"],
                                   stdout=opened, stderr=opened, stdin=subprocess.DEVNULL)

        def is_ready():
            self.assertIsNone(hub.poll(), log.read_text())
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5).status == 200
            except OSError:
                return False

        try:
            eventually("readiness", is_ready)
        finally:
            hub.terminate()
            hub.wait()


if __name__ == "__main__":
    unittest.main()
