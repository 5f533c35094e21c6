"""Every link of every page leads somewhere."""
import html
import re
import urllib.error
import urllib.request

from conftest import HEADERS, HUB, call, until
from test_pages import PAGES

# What tells objects of one kind apart: one link of each shape is followed.
OBJECT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[a-z]+-[0-9a-f]{17}\b|\b\d{12}\b|=[^&]*")


# What a browser says that it takes when somebody follows a link.
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def fetch(path):
    """The status of a page, and its text."""
    request = urllib.request.Request(HUB + path, headers={**HEADERS, "Accept": ACCEPT})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, ""


def ended_execution():
    """One that has ended, whose page offers what a running one's does not."""
    ended = call("GET", "/executions?active=false&limit=1")["items"]
    if ended:
        return ended[0]["executionId"]
    plan = next(plan for plan in call("GET", "/recovery-plans?limit=200")["items"] if plan["planName"].startswith("Shop"))
    path = "/executions/" + call("POST", "/executions", {"planId": plan["planId"], "executionType": "DRILL"})["executionId"]
    call("DELETE", path)
    until("the drill is cancelled", lambda: call("GET", path)["endedAt"])
    return path.rsplit("/", 1)[-1]


def test_every_link_leads_somewhere(world):
    paths = {path.format(**world) for path in PAGES.values()} | {f"/executions/{ended_execution()}"}
    links = {}
    for path in sorted(paths):
        status, text = fetch(path)
        assert status == 200, path
        for address in re.findall(r'<a [^>]*href="(/[^"]*)"', text):
            address = html.unescape(address).split("#")[0]
            links.setdefault(OBJECT.sub("", address), (address, path))
    assert len(links) > 20
    broken = {address: page for address, page in links.values() if fetch(address)[0] >= 400}
    assert broken == {}
