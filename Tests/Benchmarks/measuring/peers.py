"""Programs that are made for the same thing, measured on the same machine in the same run."""
import json
import os
import subprocess
import sys

DBOS = "dbos==3.4.0"

# What the peer's own interpreter runs: workflows of three steps, one after the other, as a drill's waves are.
PROGRAM = '''
import json, sys, time
from dbos import DBOS, DBOSConfig

url, count = sys.argv[1], int(sys.argv[2])
DBOS(config={"name": "bench", "system_database_url": url, "run_admin_server": False, "log_level": "ERROR"})
began = [0]
starts = []

@DBOS.step()
def step(number):
    if number == 0:
        starts.append((time.perf_counter_ns() - began[0]) / 1e6)
    return number

@DBOS.workflow()
def workflow():
    for number in range(3):
        step(number)

DBOS.launch()
start = time.perf_counter()
for _ in range(count):
    began[0] = time.perf_counter_ns()
    workflow()
seconds = time.perf_counter() - start
DBOS.destroy()
print(json.dumps({"workflows": count, "seconds": seconds, "starts": starts}))
'''


def dbos(bench, database, count):
    """Runs workflows of three steps; answers how many, in which time, and the milliseconds to each first step."""
    home = bench.directory / "peers"
    if not home.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/pip", "install", "--quiet", "--disable-pip-version-check", DBOS], check=True)
    name = database.rsplit("dbname=", 1)[1]
    url = f"postgresql://postgres@/{name}?host={bench.cluster.directory}"
    done = subprocess.run([home / "bin/python", "-c", PROGRAM, url, str(count)], check=True, capture_output=True,
                          text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    return json.loads(done.stdout.strip().splitlines()[-1])
