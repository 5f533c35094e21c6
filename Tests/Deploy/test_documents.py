"""Commands of the documents by their words: each is one that there is, with every flag that stands there.

Those in blocks are carried out as well (test_walk.py), save for a few, for which this is all.
"""
import functools
import os
import re
import shlex
import subprocess
import unittest

from stage import BIN, ROOT
from walk import commands, pages

# Where the documents say `deploy`, after the page has named it.
SHORT = {"deploy": "Deploy/CloudFormation/deploy"}
PROGRAMS = {"muster", "muster-hub", "muster-spoke", "muster-simulator"}
# What others make, and what stands for whatever the reader has: only these are taken unseen.
OTHERS = {"alias", "apt", "aws", "curl", "export", "mkdir", "openssl", "podman", "some-program", "sudo", "sudoedit", "swift"}


def lines(page):
    """The commands of a page's shell blocks in words, without comments and the variables before them."""
    for command in commands(page):
        words = shlex.split(command.text.replace("\\\n", " "), comments=True)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words = words[1:]
        if words:
            yield words


def mentions(page):
    """Commands within sentences: `muster-hub doctor`."""
    for text in re.findall(r"`(muster(?:-hub)? [a-z][^`]*)`", page.read_text()):
        yield shlex.split(text)


def flags(words):
    return [word.split("=")[0] for word in words if re.match(r"--[a-z]", word)]


class Documents(unittest.TestCase):
    def setUp(self):
        if not (BIN / "muster").exists():
            self.skipTest(f"nothing is built in {BIN}")
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("MUSTER_")}

    def help_of(self, words):
        """What a program of ours says of the command that the words name, and how many of them name it."""
        named = 1
        while named < len(words) and re.fullmatch(r"[a-z][a-z-]*", words[named]):
            named += 1
        for end in range(named, 0, -1):
            said = self.said(tuple(words[:end]))
            # For a command that it does not have it shows the help of the one before.
            if f"USAGE: {' '.join(words[:end])}" in said:
                return said, end
        self.fail(f"{words[0]} has no help")

    @functools.cache
    def said(self, words):
        return subprocess.run([BIN / words[0], *words[1:], "--help"], env=self.environment, capture_output=True, text=True,
                              timeout=120).stdout

    def check_program(self, words):
        said, end = self.help_of(words)
        if len(words) > end and not words[end].startswith("-"):
            self.assertNotIn("SUBCOMMANDS:", said, f"{' '.join(words[:end])} has no command {words[end]}")
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
        else:
            self.assertIn(name, OTHERS, "nobody knows this command")

    def test_name_only_programs_scripts_and_flags_that_there_are(self):
        for page in pages():
            # What `muster` is told in blocks is carried out, all of it.
            others = [words for words in lines(page) if words[0] != "muster"]
            for words in [*others, *mentions(page)]:
                with self.subTest(page=page.name, command=" ".join(words)):
                    self.check(words)

    def test_would_tell_a_command_that_there_is_not(self):
        for words in ("muster execution begin", "muster plan list --colour", "muster-hub begin", "muster-hub serve --colour",
                      "Deploy/quickstep", "Deploy/quickstart --colour", "deploy hub --colour", "cowsay"):
            with self.assertRaises(AssertionError, msg=words):
                self.check(words.split())


if __name__ == "__main__":
    unittest.main()
