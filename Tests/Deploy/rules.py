"""What somebody does who follows the documents: what they fill in, what must be so before, and what is not carried out."""
import base64
import dataclasses
import re
import shutil
import typing

from clouds import a_dashboard, a_hub, a_spoke, a_standby, many_accounts, zone
from test_package import stand_ins
from walk import eventually

# Pages that build on what others made; the rest follows in the order of their names.
ORDER = ["README.md", "Docs/Guides/plan-drills.md", "Docs/Guides/command-line.md", "Docs/Guides/at-3-am.md",
         "Docs/Guides/drill-reports.md", "Docs/Guides/for-auditors.md"]


def place(page):
    return ORDER.index(page) if page in ORDER else len(ORDER)


@dataclasses.dataclass(frozen=True)
class Rule:
    page: str
    # A regular expression that is searched in the command.
    line: str = ""
    # The exit status that is right.
    ends: int = 0
    # What a reader puts in the place of what is written: expressions, each with a text or with what finds one.
    stands: tuple = ()
    # What must be so before.
    before: typing.Optional[typing.Callable] = None
    # What is typed into it.
    typed: typing.Callable = lambda walk: ""
    # For a command that stays: waits until it does what it is for.
    stays: typing.Optional[typing.Callable] = None
    # What must come of it.
    after: typing.Optional[typing.Callable] = None
    # Why it is not carried out.
    unrun: str = ""

    def means(self, command):
        return self.page in ("", command.page) and re.search(self.line, command.text) is not None


def started(walk, quickstart):
    quickstart.wait("a greeting", lambda: "Ctrl-C stops it." in quickstart.said)
    walk.remember_token()


def inventory_is_known(walk, shell):
    """The quickstart waits for the servers that it groups; the pages use others, too."""
    eventually("fifty servers", lambda: len(walk.asked("server", "list")["items"]) == 50)


def says_what_the_page_expects(walk, shell):
    """For commands of a page before which the stack came up: the token was not known when the shell began."""
    shell.run(f"export MUSTER_TOKEN={walk.token}")


def without_token(walk, shell):
    shell.run("unset MUSTER_TOKEN")


def at_rest(walk, shell):
    walk.wait_for_the_latest()


def another_drill_of_payroll(walk, shell):
    """Two servers of the second wave fail in it."""
    walk.wait_for_the_latest()
    walk.fail_once("pay-web-01", "pay-web-02")
    walk.run("muster execution start Payroll --watch --until-paused", 6)
    walk.run("muster execution resume Payroll && muster execution watch Payroll", 4)


def two_servers_will_fail(walk, shell):
    walk.wait_for_the_latest()
    walk.fail_once("shop-web-01", "shop-web-02")


def aws_of_the_account(walk, shell):
    keys = walk.credentials("111122223333")
    shell.run("export " + " ".join(f"{key}={value}" for key, value in keys.items()))


def handed_over(walk, shell):
    """What an auditor was given, of another page."""
    for name in ("report.json", "keys.json"):
        shutil.copy(walk.folder / "pages/Docs-Guides-drill-reports-md" / name, shell.directory)


def password_of_a_mail_server(walk, shell):
    (shell.directory / "password").write_text("secret\n")


def environment_of_the_hub(walk, shell):
    keys = {"MUSTER_STATE_DIRECTORY": f"{walk.state}/hub", "MUSTER_COGNITO_ISSUER": walk.issuer,
            "MUSTER_COGNITO_CLIENT_ID": "muster-browser,muster-machine", "MUSTER_PUBLIC_URL": walk.hub}
    shell.run("export " + " ".join(f"{key}={value}" for key, value in keys.items()))


def a_database(walk, shell):
    """As the README's section presupposes it, with its owner; and a key, and a port for a hub beside the quickstart's."""
    walk.sql("readme", "CREATE ROLE muster_owner LOGIN CREATEROLE", "CREATE DATABASE muster OWNER muster_owner")
    (walk.place.etc / "keys").write_text(base64.b64encode(bytes(range(32))).decode() + "\n")
    shell.run(f"export MUSTER_LISTEN=127.0.0.1:{walk.port('readme')}")


