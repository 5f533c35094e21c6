import Ambient
import JSON
import OrderedCollections
import Simulator
import Testing

@Suite struct `A launch` {
    @Test func `makes one instance, which DRS shows when it is launched and EC2 a little earlier`() throws {
        var sample = try Sample()
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(300))
        #expect(try sample.instances() == [])
        let state = try sample.control("GET", "/simulator/state").body["instances"]?[0]
        #expect(state?["state"] == "running" && state?["isShownByDRS"] == false)
        sample.pass(.seconds(300))
        let instance = try #require(try sample.instances().first)
        #expect(instance["jobID"]?.string == job && instance["isDrill"] == true)
        #expect(instance["ec2InstanceState"] == "RUNNING")
        #expect(
            try sample.log(job).compactMap { $0["eventData"]?["targetInstanceID"] } == [instance["recoveryInstanceID"]]
        )
    }

    @Test func `cleans up the server's earlier drill first`() throws {
        var sample = try Sample()
        _ = try sample.start(sample.servers.prefix(1))
        sample.pass(.seconds(600))
        let old = try sample.instances().compactMap { $0["recoveryInstanceID"]?.string }
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(20))
        #expect(try sample.instances().first?["ec2InstanceState"] == "SHUTTING-DOWN")
        sample.pass(.seconds(20))
        #expect(try sample.instances() == [])
        sample.pass(.seconds(700))
        #expect(try sample.events(job).prefix(4) == ["JOB_START", "CLEANUP_START", "CLEANUP_END", "SNAPSHOT_START"])
        let new = try sample.instances().compactMap { $0["recoveryInstanceID"]?.string }
        #expect(new.count == 1 && new != old)
    }

    @Test func `fails a server at a time, as the world plans it, while the job completes`() throws {
        var sample = try Sample(servers: 4)
        let endings = ["SNAPSHOT_FAIL", "CONVERSION_FAIL", "LAUNCH_FAILED"]
        for (server, ending) in zip(sample.servers, endings) {
            let body = "{\"failure\": {\"ending\": \"\(ending)\", \"launches\": 1, \"message\": \"no\"}}"
            #expect(try sample.control("POST", "/simulator/servers/\(server)", body).status == 200)
        }
        let job = try sample.start(sample.servers).job
        sample.pass(.seconds(1))
        #expect(try sample.statuses(job) == ["FAILED", "PENDING", "PENDING", "PENDING"])
        sample.pass(.seconds(700))
        #expect(try sample.statuses(job) == ["FAILED", "FAILED", "FAILED", "LAUNCHED"])
        #expect(try sample.job(job)["status"] == "COMPLETED")
        let failures = try sample.log(job).filter { $0["eventData"]?["rawError"] == "no" }
        #expect(Set(failures.compactMap { $0["event"]?.string }) == Set(endings))
        #expect(try sample.instances().count == 1)
        let again = try sample.start(sample.servers).job
        sample.pass(.seconds(800))
        #expect(try sample.statuses(again) == ["LAUNCHED", "LAUNCHED", "LAUNCHED", "LAUNCHED"])
    }

    @Test func `of a replica that does not follow its source waits, then uses the previous snapshot`() throws {
        var sample = try Sample()
        let stalled = "{\"replication\": \"STALLED\", \"behindForSeconds\": 7200}"
        #expect(try sample.control("POST", "/simulator/servers/\(sample.servers[0])", stalled).status == 200)
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(599))
        #expect(try sample.events(job) == ["JOB_START", "SNAPSHOT_START"])
        sample.pass(.seconds(601))
        #expect(try sample.events(job).contains("USING_PREVIOUS_SNAPSHOT"))
        let point = try sample.instances().first?["pointInTimeSnapshotDateTime"]?.string.flatMap(Instant.init)
        #expect(try #require(point) <= Sample.beginning - .seconds(7200))
    }

    @Test func `from a pinned recovery point does not wait`() throws {
        var sample = try Sample()
        _ = try sample.control("POST", "/simulator/servers/\(sample.servers[0])", "{\"replication\": \"STALLED\"}")
        let points = try sample.drs(
            "DescribeRecoverySnapshots",
            .object(["sourceServerID": .string(sample.servers[0])])
        )
        let pinned = try #require(points.items.first?["snapshotID"])
        let entry = JSON.object(["sourceServerID": .string(sample.servers[0]), "recoverySnapshotID": pinned])
        let job = try sample.drs("StartRecovery", .object(["sourceServers": [entry]])).job
        sample.pass(.seconds(700))
        #expect(try sample.events(job).contains("SNAPSHOT_END"))
        let point = try sample.instances().first?["pointInTimeSnapshotDateTime"]
        #expect(point == points.items.first?["expectedTimestamp"])
    }

    @Test func `with a STOPPED disposition is LAUNCHED with an instance that is stopped`() throws {
        var sample = try Sample()
        let input: JSON = .object(["sourceServerID": .string(sample.servers[0]), "launchDisposition": "STOPPED"])
        #expect(try sample.drs("UpdateLaunchConfiguration", input).status == 200)
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(600))
        #expect(try sample.statuses(job) == ["LAUNCHED"])
        #expect(try sample.instances().first?["ec2InstanceState"] == "STOPPED")
    }

    @Test(arguments: ["INITIATING", "INITIAL_SYNC", "STOPPED", "DISCONNECTED"])
    func `is refused, with all the others asked for, for a server without a recovery point`(state: String) throws {
        var sample = try Sample()
        _ = try sample.control("POST", "/simulator/servers/\(sample.servers[1])", "{\"replication\": \"\(state)\"}")
        #expect(try sample.start(sample.servers).code == "ValidationException")
        #expect(try sample.drs("DescribeJobs").items == [])
    }
}

