"""Quotas are planned, not hit: more servers than DRS takes at once, and others in the same account."""
from harness import Scenario, World, eventually

ACCOUNT, REGION = "111122223333", "us-east-1"


class Quota(Scenario):
    def test_620_servers_with_17_foreign_jobs_running_all_launch_and_no_quota_is_ever_exceeded(self):
        world = World(clock=300, timeline={"snapshotWait": 100_000})
        world.account(ACCOUNT, {REGION: [
            {"hostname": "server", "count": 620},
            # Replicas that do not follow: their jobs wait for a snapshot longer than this scenario takes.
            {"hostname": "foreign", "count": 17, "replication": "PAUSED"},
        ]}, quotas={"replicatingServers": 1000})
        stack = self.run_stack(world)
        api = stack.api
        servers = api.servers()
        foreign = [server["sourceServerId"] for server in servers if server["hostname"].startswith("foreign")]
        for server in foreign:
            stack.control("POST", "jobs", {"accountId": ACCOUNT, "region": REGION, "sourceServerIds": [server]})
        api.post("/drs/source-servers/refresh", {"accountId": ACCOUNT, "region": REGION}, status=202)

        def jobs_in_use():
            return "17" in str(api.get(f"/drs/quotas?accountId={ACCOUNT}&region={REGION}"))
        eventually("the hub sees the 17 foreign jobs", jobs_in_use, 30)
        ours = [server["sourceServerId"] for server in servers if server["hostname"].startswith("server")]
        self.assertEqual(len(ours), 620)
        group = api.group("all", ACCOUNT, REGION, ours)
        drill = api.start(api.plan("large", [[group]]))
        waited = drill.wait("a wave waits for quota", lambda e: (e["waves"][0]["waitingFor"] or {}).get("kind") == "QUOTA", 30)
        self.assertEqual(waited["waves"][0]["waitingFor"]["kind"], "QUOTA")
        shown = drill.check_completed(drill.end(120))
        self.assertEqual(shown["counts"]["launched"], 620)
        self.assertEqual(len(drill.starts()), 7)
        peak = stack.quotas_kept()
        jobs, in_jobs = peak[ACCOUNT, REGION]
        self.assertEqual(jobs, 20, "what is free is used")
        self.assertEqual(stack.simulator_state()["refusals"].get("drs:StartRecovery ServiceQuotaExceededException", 0), 0,
                         "no start was refused for quota")
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