def a_server_of_databases(walk, shell):
    database = walk.database("systemd")
    shell.run(f"export PGHOST=127.0.0.1 PGPORT={database.port}")


def small_programs(walk, shell):
    stand_ins(shell.directory / ".build/release", "1.2.0")


def settings_of_a_hub(walk, shell):
    """What the package installs, and what the page has somebody write into it."""
    shutil.copy(shell.directory / "Deploy/Systemd/hub.env", walk.place.etc)
    (walk.folder / "edits/hub.env").write_text(
        f"MUSTER_DATABASE_URL=postgresql://muster_hub:chosen@127.0.0.1:{walk.database('systemd').port}/muster\n"
        f"MUSTER_SECRET_KEY_FILE={walk.place.etc}/keys\nMUSTER_LISTEN=127.0.0.1:{walk.port('systemd')}\n"
        f"MUSTER_COGNITO_ISSUER={walk.issuer}\nMUSTER_COGNITO_CLIENT_ID=muster-browser,muster-machine\n")


def hub_of_systemd_is_up(walk, shell):
    """A slow machine takes longer than the page's command waits."""
    eventually("health of the hub that systemctl started", lambda: walk.is_well(
        f"http://127.0.0.1:{walk.port('systemd')}/health/ready"))


def settings_of_a_spoke(walk, shell):
    shutil.copy(shell.directory / "Deploy/Systemd/spoke.env", walk.place.etc)
    lines = {"MUSTER_HUB_URL": walk.hub, "MUSTER_SPOKE_CONFIG": f"{walk.place.etc}/spoke.yaml", "AWS_REGION": "us-east-1",
             **walk.keys_of_the_spoke()}
    (walk.folder / "edits/spoke.env").write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
    walk.spoke_file("systemd", walk.folder / "edits/spoke.yaml")


def a_spoke_of_systemd(walk, shell):
    """After the command that starts it: what it is for."""
    eventually("a session of the spoke that systemctl started", lambda: walk.spoke_is_connected("systemd"))


def healthy(walk, hub):
    hub.wait("health", lambda: walk.is_well(f"http://127.0.0.1:{walk.port('readme')}/health/ready"))


def a_configuration_of_a_spoke(walk, shell):
    walk.spoke_file("readme", shell.directory / "spoke.yaml")
    keys = walk.keys_of_the_spoke()
    shell.run("export " + " ".join(f"{key}={value}" for key, value in keys.items()))


def drills_of_the_campaign_run(walk, shell):
    """Both wait before their second wave, as their plans say; else a later command could be faster than they begin."""
    def run():
        paused = walk.asked("execution", "list", "--active")["items"]
        return {"Shop", "Payroll"} <= {one["planName"] for one in paused if one["status"] == "PAUSED"}
    eventually("two drills of the campaign", run)


def drills_of_the_campaign_end(walk, shell):
    walk.run("muster campaign cancel Everything")

    def is_over():
        active = walk.asked("execution", "list", "--active")["items"]
        for one in active:
            if one["status"] == "PAUSED":
                walk.run(f"muster execution resume {one['executionId']} || true")
        return not active
    eventually("the end of all drills", is_over)
    campaign = walk.asked("campaign", "show", "Autumn 2026")["campaignId"]
    eventually("the campaign's report", lambda: walk.get(f"/campaigns/{campaign}/reports")["items"])


def forgotten_instance(walk, shell):
    """A drill that somebody started in DRS's own console."""
    walk.tell_simulator("jobs", {"accountId": "777788889999", "region": "us-east-1", "servers": 1})

    def is_found():
        walk.muster("server", "refresh", "--account", "777788889999")
        return walk.asked("orphan", "list")["items"]
    eventually("an instance of nobody's", is_found)


def nobody_bound(walk, shell):
    for binding in walk.muster("role", "list", "--quiet").split():
        walk.muster("role", "unbind", binding)


def connected(name):
    def wait(walk, spoke):
        spoke.wait("a session", lambda: walk.spoke_is_connected(name))
    return wait


NEEDS_ENGINE = "needs a container engine; test_package.py makes the same root without one"
TAKES_LONG = "builds or tests for minutes; Tests/run does it"

