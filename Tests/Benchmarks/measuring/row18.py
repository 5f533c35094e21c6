"""Row 18: the console in Chromium with a large estate, and from a spoke's report to the pixel.

It needs Chromium and Playwright: run it by the Python of a virtual environment that has it, as Tests/Browser/run makes
one; without it the row is left out.
"""
import importlib.util
import time

from . import estate
from .agent import DONE, accepted, ended, launched
from .figures import Row, median, percentile
from .machine import Hub, send

CHROMIUM = "/usr/bin/chromium"
# The estate of the goal: servers, groups, plans, past executions; and one wave of a thousand servers.
FULL = {"accounts": 10, "servers": 1000, "groups": 999, "plans": 499, "past": 5000}
SMALL = {"accounts": 2, "servers": 60, "groups": 6, "plans": 3, "past": 20}
MEMBERS = 9
# Executions copied at once: few enough that the spokes are heard between.
AT_ONCE = 250
PAGES = {
    "dashboard": "/", "executions": "/executions", "history": "/executions?active=false", "plans": "/recovery-plans",
    "plan": "/recovery-plans/{plan}", "plan editor": "/recovery-plans/{plan}/edit", "start": "/recovery-plans/{plan}/start",
    "groups": "/protection-groups", "group": "/protection-groups/{group}", "group editor": "/protection-groups/{group}/edit",
    "servers": "/servers", "servers, searched": "/servers?q=s-0000070", "server": "/servers/{server}",
    "accounts": "/accounts", "account": "/accounts/{account}", "audit": "/audit", "approvals": "/approvals",
    "search": "/search?q=tier", "ended execution": "/executions/{ended}", "a wave of 1,000": "/executions/{big}",
    "the same, all servers": "/executions/{big}?wave=all", "wallboard": "/executions/{big}/wall",
}
TABS = 20


def measure(bench):
    if importlib.util.find_spec("playwright") is None:
        print("row 18 is left out: this Python has no Playwright")
        return []
    from playwright.sync_api import sync_playwright
    size = SMALL if bench.smoke else FULL
    with bench.room("console") as (directory, stack):
        simulator, hub = bench.stack(directory, stack, estate.world())
        place = estate.Estate(hub, simulator, size["servers"], accounts=size["accounts"])
        stack.callback(place.close)
        names = furnish(bench, place, size)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            headers = {"Authorization": f"Bearer {place.token}"}
            context = browser.new_context(base_url=hub.url, extra_http_headers=headers)
            context.set_default_timeout(120_000)
            rows = pages(bench, place, context, names)
            rows.append(pixels(bench, place, context, names))
            rows += tabs(bench, place, context, names)
            rows.append(restart(bench, place, context, directory, simulator, stack, names))
            browser.close()
    return rows


def furnish(bench, place, size):
    """Groups, plans and executions; what the pages are of."""
    small, big = place.accounts[:-1], place.accounts[-1]
    groups = []
    for number in range(size["groups"]):
        account = small[number % len(small)]
        first = number // len(small) * MEMBERS
        groups.append(place.group(f"tier-{number:04d}", account, place.servers[account][first:first + MEMBERS]))
        beat(place)
    everything = place.group("a thousand", big, place.servers[big])
    plans = []
    for number in range(size["plans"]):
        chosen = [groups[(2 * number) % len(groups)], groups[(2 * number + 1) % len(groups)]]
        plans.append(place.plan(f"plan-{number:04d}", [[group] for group in chosen]))
        beat(place)
    ended_one = drill(place, plans[0], 2)
    past(bench, place, ended_one, size["past"])
    thousand = place.plan("a wave of a thousand", [[everything]])
    execution = place.post("/executions", {"planId": thousand, "executionType": "DRILL"})["executionId"]
    command = placed(place, big)
    names = {"plan": plans[0], "group": groups[0], "server": place.servers[small[0]][0], "account": small[0],
             "ended": ended_one, "big": execution, "commands": command}
    return names


