"""Commands of the documents: each is one that the command line takes, with every flag that stands there."""
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


def pages():
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("Docs/*.md"), *ROOT.glob("Docs/Guides/*.md"), *ROOT.glob("Deploy/*/README.md")])


def commands(page):
    """The lines of a page's shell blocks that begin with muster, with their continuations, without comments."""
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.M | re.S):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("muster "):
                yield shlex.split(line, comments=True)


class Documents(unittest.TestCase):
    def test_name_only_commands_that_there_are(self):
        program = BIN / "muster"
        if not program.exists():
            self.skipTest(f"nothing is built in {BIN}")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MUSTER_")}
        count = 0
        for page in pages():
            for words in commands(page):
                if set(words) & {"|", "<", ">", "&&"} or any("…" in word for word in words):
                    continue
                # It asks for a token, of which there is none here; or the page leaves something open.
                if words[1:] == ["sign-in"] or set(words) & {"BINDING", "ID"}:
                    continue
                with self.subTest(page=page.name, command=" ".join(words)):
                    done = subprocess.run([program, *words[1:]], env={**kept, **NOWHERE}, stdin=subprocess.DEVNULL,
                                          capture_output=True, text=True, timeout=120)
                    self.assertNotEqual(done.returncode, USAGE, done.stderr)
                    count += 1
        self.assertGreater(count, 30)

    def test_would_tell_a_command_that_there_is_not(self):
        program = BIN / "muster"
        if not program.exists():
            self.skipTest(f"nothing is built in {BIN}")
        for words in (["execution", "begin"], ["plan", "list", "--colour", "red"], ["execution", "approve", "latest", "one"]):
            done = subprocess.run([program, *words], env={**os.environ, **NOWHERE}, capture_output=True, timeout=120)
            self.assertEqual(done.returncode, USAGE, words)


if __name__ == "__main__":
    unittest.main()
