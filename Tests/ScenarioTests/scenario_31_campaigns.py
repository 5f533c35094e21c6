"""Campaigns: drills of many plans over two accounts, no more at once than said, though hubs are killed; and their one report."""
import csv
import io
import json
import subprocess
import time

from harness import Options, Scenario, World, chance, eventually, stack_program

ACCOUNTS, REGION = ("111122223333", "444455556666"), "us-east-1"
AT_ONCE = 3


class Campaigns(Scenario):
    def prepared(self, hubs=1, failure=None):
        world = World(clock=300)
        for account in ACCOUNTS:
            bad = {"hostname": "a-server", "count": 2, **({"failure": failure} if failure else {})}
            world.account(account, {REGION: [bad, {"hostname": "server", "count": 4}]})
        self.stack = self.run_stack(world, hubs=hubs, external=hubs > 1)
        self.api = self.stack.api
        plans = []
        for account in ACCOUNTS:
            servers = self.api.servers(account)
            for number in range(3):
                group = self.api.group(f"{account}-{number}", account, REGION, servers[number * 2:number * 2 + 2])
                plans.append(self.api.plan(f"plan {account} {number}", [[group]]))
        return plans

    def show(self, campaign):
        return self.api.get(f"/campaigns/{campaign}")

    def start(self, plans, **more):
        return self.api.post("/campaigns", {"campaignName": f"c{time.time()}", "planIds": plans, **more})["campaignId"]

    def test_six_plans_end_once_each_with_three_at_once_though_both_hubs_are_killed_in_turn(self):
        plans = self.prepared(hubs=2)
        random = chance("campaign")
        campaign = self.start(plans, maxConcurrent=AT_ONCE, maxConcurrentPerAccount=2, cleanUpAfterHours=1)
        kills, most = 0, 0

        def over():
            nonlocal kills, most
            shown = self.show(campaign)
            running = [item["planName"] for item in shown["items"] if item["state"] == "RUNNING"]
            most = max(most, len(running))
            self.assertLessEqual(len(running), AT_ONCE)
            for account in ACCOUNTS:
                self.assertLessEqual(sum(account in name for name in running), 2)
            if running and kills < (6 if Options.full else 2):
                hub = self.stack.hubs[kills % 2]
                time.sleep(random.uniform(0, 1))
                hub.program.kill()
                hub.start()
                kills += 1
            return shown if shown["endedAt"] else None
        shown = eventually("the campaign ends", over, 240, every=0.3)
        self.assertEqual((shown["status"], shown["counts"]["passed"]), ("COMPLETED", len(plans)))
        self.assertGreater(most, 1, "more than one ran at once")
        self.assertEqual((shown["servers"]["total"], shown["servers"]["launched"]), (12, 12))
        executions = self.api.every("/executions")
        self.assertEqual(sorted(execution["planId"] for execution in executions), sorted(plans), "each plan once")
        self.assertEqual({item["executionId"] for item in shown["items"]},
                         {execution["executionId"] for execution in executions})
        self.check_report(campaign, shown)

    def check_report(self, campaign, shown):
        """One report makes itself, once over both hubs; it says what the drills' own reports say, and is proved offline."""
        path = f"/campaigns/{campaign}"
        eventually("the report is there", lambda: self.api.every(f"{path}/reports"), 90)
        folder, keys = self.stack.directory, self.stack.directory / "keys.json"
        keys.write_text(json.dumps(self.api.get("/audit-keys")))

        def fetch(path, name):
            answer = self.api.call("GET", path, headers={"Accept": "*/*"}, timeout=60)
            self.assertEqual(answer.status, 200, answer)
            (folder / name).write_bytes(answer.raw)
            return folder / name
        file = fetch(f"{path}/report?format=json", "campaign.json")
        report = json.loads(file.read_text())["report"]
        self.assertEqual((report["identity"]["version"], report["summary"]["open"]), (1, 0))
        self.assertEqual(report["summary"]["servers"]["launched"], shown["servers"]["launched"])
        self.assertEqual([drill["planName"] for drill in report["drills"]], [item["planName"] for item in shown["items"]])
        command = [stack_program("muster"), "report", "verify", file, "--keys", keys]
        for number, drill in enumerate(report["drills"]):
            own = f"/executions/{drill['executionId']}/report?format=json&version={drill['result']['version']}"
            command += ["--drill", fetch(own, f"drill-{number}.json")]
        verified = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual((verified.returncode, verified.stdout.count("which the campaign names")), (0, 6), verified)
        altered = file.read_bytes().replace(b'"launched":2', b'"launched":3', 1)
        file.write_bytes(altered)
        self.assertEqual(subprocess.run(command, capture_output=True, timeout=60).returncode, 1)

        rows = list(csv.DictReader(io.StringIO(fetch(f"{path}/report?format=csv", "drills.csv").read_text())))
        self.assertEqual([row["planName"] for row in rows], [item["planName"] for item in shown["items"]])
        self.assertEqual({row["campaignName"] for row in rows}, {shown["campaignName"]})
        page = fetch(f"{path}/report?format=html", "campaign.html").read_text()
        self.assertIn("Timeline on one clock", page)
        self.assertIn(report["summary"]["verdict"]["result"], page)
        # A drill whose report has another version leads to another version of the campaign's.
        first = report["drills"][0]["executionId"]
        self.api.post(f"/executions/{first}/reports", {"why": "a signature was added"})
        versions = eventually("the report follows", lambda: (
            lambda found: found if len(found) == 2 else None)(self.api.every(f"{path}/reports")), 90)
        self.assertEqual([version["version"] for version in versions], [2, 1])
        own = json.loads(fetch(f"/executions/{first}/report?format=json", "own.json").read_text())["report"]
        self.assertEqual(own["identity"]["campaign"], shown["campaignName"])

    def test_a_campaign_stops_after_failures_and_skips_the_rest(self):
        # The first plan's servers of each account cannot be launched.
        plans = self.prepared(failure={"ending": "LAUNCH_FAILED", "message": "No capacity."})
        campaign = self.start(plans, maxConcurrent=1, stopAfterFailures=1)
        shown = eventually("the campaign ends", lambda: (
            lambda found: found if found["endedAt"] else None)(self.show(campaign)), 180, every=0.3)
        self.assertEqual(shown["status"], "FAILED", shown)
        self.assertEqual([item["state"] for item in shown["items"]], ["FAILED"] + ["SKIPPED"] * 5)
        self.assertEqual(len(self.api.every("/executions")), 1)
