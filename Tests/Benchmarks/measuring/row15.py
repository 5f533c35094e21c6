"""Row 15: drills of 5,000 servers in 10 accounts and 20 Regions, by real spokes on the simulator.

The spokes look at jobs every 3 s, as in life, and the simulated AWS is faster than AWS: each wave takes it some 16 s
instead of nine minutes. So the time that Muster adds is what it would add in life, and its share is counted against the
nine minutes.
"""
import datetime
import time

from . import estate, machine
from .figures import Row
from .machine import need, send

REGIONS = """us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1
    eu-north-1 eu-south-1 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2
    me-south-1 af-south-1""".split()
ACCOUNTS, SERVERS = 10, 25
# Servers of each place in each wave.
WAVES = (5, 10, 10)
QUICK = {"beforeConversion": 1, "conversion": 5, "launch": 8, "closing": 1}
# Seconds from a job's start to its last LAUNCH_END in two live drills: what a wave takes AWS.
LIFE = 533
LONGEST = 900


def measure(bench):
    rows, sizes = [], ("small",) if bench.smoke else (1, 3)
    for size in sizes:
        rows += drill(bench, size)
    if len(sizes) > 1:
        once, thrice = (row.detail["processorSeconds"] for row in rows if "processorSeconds" in row.detail)
        rows.append(Row(15, "hub's processor time of three such drills at once over that of one", "×", thrice / once,
                        goal="≤ 3.3 (linear)", met=thrice <= 3.3 * once))
    return rows


def drill(bench, size):
    plans = 1 if size == "small" else size
    regions = REGIONS[:2] if size == "small" else REGIONS
    count = 2 if size == "small" else ACCOUNTS * plans
    total = count * len(regions) * SERVERS
    numbers = [estate.account_number(index + 1) for index in range(count)]
    accounts = [{"id": number, "roles": [{"name": "MusterRecovery"}],
                 "regions": {region: {"servers": [{"hostname": "app", "count": SERVERS}]} for region in regions}}
                for number in numbers]
    with bench.room(f"drill-{size}") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world(accounts, timeline=QUICK), scale=1)
        token, database = simulator.token(), f"drill-{size}{bench.databases}"
        spokes = enrol(bench, directory, stack, hub, simulator, numbers, regions, token)
        servers = seen(bench, database, total)
        orders = [prepare(hub, token, number, numbers[number::plans], regions, servers) for number in range(plans)]
        time.sleep(5)
        began, busy = time.monotonic(), hub.program.processor_seconds()
        spoken = [spoke.program.processor_seconds() for spoke in spokes]
        ids = [need(send("POST", f"{hub.api}/executions", {"planId": plan, "executionType": "DRILL"}, token))["executionId"]
               for plan in orders]
        wait(bench, database, len(ids), began)
        seconds = time.monotonic() - began
        busy = hub.program.processor_seconds() - busy
        spoken = [spoke.program.processor_seconds() - before for spoke, before in zip(spokes, spoken)]
        own, path = critical(bench, database, simulator)
        memory = hub.program.memory()[1]
        statuses = bench.cluster.query(database, "SELECT status, count(*) FROM execution GROUP BY status")
    share = own / (own + LIFE * len(WAVES))
    what = f"{total:,} servers, {count} accounts, {len(regions)} Regions" + (f", {plans} drills at once" if plans > 1 else "")
    detail = {"statuses": statuses, "seconds": seconds, "ownSeconds": own, "simulatedSeconds": path,
              "processorSeconds": busy, "peakMB": memory, "spokeProcessorSeconds": spoken, "servers": total}
    single = plans == 1
    return [
        Row(15, f"{what}: own share of the critical path", "%", share * 100, goal="≤ 1 %", met=share <= 0.01,
            detail={"ownSeconds": own, "simulatedSeconds": path, "statuses": statuses}),
        Row(15, f"{what}: hub's processor time", "s", busy, goal="≤ 15 s" if single else "", met=busy <= 15 if single else None,
            detail=detail),
        Row(15, f"{what}: hub's memory at its highest", "MB", memory, goal="≤ 250 MB" if single else "",
            met=memory <= 250 if single else None),
    ]


