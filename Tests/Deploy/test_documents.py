"""Commands of the documents: each is one that there is, with every flag that stands there."""
import concurrent.futures
import os
import re
import shlex
import subprocess
import unittest

from stage import BIN, ROOT

# How the command line ends when it does not understand.
USAGE = 2
# Nothing listens on port 1, so that a command which is understood fails at the hub.
NOWHERE = {"MUSTER_HUB_URL": "http://127.0.0.1:1", "MUSTER_TOKEN": "none", "NO_COLOR": "1"}
# Where the documents say `deploy`, after the page has named it.
SHORT = {"deploy": "Deploy/CloudFormation/deploy"}
PROGRAMS = {"muster-hub", "muster-spoke", "muster-simulator"}
# What others make, and what stands for whatever the reader has: only these are taken unseen.
OTHERS = {"alias", "aws", "curl", "export", "git", "mkdir", "openssl", "pg_basebackup", "podman", "psql", "some-program", "sudo", "sudoedit",
          "swift", "systemctl", "touch", "apt"}


def pages():
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("Docs/*.md"), *ROOT.glob("Docs/Guides/*.md"), *ROOT.glob("Deploy/*/README.md")])


def lines(page):
    """The lines of a page's shell blocks, with their continuations, in words, without comments and variables before them."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", page.read_text(), re.M | re.S):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words:
                yield words


def mentions(page):
    """Commands of the hub within sentences: `muster-hub doctor`."""
    for text in re.findall(r"`(muster-hub [a-z][^`]*)`", page.read_text()):
        yield shlex.split(text)


def flags(words):
    return [word.split("=")[0] for word in words if re.match(r"--[a-z]", word)]


class Documents(unittest.TestCase):
    def setUp(self):
        if not (BIN / "muster").exists():
            self.skipTest(f"nothing is built in {BIN}")
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("MUSTER_")}

    def run_muster(self, words):
        return subprocess.run([BIN / "muster", *words[1:]], env={**self.environment, **NOWHERE},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def test_name_only_commands_that_there_are(self):
        commands = []
        for page in pages():
            for words in lines(page):
                if words[0] != "muster" or set(words) & {"|", "<", ">", "&&"} or any("…" in word for word in words):
                    continue
                # It asks for a token or a secret, of which there is none here; or the page leaves something open.
                if words[1] == "sign-in" or set(words) & {"BINDING", "ID"}:
                    continue
                if "FILE" in words:
                    words = ["/dev/null" if word == "FILE" else word for word in words]
                commands.append((page.name, words))
        # Each tries for some seconds to reach the hub that is not there: they wait together.
        with concurrent.futures.ThreadPoolExecutor(16) as together:
            ends = list(together.map(lambda command: self.run_muster(command[1]), commands))
        for (page, words), done in zip(commands, ends):
            with self.subTest(page=page, command=" ".join(words)):
                self.assertNotEqual(done.returncode, USAGE, done.stderr)
        self.assertGreater(len(commands), 30)

    def help_of(self, words):
        """What a program of ours says of the command that the words name, and how many of them name it."""
        named = 1
        while named < len(words) and re.fullmatch(r"[a-z][a-z-]*", words[named]):
            named += 1
        for end in range(named, 0, -1):
            done = subprocess.run([BIN / words[0], *words[1:end], "--help"], env=self.environment, capture_output=True,
                                  text=True, timeout=120)
            # For a command that it does not have it shows the help of the one before.
            if done.returncode == 0 and f"USAGE: {' '.join(words[:end])}" in done.stdout:
                return done.stdout, end
        self.fail(f"{words[0]} has no help")

    def check_program(self, words):
        said, end = self.help_of(words)
        if len(words) > 1 and not words[1].startswith("-"):
            self.assertGreater(end, 1, f"{words[0]} has no command {words[1]}")
        for flag in flags(words):
            self.assertRegex(said, rf"(?m){re.escape(flag)}\b", f"{' '.join(words[:end])} has no {flag}")

    def check_file(self, words):
        path = ROOT / SHORT.get(words[0], words[0])
        self.assertTrue(os.access(path, os.X_OK), f"{words[0]} is not there, or no program")
        text = path.read_text()
        for flag in flags(words):
            self.assertIn(flag, text, f"{words[0]} does not know {flag}")

    def check(self, words):
        name = words[0].removeprefix(".build/debug/")
        if name in PROGRAMS:
            self.check_program([name, *words[1:]])
        elif name in SHORT or name.startswith(("Deploy/", "Tests/")):
            self.check_file([name, *words[1:]])
        elif name != "muster":
            self.assertIn(name, OTHERS, "nobody knows this command")

    def test_name_only_programs_scripts_and_flags_that_there_are(self):
        for page in pages():
            for words in [*lines(page), *mentions(page)]:
                with self.subTest(page=page.name, command=" ".join(words)):
                    self.check(words)

    def test_would_tell_a_command_that_there_is_not(self):
        for words in (["execution", "begin"], ["plan", "list", "--colour", "red"], ["execution", "approve", "latest", "one"]):
            self.assertEqual(self.run_muster(["muster", *words]).returncode, USAGE, words)
        for words in ("muster-hub begin", "muster-hub serve --colour", "Deploy/quickstep", "Deploy/quickstart --colour",
                      "deploy hub --colour", "cowsay"):
            with self.assertRaises(AssertionError, msg=words):
                self.check(words.split())


if __name__ == "__main__":
    unittest.main()
