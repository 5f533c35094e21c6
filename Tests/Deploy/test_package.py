"""The Debian package and its units, and the image's root file system, made and started without a container engine."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.request

import yaml

from stage import BIN, DEPLOY, ROOT, free_port

UNITS = ["muster-hub.service", "muster-spoke.service"]
# Of systemd-analyze security, 0 (safe) to 10; what is left is the network, and sockets of its own.
MOST_EXPOSURE = 1.5
START_SECONDS = 120
PROGRAMS = ["muster", "muster-hub", "muster-spoke", "muster-simulator"]


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=900, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


class Units(unittest.TestCase):
    def test_may_do_next_to_nothing(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("there is no systemd-analyze")
        for unit in UNITS:
            told = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", str(DEPLOY / "Systemd" / unit)],
                                  capture_output=True, text=True).stdout
            exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", told)[1])
            self.assertLessEqual(exposure, MOST_EXPOSURE, unit)

    def test_come_with_a_configuration_of_known_keys(self):
        known = (ROOT / "Docs/Operating.md").read_text()
        for name in ("hub.env", "spoke.env"):
            keys = re.findall(r"^#?(MUSTER_\w+)=", (DEPLOY / "Systemd" / name).read_text(), re.M)
            self.assertTrue(keys)
            self.assertEqual([key for key in keys if f"`{key}`" not in known], [])


class Compose(unittest.TestCase):
    def test_sets_known_keys_and_gives_nobody_rights(self):
        services = yaml.safe_load((DEPLOY / "Container/compose.yaml").read_text())["services"]
        known = (ROOT / "Docs/Operating.md").read_text()
        self.assertEqual([k for k in services["hub"]["environment"] if f"`{k}`" not in known], [])
        for name in ("hub", "simulator"):
            self.assertEqual((services[name]["read_only"], services[name]["cap_drop"]), (True, ["ALL"]))


def make(folder, programs):
    """The package of what is in a directory, packed quickly."""
    quick = {**os.environ, "DPKG_DEB_COMPRESSOR_TYPE": "gzip", "DPKG_DEB_COMPRESSOR_LEVEL": "1"}
    made = run(DEPLOY / "Systemd/package", "--bin", programs, "--into", folder, env=quick)
    return pathlib.Path(made.strip())


def stand_ins(folder, *versions):
    """Small programs in the place of ours, which say a version: all the same, or the second one another."""
    folder.mkdir()
    for name, version in zip(PROGRAMS, (versions * 4)[:4]):
        source = f'int puts(const char *); int main(void) {{ return puts("{version}") < 0; }}'
        run("cc", "-x", "c", "-", "-o", folder / name, input=source)
    return folder


class Package(unittest.TestCase):
    """Of small programs in the place of ours, for it is the package that is looked at."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="muster-package-")))
        cls.folder.chmod(0o755)
        cls.package = make(cls.folder, stand_ins(cls.folder / "programs", "1.2.0-test"))

    def test_holds_programs_units_and_documents_and_keeps_what_is_configured(self):
        listed = run("dpkg-deb", "--contents", self.package)
        for path in ("usr/bin/muster-hub", "usr/lib/muster/muster-spoke", "lib/systemd/system/muster-hub.service",
                     "usr/lib/sysusers.d/muster.conf", "usr/share/doc/muster/Docs/Operating.md",
                     "usr/share/doc/muster/Docs/Guides/at-3-am.md", "usr/share/doc/muster/Deploy/IAM/spoke-policy.json"):
            self.assertIn(f"./{path}", listed)
        self.assertIn("/etc/muster/hub.env", run("dpkg-deb", "--info", self.package, "conffiles"))
        self.assertEqual(run("dpkg-deb", "--field", self.package, "Version").strip(), "1.2.0~test")

    def test_installs_makes_its_user_and_leaves_what_was_changed_when_it_is_installed_again(self):
        if os.geteuid() != 0 or not shutil.which("systemd-sysusers"):
            self.skipTest("needs root and systemd-sysusers")
        root = self.folder / "root"
        for part in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc", "var/lib/muster"):
            (root / part).mkdir(parents=True)
        (root / "var/lib/dpkg/status").touch()
        install = ["dpkg", f"--root={root}", f"--log={self.folder}/dpkg.log", "--force-script-chrootless", "--force-depends",
                   "--force-confold", "--install", self.package]
        run(*install)
        line = next(line for line in (root / "etc/passwd").read_text().splitlines() if line.startswith("muster:"))
        user, group = line.split(":")[2:4]
        self.assertTrue(line.endswith(":/var/lib/muster:/usr/sbin/nologin"), line)
        settings = root / "etc/muster/hub.env"
        self.assertEqual((str(settings.stat().st_gid), settings.stat().st_mode & 0o777), (group, 0o640))
        self.assertEqual(settings.parent.stat().st_mode & 0o777, 0o750)
        self.assertNotEqual(user, "0")
        self.assertEqual(run((root / "usr/bin/muster-hub").resolve()), "1.2.0-test\n")
        self.check_units(root)
        settings.write_text("MUSTER_LISTEN=127.0.0.1:9999\n")
        run(*install)
        self.assertEqual(settings.read_text(), "MUSTER_LISTEN=127.0.0.1:9999\n")

    def check_units(self, root):
        """As systemd reads them where they were installed; it says what it does not understand, and ends with 0."""
        if not shutil.which("systemd-analyze"):
            return
        for unit in UNITS:
            done = subprocess.run(["systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no",
                                   root / "lib/systemd/system" / unit], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""), unit)

    def test_is_not_made_of_half_the_programs_or_of_two_versions_or_of_none(self):
        odd = {"mixed": ["1.2.0", "1.3.0"], "none": ["one; two"]}
        folders = [self.folder, *(stand_ins(self.folder / name, *said) for name, said in odd.items())]
        for folder, said in zip(folders, ("there is no muster", "muster-hub is another version", "is no version")):
            done = subprocess.run([DEPLOY / "Systemd/package", "--bin", folder, "--into", self.folder], capture_output=True,
                                  text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(said, done.stderr)

    def test_says_the_version_that_the_programs_have(self):
        if not (BIN / "muster").exists():
            self.skipTest(f"nothing is built in {BIN}")
        source = (ROOT / "Sources/Ambient/MusterVersion.swift").read_text()
        version = re.search(r'static let text = "(.*)"', source)[1]
        self.assertEqual({run(BIN / name, "--version").strip() for name in PROGRAMS}, {version})


@unittest.skipUnless(os.environ.get("MUSTER_DEPLOY_ROOT"), "takes minutes: set MUSTER_DEPLOY_ROOT=1")
class Root(unittest.TestCase):
    """The package installed into Debian's base, and started there over a root that cannot be written to."""

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0 or not shutil.which("debootstrap"):
            raise unittest.SkipTest("needs root and Debian's debootstrap")
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="muster-root-")))
        cls.folder.chmod(0o755)
        cls.package = make(cls.folder, BIN)
        cls.root = cls.folder / "root"
        run(DEPLOY / "Container/rootfs", cls.package, cls.root)

    def inside(self, *command, user="10001:10001"):
        return run("chroot", f"--userspec={user}", self.root, *command)

    def test_has_programs_that_run_as_nobody_in_particular(self):
        self.assertIn("USAGE: muster-hub", self.inside("muster-hub", "--help"))
        self.assertIn("USAGE: muster ", self.inside("muster", "--help"))
        self.assertEqual(self.inside("id", "-nu").strip(), "muster")
        self.assertIn('"openapi"', self.inside("muster-hub", "openapi"))

    def test_lets_its_user_write_nowhere_but_where_it_keeps_something(self):
        found = self.inside("sh", "-c", "find / -xdev -writable -type d 2>/dev/null | sort")
        self.assertLessEqual(set(found.split()), {"/run/lock", "/run/muster", "/tmp", "/var/lib/muster", "/var/tmp"})

    def test_starts_over_a_read_only_root_and_is_healthy_as_the_image_checks_it(self):
        port = free_port()
        script = (f"mount --bind {self.root} {self.root} && mount -o remount,bind,ro {self.root} && "
                  f"mount -t tmpfs tmpfs {self.root}/tmp && exec chroot --userspec=10001:10001 {self.root} "
                  f"muster-simulator serve --listen 127.0.0.1:{port}")
        with open(self.folder / "log", "wb") as log:
            program = subprocess.Popen(["unshare", "--mount", "sh", "-c", script], stdout=log, stderr=log,
                                       stdin=subprocess.DEVNULL)
        try:
            end = time.monotonic() + START_SECONDS
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/us-east-1_MusterSim/.well-known/jwks.json",
                                                timeout=5) as answer:
                        self.assertIn(b'"keys"', answer.read())
                    break
                except OSError:
                    self.assertIsNone(program.poll(), (self.folder / "log").read_text())
                    self.assertLess(time.monotonic(), end, (self.folder / "log").read_text())
                    time.sleep(0.1)
            self.check_health(port)
        finally:
            program.terminate()
            program.wait()

    def check_health(self, port):
        """The image's own check, with another port: good where a program answers, bad where none does."""
        lines = (DEPLOY / "Container/Containerfile").read_text()
        check = re.search(r'CMD \["bash", "-c", \\\n\s+"(.*)"\]', lines)[1].replace("\\\\", "\\")
        self.assertIn("/8080;", check)
        silent = subprocess.run(["bash", "-c", check.replace("8080", str(free_port()))], capture_output=True)
        self.assertNotEqual(silent.returncode, 0)
        # The simulator has no /health/live; what it answers there is an answer all the same.
        answering = check.replace("8080", str(port)).replace("*200*", "HTTP*")
        self.assertEqual(subprocess.run(["bash", "-c", answering], capture_output=True).returncode, 0)


