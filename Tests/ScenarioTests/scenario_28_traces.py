"""The trace of a request: from the caller through hub, command and spoke, in the logs of both."""
import json

from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"
TRACE = "0af7651916cd43dd8448eb211c80319c"


def lines(program):
    """What a program logged, as objects; whatever else stands there fails the test."""
    return [json.loads(line) for line in program.text().splitlines() if line]


class Traces(Scenario):
    def test_goes_from_a_request_through_hub_and_spoke_into_the_logs_of_both(self):
        log = {"MUSTER_LOG_FORMAT": "json", "MUSTER_LOG_LEVEL": "debug"}
        stack = self.run_stack(World(clock=200).account(ACCOUNT, {REGION: 2}), spokes_too=False, hub_environment=log)
        stack.add_spoke("east", more=log)
        stack.wait_inventory()
        api = stack.api
        servers = [server["sourceServerId"] for server in api.servers()]
        groups = [api.group(f"tier-{number}", ACCOUNT, REGION, [server]) for number, server in enumerate(servers)]
        plan = api.plan("two tiers", [{"protectionGroupIds": [group]} for group in groups])
        answer = api.call("POST", "/executions", {"planId": plan, "executionType": "DRILL"},
                          headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        self.assertEqual(answer.status, 202, answer)
        headers = {name.lower(): value for name, value in dict(answer.headers).items()}
        self.assertEqual(headers["traceresponse"].split("-")[1], TRACE)
        execution = answer.json["executionId"]
        eventually("the drill has ended", lambda: api.get(f"/executions/{execution}")["status"] == "COMPLETED", 90)

        spoke = stack.spokes["east"].program
        eventually("both launches are logged as ended",
                   lambda: sum(line["message"] == "command ended" and line.get("trace") == TRACE
                               for line in lines(spoke)) == 2, 30)
        begun = [line for line in lines(spoke) if line["message"] == "command begun" and line.get("trace") == TRACE]
        self.assertEqual({line["execution"] for line in begun}, {execution})
        self.assertEqual(len({line["span"] for line in begun}), 2, "each command is a step of its own")
        started = [line for line in lines(spoke) if line["message"] == "job started" and line.get("trace") == TRACE]
        self.assertEqual({line["command"] for line in started}, {line["command"] for line in begun})
        # Other work is of other traces.
        self.assertTrue([line for line in lines(spoke) if line["message"] == "command begun"
                         and line["kind"] == "SYNC_INVENTORY" and line["trace"] != TRACE])

        hub = lines(stack.hub.program)
        asked = [line for line in hub if line["message"] == "execution started"]
        self.assertEqual([(line["execution"], line["trace"]) for line in asked], [(execution, TRACE)])
        self.assertEqual([line["route"] for line in hub if line["message"] == "request answered"
                          and line["request"] == asked[0]["request"]], ["/api/v1/executions"])
        stored = [line for line in hub if line["message"] == "progress stored" and line.get("trace") == TRACE]
        self.assertEqual({line["command"] for line in stored}, {line["command"] for line in begun})
        self.assertLessEqual({"JOB_ACCEPTED", "DONE"}, {line["report"] for line in stored})
