#!/usr/bin/env python3
"""What the documents call that a test cannot have: root's rights, systemd, an editor, whatever prints a token.

Each is called by its name through a link. They do as much as the commands of the documents want of them, and refuse
everything else, so that a document which asks for more is noticed. That systemd itself does the same is not tested here.
"""
import os
import pathlib
import re
import subprocess
import sys

WALK = pathlib.Path(os.environ["WALK"])
ROOT = pathlib.Path(os.environ["WALK_ROOT"])


def refuse(why):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {why}")


def variables(file):
    """A file of KEY=VALUE lines, as systemd reads it; the last one of a key counts."""
    lines = pathlib.Path(file).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))


def become(words, **more):
    os.execvpe(words[0], words, {**os.environ, **more})


def sudo(words):
    if words[0] == "-u":
        # By its name in PostgreSQL: the test's server trusts whoever is on this machine.
        become(words[2:], PGUSER=words[1])
    become(words)


def sudoedit(words):
    """Adds what the test has prepared for the file, as somebody would who reads the page."""
    (file,) = map(pathlib.Path, words)
    with file.open("a") as opened:
        opened.write((WALK / "edits" / file.name).read_text())


def systemd_run(words):
    given = {}
    while words and words[0].startswith("--"):
        option = words.pop(0)
        if option == "--pty":
            continue
        value = words.pop(0)
        if option == "--property" and value.startswith("EnvironmentFile="):
            given |= variables(value.split("=", 1)[1])
        elif option == "--setenv":
            key, value = value.split("=", 1)
            given[key] = value
        elif (option, value) != ("--uid", "muster"):
            refuse(f"does not know {option} {value}")
    become(words, **given)


def systemctl(words):
    if words[:2] != ["enable", "--now"] or len(words) != 3:
        refuse(f"does not know {words}")
    unit = (ROOT / f"Deploy/Systemd/{words[2]}.service").read_text()
    command = re.search(r"^ExecStart=/usr/bin/(.*)$", unit, re.M)[1].split()
    settings = re.search(r"^EnvironmentFile=/etc/muster/(.*)$", unit, re.M)[1]
    with (WALK / f"run/{words[2]}.log").open("wb") as log:
        program = subprocess.Popen(command, env={**os.environ, **variables(WALK / "etc" / settings)}, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, start_new_session=True)
    (WALK / f"run/{words[2]}.pid").write_text(str(program.pid))


def some_program(_):
    print(os.environ["WALK_TOKEN"])


def deploy(words):
    become(["Deploy/CloudFormation/deploy", *words])


name = pathlib.Path(sys.argv[0]).name.replace("-", "_")
{"deploy": deploy, "some_program": some_program, "sudo": sudo, "sudoedit": sudoedit, "systemctl": systemctl,
 "systemd_run": systemd_run}[name](sys.argv[1:])
