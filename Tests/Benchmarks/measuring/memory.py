"""Resident memory of a hub and of a spoke at rest."""
import time

from . import estate, machine
from .figures import Row
from .machine import need, send


def measure(bench):
    with bench.room("rest") as (directory, stack):
        account = estate.account_number(1)
        principal = estate.PRINCIPALS[0]
        servers = [{"hostname": "db", "count": 20}]
        world = estate.world([{"id": account, "roles": [{"name": "MusterRecovery"}],
                               "spokePrincipals": [principal["arn"]],
                               "regions": {estate.REGION: {"servers": servers}}}])
        simulator, hub = bench.stack(directory, stack, world)
        registered = need(send("POST", f"{hub.api}/accounts", {
            "accountId": account, "accountName": "bench", "regions": [estate.REGION],
            "spokePrincipals": [principal["arn"]]}, simulator.token()))
        simulator.trust(account, registered["externalId"], principal["arn"])
        spoke = machine.Spoke(bench.binaries, directory, hub, simulator, "rest", principal, [
            {"accountId": account, "roleArn": f"arn:aws:iam::{account}:role/MusterRecovery",
             "externalId": registered["externalId"], "regions": [estate.REGION]}])
        stack.callback(spoke.stop)
        synced = lambda: need(send("GET", f"{hub.api}/drs/source-servers", token=simulator.token()))["items"]
        spoke.program.wait_until(lambda: len(synced()) == 20, pause=0.2)
        time.sleep(2 if bench.smoke else 20)
        resident = {program: program.memory() for program in (hub.program, spoke.program)}
    rows = []
    for program, most in ((hub.program, 80), (spoke.program, 40)):
        now, highest, own = resident[program]
        rows.append(Row("–", f"{'hub' if program is hub.program else 'spoke'} at rest, resident", "MB", now,
                        goal=f"≤ {most} MB", met=now <= most, detail={"highestMB": highest, "withoutFilesMB": own}))
    return rows
