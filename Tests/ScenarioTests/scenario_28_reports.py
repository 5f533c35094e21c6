"""Drill reports: made by themselves, once over two replicas of which one is killed; four forms that say the same; proved offline."""
import csv
import io
import json
import os
import re
import subprocess

from harness import Scenario, World, eventually, stack_program

ACCOUNT, REGION = "111122223333", "us-east-1"


class Reports(Scenario):
    def setUp(self):
        self.stack = self.run_stack(World(clock=150).account(ACCOUNT, {REGION: [
            {"hostname": "=cmd|' /C calc'!A0<script>", "count": 1}, {"hostname": "web", "count": 5},
            {"hostname": "fails", "count": 1, "failure": {"ending": "LAUNCH_FAILED"}}]}), hubs=2, external=True)
        self.api = self.stack.api
        servers = self.api.servers(ACCOUNT, REGION)
        tiers = [servers[:3], servers[3:]]
        waves = [{"protectionGroupIds": [self.api.group(f"tier {number}", ACCOUNT, REGION, tier)],
                  "pauseBeforeWave": number == 1, "onFailure": "CONTINUE",
                  "servers": [{"serverId": s["sourceServerId"], "impact": "OPTIONAL"} for s in tier]}
                 for number, tier in enumerate(tiers)]
        self.plan = self.api.plan("Shop", waves, recoveryTimeObjectiveMinutes=60, recoveryPointObjectiveSeconds=900,
                                  owner="ops", application="Shop")

    def versions(self, drill):
        return [item["version"] for item in self.api.every(f"{drill.path}/reports")]

    def verify(self, report):
        folder = self.stack.directory
        (folder / "report.json").write_bytes(report)
        (folder / "keys.json").write_text(json.dumps(self.api.get("/audit-keys")))
        return subprocess.run([stack_program("muster"), "report", "verify", folder / "report.json", "--keys",
                               folder / "keys.json"], capture_output=True, text=True, timeout=60)

    def form(self, drill, name, query=""):
        answer = self.api.call("GET", f"{drill.path}/report?format={name}{query}", headers={"Accept": "*/*"}, timeout=150)
        self.assertEqual(answer.status, 200, answer)
        return answer.raw

    def test_a_report_makes_itself_once_and_its_forms_say_the_same(self):
        drill = self.api.start(self.plan)
        drill.wait_status("PAUSED", seconds=60)
        interim = self.form(drill, "json")
        self.assertTrue(json.loads(interim)["report"]["identity"]["isInterim"])
        self.assertEqual(self.verify(interim).returncode, 0, self.verify(interim))
        self.api.post(f"{drill.path}/report-entries", {"kind": "PARTICIPANT", "text": "led it", "name": "A. Lovelace",
                                                       "role": "incident lead"})
        drill.resume()
        ended = drill.end(60)
        # Whichever of them was at it: the other one does it.
        self.stack.hubs[0].program.kill()
        eventually("the report is there", lambda: self.versions(drill) == [1], 60)
        self.stack.hubs[0].start()
        drill.terminate()
        drill.wait_terminated()
        eventually("another has the clean-up", lambda: self.versions(drill) == [2, 1], 90)
        report = self.form(drill, "json")
        self.check_figures(drill, ended, json.loads(report)["report"])
        verified = self.verify(report)
        self.assertEqual(verified.returncode, 0, verified)
        altered = report.replace(b'"launched":6', b'"launched":7', 1)
        self.assertNotEqual(altered, report)
        self.assertEqual(self.verify(altered).returncode, 1)
        self.assertEqual(json.loads(self.form(drill, "json", "&version=1"))["report"]["identity"]["version"], 1)

    def check_figures(self, drill, ended, report):
        counts = report["summary"]["counts"]
        self.assertEqual(counts["launched"], ended["counts"]["launched"])
        self.assertEqual(report["summary"]["verdict"]["result"], ended["verdict"]["result"])
        self.assertEqual((report["cleanUp"]["left"], report["cleanUp"]["terminated"]), (0, counts["launched"]))
        coverage = self.api.get("/reports/coverage?application=Shop")
        self.assertEqual(coverage["totals"]["serversProven"], counts["launched"])
        self.assertEqual((coverage["quarters"][-1]["runs"], coverage["quarters"][-1]["passes"]), (1, 0), "it was PARTIAL")
        anatomy = report["recoveryTime"]["anatomy"]
        total = anatomy["totals"]["total"]
        self.assertEqual(total, sum(anatomy["totals"][part] for part in ("machine", "queue", "human", "retry", "hub")))
        self.assertEqual(total // 1000, ended["recoveryTime"]["elapsedSeconds"])
        self.assertGreater(anatomy["totals"]["human"], 0, "the pause")
        self.assertGreater(anatomy["totals"]["machine"], 0)
        self.assertEqual([actor["name"] for actor in report["people"]["actors"]], ["ada"])
        table = list(csv.DictReader(io.StringIO(self.form(drill, "csv").decode(), newline="")))
        self.assertEqual(sum(row["status"] == "LAUNCHED" for row in table), counts["launched"])
        self.assertTrue(any(row["hostname"].startswith("'=cmd") for row in table), table)
        page = self.form(drill, "html").decode()
        self.assertNotIn("<script", page)
        taken = f"{total // 1000}.{total % 1000:03} s"
        self.assertIn(taken, page)
        self.check_print(drill, taken, counts)

    def check_print(self, drill, taken, counts):
        pdf = self.form(drill, "pdf")
        self.assertEqual(pdf[:5], b"%PDF-")
        path = self.stack.directory / "report.pdf"
        path.write_bytes(pdf)
        keep = os.environ.get("MUSTER_KEEP_REPORT")
        if keep:
            with open(keep, "wb") as file:
                file.write(pdf)
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, timeout=60).stdout
        self.assertIn(taken, text)
        self.assertRegex(text, rf"Launched +{counts['launched']}\b")
        self.assertRegex(text, r"Page 1 of \d+")
        found = {int(number) for number in re.findall(r"^\s*(\d+)\. [A-Z]", text, re.M)}
        self.assertTrue(set(range(1, 23)) <= found, found)
