"""How many simulated worlds are run in a minute, on all cores, by the wall clock."""
import pathlib
import re
import subprocess

from .figures import Row, median, noise

GOAL = 20_000
ROOT = pathlib.Path(__file__).resolve().parents[3]


def measure(bench):
    # A smoke run takes the program that is there; else a release build of the rules and the world alone is made.
    program = bench.binaries / "simulate"
    command = [program] if bench.smoke and program.exists() else ["Tests/simulate"]
    rates, worlds = [], 40 if bench.smoke else 10_000
    for turn in range(1 if bench.smoke else 4):
        done = subprocess.run([*command, "--worlds", str(worlds), "--from", str(turn * worlds)], check=True,
                              capture_output=True, text=True, cwd=ROOT)
        rates.append(int(re.search(r"([0-9]+) a minute", done.stdout)[1]))
    # The first run of a program is slower.
    rates = rates[1:] or rates
    rate = median(rates)
    return [Row("–", "simulated worlds", "/min", rate, goal=f"≥ {GOAL:,}/min", met=rate >= GOAL,
                noise=noise(rates), detail={"rates": rates, "worlds": worlds})]