def enrol(bench, directory, stack, hub, simulator, numbers, regions, token):
    """Registers the accounts and starts two spokes, each with half of them."""
    served = [[], []]
    for index, number in enumerate(numbers):
        principal = estate.PRINCIPALS[index % 2]
        account = need(send("POST", f"{hub.api}/accounts", {
            "accountId": number, "accountName": f"bench-{number}", "regions": regions,
            "spokePrincipals": [principal["arn"]]}, token))
        simulator.trust(number, account["externalId"], principal["arn"])
        served[index % 2].append({"accountId": number, "roleArn": f"arn:aws:iam::{number}:role/MusterRecovery",
                                  "externalId": account["externalId"], "regions": regions})
    spokes = []
    for half, principal, name in zip(served, estate.PRINCIPALS, ("spoke-east", "spoke-west")):
        spokes.append(machine.Spoke(bench.binaries, directory, hub, simulator, name, principal, half, poll=3000))
        stack.callback(spokes[-1].stop)
    return spokes


def seen(bench, database, total):
    """The servers of each place, once the inventory shows all of them."""
    end = time.monotonic() + LONGEST
    while int(bench.cluster.query(database, "SELECT count(*) FROM source_server")[0][0]) < total:
        if time.monotonic() > end:
            raise RuntimeError("the inventory does not show all servers")
        time.sleep(0.5)
    places = {}
    for server, account, region in bench.cluster.query(
            database, "SELECT source_server_id, account_id, region FROM source_server ORDER BY hostname, source_server_id"):
        places.setdefault((account, region), []).append(server)
    return places


def prepare(hub, token, number, accounts, regions, servers):
    """A group for each account and Region, and a plan of three waves over all of them; its identifier."""
    groups, waves = [], [[] for _ in WAVES]
    for account in accounts:
        for region in regions:
            held = servers[account, region]
            body = {"groupName": f"{account}-{region}", "accountId": account, "region": region, "sourceServerIds": held}
            groups.append(need(send("POST", f"{hub.api}/protection-groups", body, token))["groupId"])
            first = 0
            for wave, size in enumerate(WAVES):
                waves[wave] += held[first:first + size]
                first += size
    body = {"planName": f"drill {number}", "waves": [
        {"waveNumber": wave, "name": f"wave {wave}", "protectionGroupIds": groups, "serverIds": chosen}
        for wave, chosen in enumerate(waves)]}
    return need(send("POST", f"{hub.api}/recovery-plans", body, token))["planId"]


def wait(bench, database, count, began):
    while True:
        open_, = bench.cluster.query(database, "SELECT count(*) FROM execution WHERE ended_at IS NULL")[0]
        if open_ == "0":
            break
        if time.monotonic() - began > LONGEST:
            raise RuntimeError(f"{open_} of {count} drills have not ended")
        time.sleep(0.5)
    statuses = bench.cluster.query(database, "SELECT DISTINCT status FROM execution")
    if statuses != [["COMPLETED"]]:
        raise RuntimeError(f"the drills ended as {statuses}")


def critical(bench, database, simulator):
    """The slowest drill's seconds that are Muster's, and those that the simulated AWS took at least.

    AWS's share of a wave is its slowest job, from its start to the last server's launch, as if all jobs had begun when
    the wave did. Everything else is Muster's: the way out, waits for the next look, the way back and the decision.
    """
    starts = {start["jobId"]: instant(start["at"]) for start in need(send("GET", f"{simulator.url}/simulator/state"))["starts"]}
    ends = bench.cluster.query(database, """
        SELECT execution_id, wave_number, job_id, extract(epoch FROM max(at)) FROM job_log_item
         WHERE event = 'LAUNCH_END' GROUP BY 1, 2, 3""")
    longest = {}
    for execution, wave, job, end in ends:
        key = execution, wave
        longest[key] = max(longest.get(key, 0), float(end) - starts[job])
    drills = bench.cluster.query(database, """
        SELECT e.execution_id, extract(epoch FROM max(s.ended_at) - e.started_at)
          FROM execution e JOIN execution_server s USING (execution_id) GROUP BY e.execution_id""")
    paths = {execution: sum(seconds for (of, _), seconds in longest.items() if of == execution) for execution, _ in drills}
    own, execution = max((float(seconds) - paths[execution], execution) for execution, seconds in drills)
    return own, paths[execution]


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
