import Ambient
import JSON
import OrderedCollections
import Simulator
import Testing

/// What must hold of a world whatever is done to it.
@Suite struct `A world` {
    /// Does something at random, and answers what came of it.
    private static func step(_ sample: inout Sample, by chance: some Chance) throws -> String {
        func draw(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }
        switch draw(8) {
        case 0, 1, 2:
            let count = 1 + draw(4)
            let servers = Set((0..<count).map { _ in sample.servers[draw(sample.servers.count)] }).sorted()
            let answer = try sample.start(servers, isDrill: draw(2) == 0)
            return "start \(answer.status) \(answer.job)"
        case 3:
            let all = try sample.instances().compactMap { $0["recoveryInstanceID"] }
            guard !all.isEmpty else { return "nothing to terminate" }
            let input = JSON.object(["recoveryInstanceIDs": .array(Array(all.prefix(1 + draw(3))))])
            let answer = try sample.drs("TerminateRecoveryInstances", input)
            return "terminate \(answer.status) \(answer.job)"
        case 4:
            let endings = ["SNAPSHOT_FAIL", "CONVERSION_FAIL", "LAUNCH_FAILED"]
            let body = "{\"failure\": {\"ending\": \"\(endings[draw(3)])\", \"launches\": 1}}"
            let server = sample.servers[draw(sample.servers.count)]
            return "fail \(try sample.control("POST", "/simulator/servers/\(server)", body).status)"
        case 5:
            let scale = [1, 7, 50][draw(3)]
            return "clock \(try sample.control("POST", "/simulator/clock", "{\"scale\": \(scale)}").status)"
        case _:
            sample.pass(.seconds(draw(200)))
            return "wait"
        }
    }

    /// Every job there is, newest first.
    private static func jobs(_ sample: inout Sample) throws -> [JSON] {
        var (jobs, token): ([JSON], JSON?) = ([], nil)
        repeat {
            var input: OrderedDictionary<String, JSON> = ["maxResults": 7]
            if let token { input["nextToken"] = token }
            let page = try sample.drs("DescribeJobs", .object(input))
            jobs += page.items
            token = page.body["nextToken"]
        } while token != nil
        return jobs
    }

    private static func servers(of job: JSON) -> [String] {
        job["participatingServers"]?.array?.compactMap { $0["sourceServerID"]?.string } ?? []
    }

    @Test(arguments: 0..<20)
    func `safety: quotas hold, a server is in one job and shows one instance, what has settled stays`(
        seed: UInt64
    ) throws {
        var sample = try Sample(
            servers: 12,
            region: ", quotas: {concurrentJobs: 3, serversInAllJobs: 7, serversPerJob: 3}"
        )
        let chance = SeededChance(seed: seed)
        var settled: [String: String] = [:]
        for number in 0..<80 {
            let did = try Self.step(&sample, by: chance)
            let jobs = try Self.jobs(&sample)
            let running = jobs.filter { $0["status"] != "COMPLETED" }
            let busy = running.flatMap(Self.servers)
            try #require(running.count <= 3 && busy.count <= 7, "seed \(seed) step \(number): \(did)")
            try #require(Set(busy).count == busy.count, "seed \(seed) step \(number): \(did)")
            let owners = try sample.instances().compactMap { $0["sourceServerID"]?.string }
            try #require(Set(owners).count == owners.count, "seed \(seed) step \(number): \(did)")
            for job in jobs {
                for server in job["participatingServers"]?.array ?? [] {
                    let key = "\(job["jobID"]?.string ?? "")/\(server["sourceServerID"]?.string ?? "")"
                    let status = server["launchStatus"]?.string ?? ""
                    if let before = settled[key] {
                        try #require(before == status, "seed \(seed) step \(number): \(key)")
                    }
                    if status != "PENDING" && status != "IN_PROGRESS" { settled[key] = status }
                }
            }
        }
    }

    @Test(arguments: 0..<20)
    func `liveness: left alone, every job completes, every server is free and every launch has its instance`(
        seed: UInt64
    ) throws {
        var sample = try Sample(servers: 6)
        let chance = SeededChance(seed: seed)
        for _ in 0..<60 { _ = try Self.step(&sample, by: chance) }
        sample.pass(.seconds(2000))
        #expect(try Self.jobs(&sample).allSatisfy { $0["status"] == "COMPLETED" })
        let last = try sample.start(sample.servers).job
        sample.pass(.seconds(2000))
        let launched = try sample.statuses(last).filter { $0 == "LAUNCHED" }
        #expect(try sample.instances().filter { $0["jobID"]?.string == last }.count == launched.count)
    }

    @Test func `answers the same to the same calls when its seed is the same`() throws {
        func transcript() throws -> [String] {
            var sample = try Sample(servers: 8, settings: "clockScale: 20")
            let chance = SeededChance(seed: 99)
            return try (0..<150).map { _ in try Self.step(&sample, by: chance) + (try Self.jobs(&sample).description) }
        }
        #expect(try transcript() == transcript())
    }

    @Test func `looks at a page of jobs only, however many there were`() throws {
        var sample = try Sample(servers: 20)
        for _ in 0..<150 {
            for server in sample.servers { _ = try sample.start([server]) }
            sample.pass(.seconds(700))
        }
        let page = try sample.drs("DescribeJobs", .object(["maxResults": 20]))
        #expect(page.items.count == 20)
        #expect(sample.world.ledger.starts.count == 3000)
        #expect(sample.world.estates[Sample.place]?.instances.count ?? 0 < 200)
    }
}