RULES = [
    Rule("README.md", "^Deploy/quickstart ", stays=started),
    Rule("README.md", "^Tests/run ", unrun="this is a part of it"),
    Rule("README.md", "^muster server list", before=inventory_is_known),
    Rule("README.md", "^export MUSTER_DATABASE_URL", before=a_database, stands=(
        ("@db/", lambda walk: f"@127.0.0.1:{walk.database('readme').port}/"), ("/etc/muster", lambda walk: walk.place.etc),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_…", lambda walk: walk.issuer), ("…", "muster-browser"))),
    Rule("README.md", "muster-hub migrate", stands=(("@db/", lambda walk: f"@127.0.0.1:{walk.database('readme').port}/"),)),
    Rule("README.md", "^muster-hub serve", stays=healthy),
    Rule("README.md", "muster-spoke run", before=a_configuration_of_a_spoke, stays=connected("readme"), stands=(
        ("https://muster.example.com", lambda walk: walk.hub), ("eu-west-1", "us-east-1"))),

    Rule("Docs/Guides/plan-drills.md", "--until-paused", ends=6),

    Rule("Docs/Guides/command-line.md", "^(muster sign-in|some-program|MUSTER_CLIENT)", before=without_token,
         typed=lambda walk: walk.token + "\n", stands=(
             ("MUSTER_CLIENT_SECRET=…", "MUSTER_CLIENT_SECRET=muster-machine-secret"), ("pipeline", "muster-machine"),
             ("https://login.example.com", lambda walk: walk.simulator))),
    Rule("Docs/Guides/command-line.md", "^muster server list --assignment", before=says_what_the_page_expects),
    Rule("Docs/Guides/command-line.md", "group create payroll-web", stands=(
        ("s-0123456789abcdef0", lambda walk: walk.server("pay-web-01")),
        ("s-0123456789abcdef1", lambda walk: walk.server("pay-web-02")))),
    Rule("Docs/Guides/command-line.md", "--until-paused", ends=6),
    Rule("Docs/Guides/command-line.md", "execution skip", before=another_drill_of_payroll,
         stands=(("s-…", lambda walk: walk.server("pay-web-01")),)),
    Rule("Docs/Guides/command-line.md", "execution recovery-point", stands=(
        ("s-…", lambda walk: walk.server("pay-web-02")),
        ("pit-…", lambda walk: walk.recovery_point("444455556666", "pay-web-02")))),
    Rule("Docs/Guides/command-line.md", "report get Payroll --as pdf", before=at_rest),

    Rule("Docs/Guides/at-3-am.md", "execution start", before=two_servers_will_fail),
    Rule("Docs/Guides/at-3-am.md", "execution watch", ends=4),
    Rule("Docs/Guides/at-3-am.md", "aws drs", before=aws_of_the_account),
    Rule("Docs/Guides/at-3-am.md", "s-0123456789abcdef", stands=(
        ("s-0123456789abcdef0", lambda walk: walk.server("shop-web-01")),
        ("s-0123456789abcdef1", lambda walk: walk.server("shop-web-02")),
        ("pit-0123456789abcdef0", lambda walk: walk.recovery_point("111122223333", "shop-web-02")))),
    Rule("Docs/Guides/at-3-am.md", "execution note", before=at_rest),

    Rule("Docs/Guides/drill-reports.md", "report add latest scenario", stands=(("--name …", "--name 'A. Lovelace'"),)),
    Rule("Docs/Guides/for-auditors.md", "report verify", before=handed_over),
    Rule("Docs/Guides/notifications.md", "notification mail", before=password_of_a_mail_server),
    Rule("Docs/Guides/campaigns.md", "--all-plans", before=drills_of_the_campaign_run),
    Rule("Docs/Guides/campaigns.md", "campaign report.*--as pdf", before=drills_of_the_campaign_end),
    Rule("Docs/Guides/orphans.md", "orphan list$", before=forgotten_instance),
    Rule("Docs/Guides/orphans.md", "orphan terminate", stands=(
        ("i-0123456789abcdef0", lambda walk: walk.asked("orphan", "list")["items"][0]["recoveryInstanceId"]),)),
    Rule("Docs/Guides/roles-and-scope.md", "role bind DRSRecoveryManager", before=nobody_bound),
    Rule("Docs/Guides/roles-and-scope.md", "role unbind",
         stands=(("BINDING", lambda walk: walk.muster("role", "list", "--quiet").split()[0]),)),
    Rule("Docs/Guides/sign-in.md", "muster-hub break-glass", before=environment_of_the_hub,
         stands=((r"\[(.*?)\]", "--role DRSRecoveryManager"),)),
    Rule("Docs/Guides/simulate-a-world.md", "", unrun=TAKES_LONG),
    Rule("Docs/Guides/develop.md", "^(Deploy/quickstart|Tests/|swift|MUSTER_REGENERATE=1 swift)", unrun=TAKES_LONG),

    Rule("Deploy/Container/README.md", "^podman", unrun=NEEDS_ENGINE),
    Rule("Deploy/Systemd/README.md", "^swift build", unrun=TAKES_LONG),
    Rule("Deploy/Systemd/README.md", "package", before=small_programs),
    Rule("Deploy/Systemd/README.md", "^sudo apt", unrun="changes the machine; test_package.py installs into a root of its own"),
    Rule("Deploy/Systemd/README.md", "", stands=(
        ("/etc/muster", lambda walk: walk.place.etc), (" -g muster", ""),
        ("PASSWORD@127.0.0.1/", lambda walk: f"PASSWORD@127.0.0.1:{walk.database('systemd').port}/"),
        (r"127\.0\.0\.1:8080", lambda walk: f"127.0.0.1:{walk.port('systemd')}"))),
    Rule("Deploy/Systemd/README.md", "createuser", before=a_server_of_databases, typed=lambda walk: "PASSWORD\nPASSWORD\n"),
    Rule("Deploy/Systemd/README.md", "sudoedit.*hub.env", before=settings_of_a_hub),
    Rule("Deploy/Systemd/README.md", "^curl --fail", before=hub_of_systemd_is_up),
    Rule("Deploy/Systemd/README.md", "sudoedit.*spoke.env", before=settings_of_a_spoke),
    Rule("Deploy/Systemd/README.md", "now muster-spoke", after=a_spoke_of_systemd),

    Rule("Deploy/CloudFormation/README.md", "^Deploy/CloudFormation/deploy hub", before=a_hub, stands=(
        ("Z0123456789ABCDEFGHIJ", zone), ("sha256:…", f"sha256:{'0' * 64}"))),
    Rule("Deploy/CloudFormation/README.md", "^deploy hub.*--standby-region", before=a_hub, stands=(
        ("…", lambda walk: f"--domain muster.example.com --zone {zone(walk)} --admin you@example.com --image muster:1"),)),
    Rule("Deploy/CloudFormation/README.md", "^deploy hub.*--standby-of", before=a_standby, stands=(
        ("…", lambda walk: f"--zone {zone(walk)} --admin you@example.com --image muster:1"),)),
    Rule("Deploy/CloudFormation/README.md", "^deploy promote", unrun="moto's CloudFormation makes no Aurora to promote"),
    Rule("Deploy/CloudFormation/README.md", "account create", stands=(
        # The quickstart has the page's account already; the spoke's role stays the page's.
        ("account create 111122223333 --name shop", "account create 000011112222 --name more"),)),
    Rule("Deploy/CloudFormation/README.md", "^deploy spoke", before=a_spoke, stands=(
        ("vpc-…", lambda walk: walk.subnet()["VpcId"]), ("subnet-…,subnet-…", lambda walk: walk.subnet()["SubnetId"]),
        ("…", "muster:1"))),
    Rule("Deploy/CloudFormation/README.md", "^deploy accounts", before=many_accounts),
    Rule("Deploy/Dashboards/README.md", "", before=a_dashboard, stands=(
        ("app/…", "app/muster/0123456789abcdef"), ("sns:…", "sns:eu-central-1:999900001111:muster"))),

    Rule("", r"http://127\.0\.0\.1:8080", stands=((r"http://127\.0\.0\.1:8080", lambda walk: walk.hub),)),
]
