"""Worlds, accounts, groups and plans that the measurements use."""
from . import agent
from .machine import need, send

PRINCIPALS = [
    {"arn": f"arn:aws:iam::999900001111:role/Muster{name}", "accessKeyId": f"AKIABENCH{name.upper()}00001",
     "secretAccessKey": f"simulated-secret-of-{name.lower()}"} for name in ("East", "West")]
# The raw agents report these, so that only what is measured decides.
ROOMY = {"concurrentJobs": 100_000, "serversPerJob": 100, "serversInAllJobs": 1_000_000, "replicatingServers": 100_000,
         "totalServers": 100_000}
REGION = "us-east-1"
# Where other executions run: DRS takes 20 jobs at once in an account and Region.
ELSEWHERE = """us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-north-1
    eu-south-1 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 me-south-1 af-south-1
    me-central-1 eu-central-2 eu-south-2 ap-south-2 ap-southeast-3 il-central-1""".split()


def world(accounts=(), page=200, **settings):
    """A world of two principals; STS answers as fast as it can."""
    rates = {"default": {"perSecond": 100_000, "burst": 100_000}}
    return {"seed": 7, "settings": {"pageSize": page, "rates": rates} | settings, "principals": PRINCIPALS,
            "accounts": list(accounts)}


def account_number(index):
    return str(100_000_000_000 + index)


def server(account, index):
    return f"s-{account[-6:]}{index:011d}"


class Estate:
    """Two accounts, each with a spoke in raw Python, and `count` servers in one Region of each.

    `others` more servers are spread over both accounts and all other Regions.
    """

    def __init__(self, hub, simulator, count, accounts=2, others=0):
        self.hub, self.token = hub, simulator.token()
        self.accounts = [account_number(index) for index in range(accounts)]
        self.servers, self.agents, self.others = {}, [], []
        regions = [REGION] + (ELSEWHERE if others else [])
        for index, account in enumerate(self.accounts):
            principal = PRINCIPALS[index % 2]
            self.servers[account] = [server(account, number) for number in range(count)]
            self.post("/accounts", {"accountId": account, "accountName": f"bench-{account}", "regions": regions,
                                    "spokePrincipals": [principal["arn"]]})
            held = {(account, REGION): self.servers[account]}
            for number in range(index, others, accounts):
                place = account, ELSEWHERE[number // accounts % len(ELSEWHERE)]
                name = server(account, 1_000_000 + number)
                held.setdefault(place, []).append(name)
                self.others.append((index, *place, name))
            named = {place: [(name, f"host-{name}") for name in names] for place, names in held.items()}
            self.agents.append(agent.Agent(hub, f"spoke-{index}", principal, {account: regions}, named, ROOMY))
        for spoke in self.agents:
            for _ in regions:
                spoke.command("SYNC_INVENTORY")

    def post(self, path, body):
        return need(send("POST", self.hub.api + path, body, self.token))

    def group(self, name, account, servers, region=REGION):
        body = {"groupName": name, "accountId": account, "region": region, "sourceServerIds": servers}
        return self.post("/protection-groups", body)["groupId"]

    def plan(self, name, waves):
        """A plan whose waves are given as lists of groups."""
        body = {"planName": name, "waves": [{"waveNumber": number, "name": f"wave {number}", "protectionGroupIds": groups}
                                            for number, groups in enumerate(waves)]}
        return self.post("/recovery-plans", body)["planId"]

    def zigzag(self, name, waves, first=0):
        """A plan of one server a wave, its waves alternating between the two accounts."""
        groups = []
        for number in range(waves):
            account = self.accounts[number % 2]
            groups.append([self.group(f"{name}-{number}", account, [self.servers[account][first + number // 2]])])
        return self.plan(name, groups)

    def move(self, index, hub):
        """Lets another hub have one of the spokes."""
        old, account = self.agents[index], self.accounts[index]
        old.close()
        self.agents[index] = agent.Agent(hub, f"moved-{index}", PRINCIPALS[index % 2], {account: [REGION]}, old.servers,
                                         ROOMY)

    def close(self):
        for spoke in self.agents:
            spoke.close()