def beat(place):
    """Keeps the spokes alive, and their streams read: the hub lets go of who does not read."""
    for spoke in place.agents:
        spoke.heartbeat()
        try:
            while True:
                spoke.stream.line(0.0005)
        except TimeoutError:
            pass


def launch(spoke):
    """The next launch; what the hub asked meanwhile on its own account is too old to be answered."""
    while True:
        _, command = spoke.stream.line(60)
        if command["kind"] == "LAUNCH":
            return command


def placed(place, account):
    """The first launch of an account, accepted; further jobs of the wave are accepted as they come."""
    spoke = place.agents[place.accounts.index(account)]
    commands = []
    wanted = len(place.servers[account])
    while sum(len(command["body"]["servers"]) for command in commands) < wanted:
        command = launch(spoke)
        spoke.tell(command, accepted(command))
        commands.append(command)
    return spoke, commands


def drill(place, plan, waves):
    """A drill of small waves, to its end."""
    execution = place.post("/executions", {"planId": plan, "executionType": "DRILL"})["executionId"]
    for wave in range(waves):
        spoke = place.agents[wave % (len(place.agents) - 1)]
        command = launch(spoke)
        spoke.tell(command, accepted(command), launched(command), ended(command), DONE)
    end = time.monotonic() + 60
    while send("GET", f"{place.hub.api}/executions/{execution}", token=place.token)[1]["endedAt"] is None:
        if time.monotonic() > end:
            raise RuntimeError("the drill does not end")
        time.sleep(0.05)
    return execution


def past(bench, place, execution, count):
    """So many more executions like one, an hour apart, of all plans in turn: copied, for their making is not measured."""
    database = place.hub.database.split("dbname=")[1]
    query = lambda text: bench.cluster.query(database, text)
    tables = [name for name, in query(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'execution_id' AND table_schema = 'public'"
        " AND (table_name LIKE 'execution%' OR table_name = 'journal_event') ORDER BY table_name <> 'execution'")]
    for first in range(1, count + 1, AT_ONCE):
        new = f"""generate_series({first}, {min(first + AT_ONCE - 1, count)}) AS n, LATERAL (
            SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id) AS made"""
        for table in tables:
            extra = """ || (SELECT jsonb_build_object('plan_id', p.plan_id, 'plan_name', p.plan_name,
                'started_at', x.started_at - n * interval '1 hour', 'ended_at', x.ended_at - n * interval '1 hour')
                FROM (SELECT plan_id, plan_name FROM recovery_plan ORDER BY plan_name OFFSET n % (
                    SELECT count(*) FROM recovery_plan) LIMIT 1) AS p)""" if table == "execution" else ""
            query(f"""INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table},
                to_jsonb(x) || jsonb_build_object('execution_id', made.id){extra})).*
                FROM {table} AS x, {new} WHERE x.execution_id = '{execution}'""")
            beat(place)
    query("ANALYZE")


def pages(bench, place, context, names):
    """First byte and usable, of each page: when its scripts have run and something has been painted."""
    rows, rounds = [], 2 if bench.smoke else 7
    page = context.new_page()
    firsts, usables, sizes = {}, {}, {}
    for turn in range(rounds + 1):
        for name, path in PAGES.items():
            beat(place)
            page.goto(path.format(**names), wait_until="load")
            page.locator("html[data-scripted]").wait_for(state="attached")
            first, usable, size = page.evaluate("""() => {
                const [it] = performance.getEntriesByType('navigation')
                const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
                return [it.responseStart - it.requestStart, Math.max(paint, it.domContentLoadedEventEnd), it.decodedBodySize]
            }""")
            if turn > 0:
                firsts.setdefault(name, []).append(first)
                usables.setdefault(name, []).append(usable)
                sizes[name] = size
    page.close()
    for name in PAGES:
        first, usable = median(firsts[name]), median(usables[name])
        rows.append(Row(18, f"page “{name}” ({sizes[name] / 1000:.0f} kB): first byte", "ms", first, max(firsts[name]),
                        goal="≤ 50 ms", met=first <= 50))
        rows.append(Row(18, f"page “{name}”: usable", "ms", usable, max(usables[name]), goal="≤ 500 ms",
                        met=usable <= 500))
    return rows


