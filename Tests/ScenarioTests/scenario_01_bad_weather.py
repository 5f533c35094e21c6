"""AWS in bad weather: lost answers, throttling, errors, small pages, slow calls."""
import collections

from harness import Scenario, World, unique

ACCOUNTS = {"111122223333": "east", "444455556666": "east", "777788889999": "west"}
REGIONS = ("us-east-1", "eu-west-1")


class BadWeather(Scenario):
    def weather(self, **settings):
        world = World(clock=200, pageSize=20, pageLimit=20, timeline={"jitter": 0.3}, **settings)
        for account, spoke in ACCOUNTS.items():
            world.account(account, {region: 23 for region in REGIONS}, spokes=[spoke])
            for region in REGIONS:
                world.fault("DROP_ANSWER", operation="StartRecovery", account=account, region=region, count=1)
        return world

    def drill(self, stack):
        api = stack.api
        by_place = collections.defaultdict(list)
        for server in api.servers():
            by_place[server["accountId"], server["region"]].append(server["sourceServerId"])
        self.assertEqual(len(by_place), len(ACCOUNTS) * len(REGIONS))
        tiers = [[], []]
        for (account, region), servers in sorted(by_place.items()):
            self.assertEqual(len(servers), 23, "an inventory of several pages is whole")
            tiers[0].append(api.group(unique("databases"), account, region, servers[:3]))
            tiers[1].append(api.group(unique("applications"), account, region, servers[3:21]))
        return api.start(api.plan(unique("weather"), tiers))

    def test_a_drill_over_three_accounts_completes_although_every_first_start_loses_its_answer(self):
        world = self.weather(timestamps="offset", omitsInstancesOfCompletedJobs=True)
        world.fault("THROTTLE", service="drs", probability=0.3, retryAfterSeconds=1)
        world.fault("ERROR", service="drs", status=500, probability=0.05)
        world.fault("DELAY", service="drs", milliseconds=40, probability=0.3)
        world.fault("DELAY", service="drs", milliseconds=400, probability=0.2)
        world.fault("DELAY", service="drs", milliseconds=1500, probability=0.05)
        world.fault("TRUNCATE", service="drs", probability=0.02)
        stack = self.run_stack(world)
        drill = self.drill(stack)
        shown = drill.check_completed(drill.end(150))
        self.assertEqual(shown["counts"]["total"], 126)
        self.assertEqual(shown["verdict"]["result"], "PASS", shown["verdict"])
        state = stack.simulator_state()
        self.assertEqual(state["faults"].get("drs:StartRecovery", 0) >= 6, True, state["faults"])
        log = drill.job_log()
        ends = collections.Counter(item["event"] for item in log)
        self.assertEqual(ends["LAUNCH_END"], 126, ends)
        self.assertEqual(ends["JOB_END"], 12, ends)
        stack.clear_faults()
        drill.terminate()
        drill.wait_terminated(90)
        self.assertEqual(stack.simulator_state()["instances"], [])

    def test_a_drill_completes_where_times_end_in_Z_and_requests_are_lost_on_their_way(self):
        world = self.weather(timestamps="zulu")
        world.fault("DROP_REQUEST", service="drs", probability=0.1)
        world.fault("DROP_ANSWER", service="drs", probability=0.05)
        world.fault("DROP_ANSWER", service="sts", probability=0.1)
        world.fault("ERROR", service="ec2", status=503, code="RequestLimitExceeded", probability=0.2)
        stack = self.run_stack(world)
        drill = self.drill(stack)
        drill.check_completed(drill.end(150))
        drill.terminate()
        drill.wait_terminated(90)
        self.assertEqual(stack.simulator_state()["instances"], [])
