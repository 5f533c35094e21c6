import Ambient
import JSON
import OrderedCollections
import Simulator
import Testing

@Suite struct `A job` {
    @Test func `goes from PENDING to STARTED to COMPLETED as time passes, and its servers with it`() throws {
        var sample = try Sample()
        let job = try sample.start(sample.servers.prefix(2)).job
        var seen: [String] = []
        for second in [0.0, 0.5, 200, 300, 533, 540] {
            sample.now = Sample.beginning + .seconds(second)
            let status = try sample.job(job)["status"]?.string ?? "?"
            seen.append("\(status) \(try sample.statuses(job).joined(separator: " "))")
        }
        #expect(
            seen == [
                "PENDING PENDING PENDING", "STARTED PENDING PENDING", "STARTED PENDING PENDING",
                "STARTED IN_PROGRESS IN_PROGRESS", "STARTED LAUNCHED LAUNCHED", "COMPLETED LAUNCHED LAUNCHED",
            ]
        )
    }

    @Test func `has the log that live drills had, to the second`() throws {
        var sample = try Sample()
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(600))
        let lines = try sample.log(job).map { item in
            let at = try #require(Instant(item["logDateTime"]?.string ?? ""))
            return "\(item["event"]?.string ?? "?") \((at - Sample.beginning).milliseconds)"
        }
        #expect(
            lines == [
                "JOB_START 300", "SNAPSHOT_START 700", "SNAPSHOT_END 900", "CONVERSION_START 52000",
                "CONVERSION_END 240000", "LAUNCH_START 241000", "LAUNCH_END 533000", "JOB_END 537000",
            ]
        )
        #expect(try sample.job(job)["endDateTime"]?.string.flatMap(Instant.init) == Sample.beginning + .seconds(537))
    }

    @Test func `shows no line of its log before its time`() throws {
        var sample = try Sample()
        let job = try sample.start(sample.servers.prefix(1)).job
        #expect(try sample.events(job) == [])
        sample.pass(.seconds(60))
        #expect(try sample.events(job).last == "CONVERSION_START")
    }

    @Test func `runs faster under a faster clock, and its times stay the wall clock's`() throws {
        var sample = try Sample(settings: "clockScale: 20, timeline: {jitter: 0}")
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.milliseconds(26_849))
        #expect(try sample.job(job)["status"] == "STARTED")
        sample.pass(.milliseconds(1))
        #expect(try sample.job(job)["status"] == "COMPLETED")
        let end = try #require(try sample.job(job)["endDateTime"]?.string.flatMap(Instant.init))
        #expect(end == Sample.beginning + .milliseconds(26_850))
    }

    @Test func `keeps the times it has shown when the clock's speed changes`() throws {
        var sample = try Sample()
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(100))
        let before = try sample.log(job)
        #expect(try sample.control("POST", "/simulator/clock", "{\"scale\": 437}").status == 200)
        sample.pass(.seconds(1))
        #expect(try sample.job(job)["status"] == "COMPLETED")
        #expect(Array(try sample.log(job).prefix(before.count)) == before)
        #expect(try sample.job(job)["endDateTime"]?.string.flatMap(Instant.init) == sample.now)
    }

    @Test func `may name no instance once it is completed`() throws {
        var sample = try Sample(settings: "omitsInstancesOfCompletedJobs: true")
        let job = try sample.start(sample.servers.prefix(1)).job
        sample.pass(.seconds(700))
        #expect(try sample.job(job)["participatingServers"]?[0]?["recoveryInstanceID"] == nil)
        #expect(try sample.instances().first?["jobID"]?.string == job)
    }

    @Test func `writes its times as real DRS does, or as the model says`() throws {
        var real = try Sample()
        var model = try Sample(settings: "timestamps: zulu")
        let first = try real.start(real.servers).body["job"]?["creationDateTime"]?.string ?? ""
        let second = try model.start(model.servers).body["job"]?["creationDateTime"]?.string ?? ""
        #expect(first.hasSuffix("+00:00") && first.utf8.count == 32)
        #expect(second.hasSuffix("Z") && second.utf8.count == 24)
        #expect(Instant(first) == Instant(second))
    }
}

@Suite struct `A list of jobs` {
    @Test func `comes newest first, in pages that new jobs do not shift`() throws {
        var sample = try Sample(servers: 5)
        var jobs: [String] = []
        for server in sample.servers.prefix(4) {
            jobs.append(try sample.start([server]).job)
            sample.pass(.seconds(1))
        }
        let first = try sample.drs("DescribeJobs", .object(["maxResults": 3]))
        _ = try sample.start(sample.servers.suffix(1))
        let token = try #require(first.body["nextToken"])
        let second = try sample.drs("DescribeJobs", .object(["maxResults": 3, "nextToken": token]))
        let seen = (first.items + second.items).compactMap { $0["jobID"]?.string }
        #expect(seen == jobs.reversed())
        #expect(second.body["nextToken"] == nil)
    }

    @Test func `refuses a token that another list gave`() throws {
        var sample = try Sample()
        let servers = try sample.drs("DescribeSourceServers", .object(["maxResults": 1]))
        let token = try #require(servers.body["nextToken"])
        #expect(try sample.drs("DescribeJobs", .object(["nextToken": token])).code == "ValidationException")
    }

    @Test func `keeps to the times asked for`() throws {
        var sample = try Sample()
        var jobs: [String] = []
        for server in sample.servers.prefix(3) {
            jobs.append(try sample.start([server]).job)
            sample.pass(.seconds(10))
        }
        func listed(_ from: Duration?, _ to: Duration?) throws -> [String] {
            var filters: OrderedDictionary<String, JSON> = [:]
            if let from { filters["fromDate"] = .string((Sample.beginning + from).description) }
            if let to { filters["toDate"] = .string((Sample.beginning + to).description) }
            let answer = try sample.drs("DescribeJobs", .object(["filters": .object(filters)]))
            return answer.items.compactMap { $0["jobID"]?.string }
        }
        #expect(try listed(.seconds(10), nil) == [jobs[2], jobs[1]])
        #expect(try listed(nil, .seconds(10)) == [jobs[1], jobs[0]])
        #expect(try listed(.seconds(1), .seconds(19)) == [jobs[1]])
        #expect(try listed(.seconds(30), nil) == [])
    }

    @Test func `forgets a deleted job, which must have ended`() throws {
        var sample = try Sample()
        let job = try sample.start(sample.servers).job
        #expect(try sample.drs("DeleteJob", .object(["jobID": .string(job)])).status == 409)
        sample.pass(.seconds(700))
        #expect(try sample.drs("DeleteJob", .object(["jobID": .string(job)])).status == 204)
        #expect(try sample.drs("DescribeJobs").items == [])
        #expect(try sample.start(sample.servers).status == 202)
    }
}