WATCH = """([id, text]) => {
    window.seen = new Promise((done) => {
        const look = () => document.getElementById(id)?.textContent?.includes(text)
        const say = () => requestAnimationFrame(() => { const gate = new MessageChannel(); gate.port1.onmessage = () => done(Date.now()); gate.port2.postMessage(0) })
        if (look()) { say(); return }
        const watch = new MutationObserver(() => { if (look()) { watch.disconnect(); say() } })
        watch.observe(document.body, { subtree: true, childList: true, characterData: true })
    })
}"""


def pixels(bench, place, context, names):
    """One server after the other of the wave of a thousand is launched; its row says so, painted."""
    page = context.new_page()
    page.goto(f"/executions/{names['big']}")
    page.locator("#live[data-state=live]").wait_for()
    spoke, commands = names["commands"]
    servers = [(command, server["sourceServerId"]) for command in commands for server in command["body"]["servers"]]
    shown = set(page.evaluate("[...document.querySelectorAll('#servers tr[id^=server-]')].map((it) => it.id.slice(7))"))
    times = []
    for command, server in [it for it in servers if it[1] in shown][:5 if bench.smoke else 40]:
        beat(place)
        page.evaluate(WATCH, [f"server-{server}", "Launched"])
        event = {"kind": "SERVERS", "servers": [{"sourceServerId": server, "launchStatus": "LAUNCHED",
                                                 "recoveryInstanceId": "i-" + server[2:]}]}
        news = spoke.reports(command, event)
        began = time.time() * 1000
        spoke.calls.socket.sendall(news)
        spoke.acknowledged()
        times.append(page.evaluate("window.seen") - began)
    page.close()
    return Row(18, f"a spoke's report → the pixel, in a wave of {len(servers):,} servers", "ms", median(times),
               percentile(times, 0.99), goal="≤ 300 ms", met=median(times) <= 300, detail={"samples": times})


def tabs(bench, place, context, names):
    """Twenty tabs of one browser over HTTP/1.1: all learn of a note."""
    opened = []
    for _ in range(4 if bench.smoke else TABS):
        page = context.new_page()
        page.goto(f"/executions/{names['big']}", wait_until="domcontentloaded")
        opened.append(page)
        beat(place)
    for page in opened:
        page.locator("#live[data-state=live]").wait_for()
        beat(place)
        page.evaluate(WATCH, ["events", "a word to all tabs"])
    beat(place)
    began = time.time() * 1000
    place.post(f"/executions/{names['big']}/notes", {"text": "a word to all tabs"})
    times = sorted(page.evaluate("window.seen") - began for page in opened)
    for page in opened:
        page.close()
    return [
        Row(18, f"a note → {len(opened)} tabs of one browser over HTTP/1.1: the first four", "ms", median(times[:4]), times[3]),
        Row(18, "… and the last", "ms", times[-1], goal="≤ 6 s", met=times[-1] <= 6000, detail={"all": times}),
    ]


def restart(bench, place, context, directory, simulator, stack, names):
    """The hub is stopped and another one started at its address: the page becomes current by itself."""
    page = context.new_page()
    page.goto(f"/executions/{names['big']}")
    page.locator("#live[data-state=live]").wait_for()
    page.evaluate(WATCH, ["events", "after the restart"])
    old = place.hub
    old.stop()
    new = Hub(bench.binaries, directory, simulator, old.database, name="again", port=old.port)
    stack.callback(new.stop)
    ready = time.time() * 1000
    place.post(f"/executions/{names['big']}/notes", {"text": "after the restart"})
    took = page.evaluate("window.seen") - ready
    page.close()
    return Row(18, "hub restarted → the open page is current again", "ms", took, goal="≤ 10 s", met=took <= 10_000)
