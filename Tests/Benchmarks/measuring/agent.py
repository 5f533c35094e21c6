"""A spoke in raw Python: it speaks the agent protocol and does what the measurement tells it to."""
import datetime
import hashlib
import hmac
import time

from .wire import Connection, LineStream

HEADERS = "content-type;host;x-amz-date;x-muster-hub;x-muster-nonce"
CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
BODY = "Action=GetCallerIdentity&Version=2011-06-15"


def stamp():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def proof(principal, region, challenge, hub):
    """The parts of a signed sts:GetCallerIdentity (Signature Version 4) that answers the hub's challenge."""
    host = challenge["stsEndpoint"].split("://", 1)[1]
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    fields = [f"content-type:{CONTENT_TYPE}", f"host:{host}", f"x-amz-date:{date}", f"x-muster-hub:{hub}",
              f"x-muster-nonce:{challenge['nonce']}"]
    canonical = "\n".join(["POST", "/", "", *fields, "", HEADERS, hashlib.sha256(BODY.encode()).hexdigest()])
    scope = f"{date[:8]}/{region}/sts/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + principal["secretAccessKey"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return {"nonce": challenge["nonce"], "accessKeyId": principal["accessKeyId"], "amzDate": date, "region": region,
            "signedHeaders": HEADERS, "signature": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}


class Agent:
    """An enrolled spoke with an open stream of commands."""

    def __init__(self, hub, name, principal, accounts, servers=None, quotas=None, region="us-east-1", streams=True):
        """`accounts`: {account: [regions]}; `servers`: {(account, region): [(id, hostname)]}, which it reports."""
        self.servers, self.quotas, self.sequences = servers or {}, quotas, {}
        self.calls = Connection(hub.port)
        challenge = self.calls.exchange("POST", "/agent/v1/challenges", {"region": region})
        grant = self.calls.exchange("POST", "/agent/v1/sessions", {
            "name": name, "version": "0.1.0",
            "accounts": [{"accountId": account, "regions": regions} for account, regions in accounts.items()],
            "proof": proof(principal, region, challenge, hub.url)})
        self.token, self.beat = grant["sessionToken"], time.monotonic()
        self.stream = LineStream(hub.port, "/agent/v1/commands", self.token) if streams else None

    # What happens is told in two halves, so that the clock can be read between them.

    def reports(self, command, *events):
        """The bytes of a batch of progress about one command."""
        work = (command["commandId"], command["term"])
        reports = []
        for event in events:
            self.sequences[work] = self.sequences.get(work, 0) + 1
            reports.append({"commandId": work[0], "attempt": command["attempt"], "term": work[1],
                            "sequence": self.sequences[work], "at": stamp(), "event": event})
        return self.calls.prepare("POST", "/agent/v1/progress", {"reports": reports}, self.token)

    def tell(self, command, *events):
        """Sends progress and waits until it is stored."""
        self.calls.socket.sendall(self.reports(command, *events))
        self.acknowledged()

    def acknowledged(self):
        status, body = self.calls.answer()
        if status != 200 or b'"stale":[]' not in body:
            raise RuntimeError(f"progress answered {status}: {body[:500]!r}")
        self.beat = time.monotonic()

    def heartbeat(self, every=8):
        if time.monotonic() - self.beat >= every:
            self.calls.exchange("POST", "/agent/v1/progress", {"reports": []}, self.token)
            self.beat = time.monotonic()

    def command(self, kind="LAUNCH", seconds=30):
        """The next command of the kind, and when it was here; inventories are answered in passing."""
        while True:
            at, command = self.stream.line(seconds)
            if command["kind"] == "SYNC_INVENTORY":
                self.inventory(command)
            if command["kind"] == kind:
                return at, command

    def settle(self, seconds=0.03):
        """Answers what the hub asks on its own account, such as an inventory after a drill, until it asks no more."""
        while True:
            try:
                _, command = self.stream.line(seconds)
            except TimeoutError:
                return
            if command["kind"] != "SYNC_INVENTORY":
                raise RuntimeError(f"{command['kind']} was not expected")
            self.inventory(command)

    def inventory(self, command):
        """Reports all servers of the command's account and Region in pages of 500."""
        place = command["accountId"], command["region"]
        servers = self.servers.get(place, [])
        pages = [servers[first:first + 500] for first in range(0, len(servers), 500)] or [[]]
        for number, page in enumerate(pages):
            body = {
                "accountId": place[0], "region": place[1], "syncToken": command["commandId"], "page": number,
                "isLast": number == len(pages) - 1, "isInitialized": True, "recoveryInstances": [], "jobs": [],
                "sourceServers": [{"sourceServerId": server, "hostname": name, "tags": {}, "lagSeconds": 0,
                                   "replicationState": "CONTINUOUS"} for server, name in page]}
            if self.quotas:
                body["quotas"] = self.quotas
            self.calls.exchange("POST", "/agent/v1/inventory", body, self.token)
        self.tell(command, {"kind": "DONE"})

    def close(self):
        self.calls.close()
        if self.stream:
            self.stream.close()


def accepted(command):
    """DRS has taken the command's job."""
    job = "drsjob-" + command["commandId"].replace("-", "")[:17]
    servers = [server["sourceServerId"] for server in command["body"]["servers"]]
    return {"kind": "JOB_ACCEPTED", "job": {"jobId": job, "status": "PENDING", "sourceServerIds": servers}}


def launched(command):
    """DRS shows every server of the job launched."""
    servers = [{"sourceServerId": server["sourceServerId"], "launchStatus": "LAUNCHED",
                "recoveryInstanceId": "i-" + server["sourceServerId"][2:]} for server in command["body"]["servers"]]
    return {"kind": "SERVERS", "servers": servers}


def ended(command):
    """DRS shows the job ended."""
    return {"kind": "JOB_ENDED", "job": {"jobId": accepted(command)["job"]["jobId"], "endedAt": stamp()}}


DONE = {"kind": "DONE"}
