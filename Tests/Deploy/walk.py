"""Takes the commands out of the documents and carries them out in a shell, one after the other, as somebody reading does."""
import os
import re
import select
import shutil
import signal
import subprocess
import time
import typing

from stage import BIN, ROOT

# What the stand-ins are for; see stand_ins.py.
STAND_INS = ["deploy", "some-program", "sudo", "sudoedit", "systemctl", "systemd-run"]
PROGRAMS = ["muster", "muster-hub", "muster-spoke", "muster-simulator"]
# Longer than anything here takes on a slow machine; a command that hangs must not hang the tests.
DEADLINE_SECONDS = 300


class Command(typing.NamedTuple):
    page: str
    # Which block of its page it is in, from 1.
    block: int
    text: str


def pages():
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("Docs/*.md"), *ROOT.glob("Docs/Guides/*.md"), *ROOT.glob("Deploy/*/README.md")])


def commands(page):
    """The lines of a page's shell blocks, each with its continuations and its comment."""
    name = str(page.relative_to(ROOT))
    for number, found in enumerate(re.finditer(r"^( *)```sh\n(.*?)^\1```", page.read_text(), re.M | re.S), 1):
        text = re.sub(rf"(?m)^{found[1]}", "", found[2])
        for line in re.split(r"(?<!\\)\n", text):
            if line.strip() and not line.startswith("#"):
                yield Command(name, number, line)


def settings(text):
    """The keys of a line that only sets some; none where it is a command."""
    found = re.fullmatch(r"((?:[A-Z_]+=\S*\s*(?:\\\n\s*)?)+)(?:#.*)?", text)
    return re.findall(r"([A-Z_]+)=", found[1]) if found else []


def eventually(what, condition):
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen")
        time.sleep(0.05)


class Place:
    """Where somebody reads and types: a home, a directory that looks like the repository, programs, and variables."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.home, self.programs, self.etc = folder / "home", folder / "bin", folder / "etc"
        for path in (self.home, self.programs, self.etc, folder / "run", folder / "edits"):
            path.mkdir()
        for name in PROGRAMS:
            (self.programs / name).symlink_to(BIN / name)
        for name in STAND_INS:
            (self.programs / name).symlink_to(ROOT / "Tests/Deploy/stand_ins.py")
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith(("MUSTER_", "AWS_", "PG", "XDG_", "TRACE")) or key.startswith("MUSTER_DEPLOY")}
        self.environment = {**kept, "HOME": str(self.home), "PATH": f"{self.programs}:{os.environ['PATH']}", "NO_COLOR": "1",
                            "LANG": "C.UTF-8", "WALK": str(folder), "WALK_ROOT": str(ROOT), **environment}

    def checkout(self, page):
        """A directory for a page, in which what the repository has is found, and in which may be written."""
        directory = self.folder / "pages" / re.sub(r"\W", "-", page)
        directory.mkdir(parents=True)
        for entry in ROOT.iterdir():
            if entry.name not in (".build", "Docs", "Deploy") and not entry.name.startswith(".build-"):
                (directory / entry.name).symlink_to(entry)
        shutil.copytree(ROOT / "Docs", directory / "Docs")
        shutil.copytree(ROOT / "Deploy", directory / "Deploy")
        (directory / ".build").mkdir()
        (directory / ".build/debug").symlink_to(BIN)
        return directory


class Shell:
    """A bash that keeps what commands set: variables, functions, aliases."""

    def __init__(self, directory, environment):
        self.directory = directory
        self.output, self.input = directory / ".output", directory / ".input"
        self.ends, told = os.pipe()
        self.program = subprocess.Popen(["bash", "--norc", "--noprofile"], cwd=directory, env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        pass_fds=[told], start_new_session=True)
        os.close(told)
        self.told = told
        self.send("shopt -s expand_aliases; set -o pipefail")

    def send(self, text):
        self.program.stdin.write(text + "\n")
        self.program.stdin.flush()

    def run(self, text, typed=""):
        """Runs a command with what is typed into it; answers its exit status and all that it said."""
        self.input.write_text(typed)
        self.send(f"{{ {text}\n}} <{self.input} >{self.output} 2>&1; echo $? >&{self.told}")
        said, end = b"", time.monotonic() + DEADLINE_SECONDS
        while not said.endswith(b"\n"):
            if not select.select([self.ends], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"it did not end within {DEADLINE_SECONDS} s: {text}\n{self.output.read_text()}")
            piece = os.read(self.ends, 64)
            if not piece:
                raise AssertionError(f"the shell ended in {text}\n{self.output.read_text()}")
            said += piece
        return int(said), self.output.read_text(errors="replace")

    def close(self):
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait()
        self.program.stdin.close()
        os.close(self.ends)


def heed_interrupts():
    """Whoever runs the tests in the background of a shell ignores Ctrl-C, and a shell cannot trap what was ignored before."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Staying:
    """A command that stays until somebody presses Ctrl-C or stops it."""

    def __init__(self, text, directory, environment):
        self.text, self.log = text, directory / ".staying"
        with open(self.log, "wb") as log:
            self.program = subprocess.Popen(["bash", "-c", text], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True, preexec_fn=heed_interrupts)

    def wait(self, what, condition):
        def happened():
            if self.program.poll() is not None:
                raise AssertionError(f"{self.text} ended with {self.program.returncode}:\n{self.said}")
            return condition()
        eventually(f"{what} by {self.text}", happened)

    @property
    def said(self):
        return self.log.read_text(errors="replace")[-4000:]

    def stop(self, how=signal.SIGTERM):
        """Answers its exit status."""
        if self.program.poll() is None:
            os.killpg(self.program.pid, how)
        return self.program.wait(DEADLINE_SECONDS)