@Suite struct `A termination` {
    @Test func `is a job after which DRS knows the instances no more`() throws {
        var sample = try Sample()
        _ = try sample.start(sample.servers)
        sample.pass(.seconds(600))
        let ids = JSON.array(try sample.instances().compactMap { $0["recoveryInstanceID"] })
        let job = try sample.drs("TerminateRecoveryInstances", .object(["recoveryInstanceIDs": ids])).job
        #expect(try sample.start(sample.servers.prefix(1)).code == "ConflictException")
        #expect(try sample.drs("TerminateRecoveryInstances", .object(["recoveryInstanceIDs": ids])).status == 409)
        sample.pass(.seconds(30))
        #expect(try sample.instances().allSatisfy { $0["ec2InstanceState"] == "SHUTTING-DOWN" })
        sample.pass(.seconds(60))
        #expect(try sample.instances() == [])
        #expect(Set(try sample.statuses(job)) == ["TERMINATED"])
        #expect(try sample.job(job)["status"] == "COMPLETED")
        #expect(try sample.drs("TerminateRecoveryInstances", .object(["recoveryInstanceIDs": ids])).status == 404)
    }

    @Test func `that EC2 does alone leaves a recovery instance that DRS shows as terminated`() throws {
        var sample = try Sample()
        _ = try sample.start(sample.servers.prefix(1))
        sample.pass(.seconds(600))
        let id = try #require(try sample.instances().first?["recoveryInstanceID"]?.string)
        var call = Call(
            .ec2,
            "TerminateInstances",
            at: Sample.place,
            by: .anybody(in: Sample.place.account),
            now: sample.now
        )
        call.form = Form(["InstanceId.1": id])
        #expect(sample.world.serve(call).status == 200)
        sample.pass(.seconds(31))
        #expect(try sample.instances().first?["ec2InstanceState"] == "TERMINATED")
        let input: JSON = .object(["recoveryInstanceIDs": [.string(id)]])
        #expect(try sample.drs("TerminateRecoveryInstances", input).status == 200)
        sample.pass(.seconds(100))
        #expect(try sample.instances() == [])
    }
}
