internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `The split of a wave into jobs` {
    private func sizes(_ servers: Int, perJob: [String: Int] = [:]) -> [Int] {
        FrozenPlan.sample(waves: [servers]).waves[0].batches(serversPerJob: perJob).map(\.servers.count)
    }

    @Test func `makes the least number of jobs`() {
        #expect(sizes(0) == [])
        #expect(sizes(1) == [1])
        #expect(sizes(100) == [100])
        #expect(sizes(101) == [100, 1])
        #expect(sizes(250) == [100, 100, 50])
    }

    @Test func `takes another number where the account has one`() {
        #expect(sizes(5, perJob: ["111122223333/eu-west-1": 2]) == [2, 2, 1])
        #expect(sizes(5, perJob: ["111122223333/us-east-1": 2]) == [5])
        #expect(sizes(2, perJob: ["111122223333/eu-west-1": 0]) == [1, 1])
    }

    @Test func `goes by account and Region first`() {
        let plan = FrozenPlan.sample(waves: [5]) { plan in
            for index in [1, 3] { plan.waves[0].servers[index].place = .sample(1) }
        }
        let batches = plan.waves[0].batches(serversPerJob: [:])
        #expect(batches.map(\.place) == [.sample(0), .sample(1)])
        #expect(batches.map(\.servers) == [[1, 3, 5].map { .sample($0) }, [2, 4].map { .sample($0) }])
    }

    @Test(arguments: Seed.some) func `has every server once, within the limit, in the least number`(_ seed: Seed) {
        var random = SeededGenerator(seed)
        let plan = FrozenPlan.sample(waves: [random.number(0...300)]) { plan in
            for index in plan.waves[0].servers.indices {
                plan.waves[0].servers[index].place = .sample(random.number(0...3))
            }
        }
        let size = random.number(1...120)
        let limits = Dictionary(uniqueKeysWithValues: (0...3).map { (Place.sample($0).description, size) })
        let batches = plan.waves[0].batches(serversPerJob: limits)
        #expect(batches.flatMap(\.servers).sorted() == plan.servers.map(\.sourceServerId).sorted(), "\(seed)")
        #expect(batches.allSatisfy { (1...size).contains($0.servers.count) }, "\(seed)")
        for (place, servers) in Dictionary(grouping: plan.servers, by: \.place) {
            let jobs = batches.filter { $0.place == place }
            #expect(jobs.count == (servers.count + size - 1) / size, "\(seed)")
            #expect(jobs.map(\.ordinal) == Array(jobs.indices), "\(seed)")
        }
    }
}

@Suite struct `The admission of jobs` {
    private func job(
        _ execution: Int,
        _ servers: Int,
        recovery: Bool = false,
        _ name: String = ""
    ) -> Admission.Candidate {
        .init(
            key: "\(execution)\(name)",
            executionId: .sample(execution),
            isRecovery: recovery,
            serverCount: servers
        )
    }

    private func keys(_ admission: Admission, _ queue: [Admission.Candidate]) -> [String] {
        admission.admitted(from: queue).map(\.key)
    }

    @Test func `takes the oldest first, as many as DRS allows`() {
        let admission = Admission(quotas: Quotas(concurrentJobs: 3), jobsInUse: 1, serversInUse: 10)
        #expect(keys(admission, [job(1, 1), job(2, 1), job(3, 1)]) == ["1", "2"])
    }

    @Test func `counts the servers of jobs that nobody here started`() {
        let admission = Admission(quotas: Quotas(), jobsInUse: 4, serversInUse: 350)
        #expect(keys(admission, [job(1, 100), job(2, 51), job(3, 1)]) == ["1"])
        #expect(keys(Admission(quotas: Quotas(), jobsInUse: 20, serversInUse: 20), [job(1, 1)]) == [])
    }

    @Test func `lets a recovery go before every drill`() {
        let admission = Admission(quotas: Quotas(concurrentJobs: 2), jobsInUse: 0, serversInUse: 0)
        let queue = [job(1, 1), job(2, 1, recovery: true), job(3, 1, recovery: true)]
        #expect(keys(admission, queue) == ["2", "3"])
    }

    @Test func `lets no drill take the room that a recovery waits for`() {
        let admission = Admission(quotas: Quotas(), jobsInUse: 1, serversInUse: 450)
        #expect(keys(admission, [job(1, 10), job(2, 100, recovery: true)]) == [])
    }

    @Test func `does not let a large execution starve a small one`() {
        let admission = Admission(quotas: Quotas(), jobsInUse: 0, serversInUse: 0)
        let large = (0..<50).map { job(1, 100, " job \($0)") }
        let admitted = keys(admission, large + [job(2, 3)])
        #expect(admitted.prefix(2) == ["1 job 0", "2"])
        #expect(admitted.count == 5, "500 servers are 4 jobs of 100 and the 3")
    }

    @Test func `looks at what each execution has in jobs already`() {
        let admission = Admission(
            quotas: Quotas(concurrentJobs: 2),
            jobsInUse: 1,
            serversInUse: 100,
            serversByExecution: [.sample(1): 100]
        )
        #expect(keys(admission, [job(1, 1), job(2, 90)]) == ["2"])
    }

    @Test(arguments: Seed.some) func `never exceeds a quota, nor leaves room that the next job fits in`(_ seed: Seed) {
        var random = SeededGenerator(seed)
        for _ in 0..<50 {
            let quotas = Quotas(concurrentJobs: random.number(1...20), serversInAllJobs: random.number(100...500))
            let (jobs, servers) = (random.number(0...22), random.number(0...500))
            let queue = (0..<random.number(0...40)).map { number in
                job(random.number(1...4), random.number(1...100), recovery: random.happens(0.3), " \(number)")
            }
            let admission = Admission(quotas: quotas, jobsInUse: jobs, serversInUse: servers)
            let admitted = admission.admitted(from: queue)
            let (jobsAfter, serversAfter) = (
                jobs + admitted.count, servers + admitted.reduce(0) { $0 + $1.serverCount }
            )
            #expect(admitted.isEmpty || jobsAfter <= quotas.concurrentJobs, "\(seed)")
            #expect(admitted.isEmpty || serversAfter <= quotas.serversInAllJobs, "\(seed)")
            #expect(Set(admitted).count == admitted.count && Set(admitted).isSubset(of: queue), "\(seed)")
            let rest = queue.filter { !admitted.contains($0) }
            let hasRoom = jobsAfter < quotas.concurrentJobs && serversAfter + 100 <= quotas.serversInAllJobs
            #expect(rest.isEmpty || !hasRoom, "\(seed)")
            let drills = admitted.contains { !$0.isRecovery }
            #expect(!drills || !rest.contains(where: \.isRecovery), "\(seed)")
        }
    }
}
