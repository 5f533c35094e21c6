"""Quotas are planned, not hit: more servers than DRS takes at once, and others in the same account."""
from harness import Scenario, World, chance, eventually, say

ACCOUNT, REGION = "111122223333", "us-east-1"


def large_world(spokes):
    world = World(clock=300, timeline={"snapshotWait": 100_000})
    return world.account(ACCOUNT, {REGION: [
        {"hostname": "server", "count": 620},
        # Replicas that do not follow: their jobs wait for a snapshot longer than this scenario takes.
        {"hostname": "foreign", "count": 17, "replication": "PAUSED"},
    ]}, spokes=spokes, quotas={"replicatingServers": 1000})


class Quota(Scenario):
    def test_620_servers_with_17_foreign_jobs_running_all_launch_and_no_quota_is_ever_exceeded(self):
        stack = self.run_stack(large_world(["east"]))
        drill = self.start_large(stack)
        waited = drill.wait("a wave waits for quota", self.waits_in_figures, 30)
        waiting = waited["waves"][0]["waitingFor"]
        self.assertTrue(waiting["detail"].startswith("queued: 17 of 20 jobs in use by others, 3 by this execution"), waiting)
        self.assertEqual(waiting["use"], {"limit": 20, "usedByOthers": 17, "usedByThis": 3, "needed": 1})
        shown = self.check_large(stack, drill, drill.end(120))
        told = [event["event"] for event in drill.journal() if event["event"].startswith("JOB_WAIT")]
        self.assertEqual((told.count("JOB_WAITING"), told.count("JOB_WAIT_OVER")), (4, 4), "once a job, not once a look")
        self.assertEqual(stack.simulator_state()["refusals"].get("drs:StartRecovery ServiceQuotaExceededException", 0), 0,
                         "no start was refused for quota")
        self.assertEqual(shown["waves"][0]["waitingFor"], None)

    @staticmethod
    def waits_in_figures(shown):
        return ((shown["waves"][0]["waitingFor"] or {}).get("use") or {}).get("usedByThis") == 3

    def start_large(self, stack):
        api = stack.api
        servers = api.servers()
        foreign = [server["sourceServerId"] for server in servers if server["hostname"].startswith("foreign")]
        for server in foreign:
            stack.control("POST", "jobs", {"accountId": ACCOUNT, "region": REGION, "sourceServerIds": [server]})
        api.post("/drs/source-servers/refresh", {"accountId": ACCOUNT, "region": REGION}, status=202)

        def jobs_in_use():
            (quotas,) = api.get(f"/drs/quotas?accountId={ACCOUNT}&region={REGION}")["items"]
            return quotas["concurrentJobs"]["used"] == 17
        eventually("the hub sees the 17 foreign jobs", jobs_in_use, 30)
        ours = [server["sourceServerId"] for server in servers if server["hostname"].startswith("server")]
        self.assertEqual(len(ours), 620)
        return api.start(api.plan("large", [[api.group("all", ACCOUNT, REGION, ours)]]))

    def check_large(self, stack, drill, shown):
        shown = drill.check_completed(shown)
        self.assertEqual(shown["counts"]["launched"], 620)
        self.assertEqual(len(drill.starts()), 7)
        jobs, _ = stack.quotas_kept()[ACCOUNT, REGION]
        self.assertEqual(jobs, 20, "what is free is used")
        return shown

    def test_620_servers_with_17_foreign_jobs_launch_once_each_although_two_hubs_and_two_spokes_are_killed(self):
        stack = self.run_stack(large_world(["east", "west"]), hubs=2, external=True)
        random = chance("the large drill")
        drill = self.start_large(stack)
        victims = [*stack.hubs, *stack.spokes.values()]
        random.shuffle(victims)
        for number, victim in enumerate(victims):
            wanted = random.randrange(number * 120, number * 120 + 100)
            drill.wait(f"{wanted} servers are launched", lambda e: e["counts"]["launched"] >= wanted
                       or e["status"] == "COMPLETED", 120)
            say(f"killing {victim.program.name} after {drill.last['counts']['launched']} launches")
            victim.program.kill()
            victim.start()
        shown = self.check_large(stack, drill, drill.end(180))
        self.assertEqual(shown["waves"][0]["waitingFor"], None)

    def test_foreign_jobs_that_nobody_saw_coming_make_starts_wait_instead_of_fail(self):
        world = World(clock=300, timeline={"snapshotWait": 1_500})
        world.account(ACCOUNT, {REGION: [
            {"hostname": "server", "count": 12}, {"hostname": "foreign", "count": 4, "replication": "PAUSED"},
        ]}, quotas={"concurrentJobs": 4, "serversPerJob": 100, "serversInAllJobs": 500})
        stack = self.run_stack(world)
        api = stack.api
        servers = api.servers()
        ours = [server["sourceServerId"] for server in servers if server["hostname"].startswith("server")]
        foreign = [server["sourceServerId"] for server in servers if server["hostname"].startswith("foreign")]
        group = api.group("all", ACCOUNT, REGION, ours)
        plan = api.plan("surprised", [[group]])
        for server in foreign:
            stack.control("POST", "jobs", {"accountId": ACCOUNT, "region": REGION, "sourceServerIds": [server]})
        drill = api.start(plan)
        waited = drill.wait("the wave says what it waits for",
                            lambda e: (e["waves"][0]["waitingFor"] or {}).get("kind") == "QUOTA", 30)
        self.assertTrue(waited["waves"][0]["waitingFor"]["detail"])
        self.assertIn(waited["status"], ("INITIATED", "RUNNING"))
        drill.check_completed(drill.end(90))
        stack.quotas_kept(jobs=4)
        self.assertLess(stack.refusals("StartRecovery"), 12, "a refused start is not tried again and again at once")
        self.assertTrue(any(event["event"] == "JOB_DEFERRED" for event in drill.journal()))
