import Ambient
import JSON
import OrderedCollections
import Simulator
import Testing

@Suite struct `A quota` {
    @Test func `of 100 servers a job is below the 200 that the request's shape allows`() throws {
        var sample = try Sample(servers: 201)
        #expect(try sample.start(sample.servers).code == "ValidationException")
        let refused = try sample.start(sample.servers.prefix(101))
        #expect(refused.status == 402 && refused.body["quotaCode"] == "L-B827C881")
        #expect(try sample.start(sample.servers.prefix(100)).status == 202)
    }

    @Test func `of 20 jobs at once is free again when one ends`() throws {
        var sample = try Sample(servers: 21)
        for server in sample.servers.prefix(20) {
            #expect(try sample.start([server]).status == 202)
            sample.pass(.seconds(1))
        }
        let refused = try sample.start(sample.servers.suffix(1))
        #expect(refused.status == 402 && refused.body["quotaCode"] == "L-D88FAC3A")
        sample.now = Sample.beginning + .seconds(537)
        #expect(try sample.start(sample.servers.suffix(1)).status == 202)
    }

    @Test func `of 500 servers in all jobs counts foreign jobs, too`() throws {
        var sample = try Sample(servers: 520)
        let body = "{\"accountId\": \"111122223333\", \"region\": \"us-east-1\", \"servers\": 100, \"jobs\": 5}"
        #expect(try sample.control("POST", "/simulator/jobs", body).status == 200)
        let refused = try sample.start(sample.servers.suffix(1))
        #expect(refused.status == 402 && refused.body["quotaCode"] == "L-05AFA8C6")
    }

    @Test func `of one job a server is a conflict, in the words of real DRS`() throws {
        var sample = try Sample()
        _ = try sample.start(sample.servers.prefix(2))
        let refused = try sample.start(sample.servers.suffix(3))
        #expect(refused.status == 409 && refused.code == "ConflictException")
        #expect(
            refused.body["message"]
                == "One or more of the Source Servers included in API call are currently being processed by a Job"
        )
        #expect(refused.body["resourceId"]?.string == sample.servers[1])
    }

    @Test func `can be another one in a world`() throws {
        var sample = try Sample(region: ", quotas: {serversPerJob: 1}")
        #expect(try sample.start(sample.servers.prefix(2)).status == 402)
    }
}

@Suite struct `A rate` {
    @Test func `lets a burst through, then throttles until the seconds of Retry-After have passed`() throws {
        var sample = try Sample(settings: "rates: {DescribeJobs: {perSecond: 0.5, burst: 3}}")
        for _ in 0..<3 { #expect(try sample.drs("DescribeJobs").status == 200) }
        let refused = try sample.drs("DescribeJobs")
        #expect(refused.status == 429 && refused.code == "ThrottlingException")
        #expect(refused.headers.first { $0.name == "retry-after" }?.value == "2")
        #expect(try sample.drs("DescribeSourceServers").status == 200)
        sample.pass(.seconds(2))
        #expect(try sample.drs("DescribeJobs").status == 200)
        #expect(sample.world.ledger.throttled == 1)
    }
}

@Suite struct `A fault` {
    @Test func `that drops the answer lets the job run, one that drops the request does not`() throws {
        var sample = try Sample()
        let rules = """
            [{"action": "DROP_ANSWER", "operation": "StartRecovery", "count": 1},
             {"action": "DROP_REQUEST", "operation": "StartRecovery", "count": 1}]
            """
        #expect(try sample.control("POST", "/simulator/faults", rules).status == 200)
        for jobs in [1, 1, 2] {
            var call = Call(
                .drs,
                "StartRecovery",
                at: Sample.place,
                by: .anybody(in: Sample.place.account),
                now: sample.now
            )
            let entry = JSON.object(["sourceServerID": .string(sample.servers[jobs])])
            call.json = .object(["sourceServers": [entry]])
            let reply = sample.world.serve(call)
            #expect(sample.world.ledger.starts.count == jobs)
            #expect((reply.fate == .sent) == (jobs == 2))
        }
    }

    @Test func `hits only the calls it is for, after those it lets through`() throws {
        var sample = try Sample()
        let rule = "{\"action\": \"ERROR\", \"service\": \"drs\", \"region\": \"us-east-1\", \"skip\": 2, \"count\": 1}"
        _ = try sample.control("POST", "/simulator/faults", rule)
        #expect(try (0..<4).map { _ in try sample.drs("DescribeJobs").status } == [200, 200, 500, 200])
    }

    @Test func `with a probability hits about as many calls, the same ones each time`() throws {
        func hits() throws -> [Int] {
            var sample = try Sample(top: "faults: [{action: THROTTLE, probability: 0.25}]")
            return try (0..<400).filter { _ in try sample.drs("DescribeJobs").status == 429 }
        }
        let first = try hits()
        #expect((60...140).contains(first.count))
        #expect(try hits() == first)
    }
}

@Suite struct `An uninitialised Region` {
    @Test func `answers every call but InitializeService with UninitializedAccountException`() throws {
        var sample = try Sample(region: ", initialized: false")
        let server: JSON = .object(["sourceServerID": .string(sample.servers[0])])
        for (operation, input) in [
            ("DescribeSourceServers", JSON.object([:])), ("DescribeJobs", .object([:])),
            ("DescribeRecoveryInstances", .object([:])), ("GetLaunchConfiguration", server),
            ("StartRecovery", .object(["sourceServers": [server]])), ("ListRecoveryPlans", .object([:])),
        ] {
            let refused = try sample.drs(operation, input)
            #expect(refused.status == 400 && refused.code == "UninitializedAccountException", "\(operation)")
        }
        #expect(try sample.drs("InitializeService").status == 204)
        #expect(try sample.drs("DescribeSourceServers").items.count == 4)
    }
}
