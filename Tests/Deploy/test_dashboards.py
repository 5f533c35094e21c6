"""Dashboards and alarms: they name only metrics and labels that the programs have, and CloudWatch gets each of them."""
import json
import re
import subprocess
import unittest

import yaml

from stage import DEPLOY, ROOT, Loader, template

FOLDER = DEPLOY / "Dashboards"


def documented():
    """Every metric of Docs/Metrics.md (which a test compares with the code): its type and its labels."""
    rows = re.findall(r"^\| `(muster_\w+)` \| (\w+) \| (.*?) \| \w+ \|", (ROOT / "Docs/Metrics.md").read_text(), re.M)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def expressions():
    for panel in json.loads((FOLDER / "grafana.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def base(name, metrics):
    """The metric behind a series; only a histogram has _bucket, _sum and _count."""
    found = re.fullmatch(r"(.+)_(bucket|sum|count)", name)
    if found and metrics.get(found[1], ("",))[0] == "histogram":
        return found[1]
    return name


class Dashboards(unittest.TestCase):
    def setUp(self):
        self.metrics = documented()
        self.assertGreater(len(self.metrics), 15)

    def test_name_only_metrics_and_labels_that_there_are(self):
        for title, expression in expressions():
            named = re.findall(r"\b(muster_\w+)(?:\{([^}]*)\})?", expression)
            self.assertTrue(named, title)
            for name, selector in named:
                metric = base(name, self.metrics)
                self.assertIn(metric, self.metrics, title)
                kind, labels = self.metrics[metric]
                self.assertFalse(kind == "histogram" and metric == name, f"{title}: {name} is a histogram")
                used = set(re.findall(r"(\w+)\s*(?:=|!=|=~|!~)", selector))
                self.assertLessEqual(used, labels | {"le"}, title)
                if kind == "counter":
                    self.assertRegex(expression, r"(rate|increase)\(", f"{title}: a counter alone says nothing")

    def test_use_every_metric_somewhere(self):
        text = " ".join(expression for _, expression in expressions())
        self.assertEqual([name for name in self.metrics if name not in text], [])

    def test_say_with_every_alert_what_it_means_and_what_to_do(self):
        for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]:
            for rule in group["rules"]:
                self.assertIn(rule["labels"]["severity"], ("page", "ticket"), rule["alert"])
                for part in ("summary", "action"):
                    self.assertGreater(len(rule["annotations"][part]), 20, rule["alert"])

    def test_measure_the_levels_of_the_requirements(self):
        text = " ".join(f"{title} {expression}" for title, expression in expressions())
        for part in ("99.5", 'le="900"', "99.9", "muster_spokes", "muster_drills_overdue", "beyond_objective",
                     "muster_servers_stalled", "muster_drill_instances_left"):
            self.assertIn(part, text)

    def test_are_a_clean_template_for_cloudwatch(self):
        done = subprocess.run(["cfn-lint", str(FOLDER / "cloudwatch.yaml")], text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_ask_cloudwatch_only_for_what_the_collector_gives_it(self):
        body = yaml.load((FOLDER / "cloudwatch.yaml").read_text(), Loader)["Resources"]
        asked = []
        for resource in body.values():
            if resource["Type"] == "AWS::CloudWatch::Alarm":
                properties = resource["Properties"]
                asked.append((properties["MetricName"], {d["Name"] for d in properties["Dimensions"]}))
        for widget in json.loads(body["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]:
            for row in widget["properties"]["metrics"]:
                if row[0] == "Muster":
                    asked.append((row[1], set(row[2:-1:2])))
        containers = template("hub.yaml")["Resources"]["HubTask"]["Properties"]["ContainerDefinitions"]
        collector = next(c["Fn::If"][1] for c in containers if "Fn::If" in c)
        settings = yaml.safe_load(collector["Environment"][0]["Value"]["Fn::Sub"])
        given = [(one["metric_name_selectors"][0], {frozenset(each) for each in one["dimensions"]})
                 for one in settings["exporters"]["awsemf"]["metric_declarations"]]
        self.assertGreater(len(asked), 20)
        for name, dimensions in asked:
            self.assertEqual(dimensions - {"hub"}, self.metrics[name][1], name)
            self.assertTrue(any(re.search(selector, name) and frozenset(dimensions) in sets for selector, sets in given), name)


if __name__ == "__main__":
    unittest.main()
