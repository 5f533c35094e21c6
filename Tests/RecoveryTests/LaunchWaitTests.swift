internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `What a launch waits for` {
    private func job(
        _ execution: Int,
        _ servers: Int,
        recovery: Bool = false,
        _ name: String = ""
    ) -> Admission.Candidate {
        .init(key: "\(execution)\(name)", executionId: .sample(execution), isRecovery: recovery, serverCount: servers)
    }

    private func texts(_ admission: Admission, _ queue: [Admission.Candidate]) -> [String: String] {
        admission.decision(on: queue).waits.mapValues(\.text)
    }

    @Test func `is said in figures: who has the jobs`() {
        let others = Admission(quotas: Quotas(), jobsInUse: 17, serversInUse: 17)
        let queue = (0..<4).map { job(1, 1, " \($0)") }
        #expect(texts(others, queue) == ["1 3": "queued: 17 of 20 jobs in use by others, 3 by this execution"])
        let full = Admission(quotas: Quotas(concurrentJobs: 17), jobsInUse: 17, serversInUse: 17)
        #expect(texts(full, [job(1, 1)]) == ["1": "queued: 17 of 17 jobs in use by others"])
        let own = Admission(
            quotas: Quotas(concurrentJobs: 2),
            jobsInUse: 2,
            serversInUse: 2,
            serversByExecution: [.sample(1): 2],
            jobsByExecution: [.sample(1): 2]
        )
        #expect(texts(own, [job(1, 1)]) == ["1": "queued: 2 of 2 jobs in use by this execution"])
        #expect(own.decision(on: [job(2, 1)]).waits["2"]?.use == .init(limit: 2, byOthers: 2, byThis: 0, needed: 1))
    }

    @Test func `is said in figures: who has the servers, and who goes first`() {
        let admission = Admission(quotas: Quotas(), jobsInUse: 5, serversInUse: 450)
        let waits = admission.decision(on: [job(1, 60), job(2, 10, " later")]).waits
        #expect(waits["1"]?.text == "queued: 450 of 500 servers in use by others; this job needs 60")
        #expect(waits["2 later"]?.code == LaunchWait.Reason.othersFirst.rawValue)
        let behind = admission.decision(on: [job(1, 10), job(2, 60, recovery: true)]).waits
        #expect(behind["1"]?.code == LaunchWait.Reason.recoveryFirst.rawValue)
        #expect(behind.values.allSatisfy { $0.kind == .quota })
    }

    @Test(arguments: Seed.some) func `is known of everyone who does not go`(_ seed: Seed) {
        var random = SeededGenerator(seed)
        for _ in 0..<50 {
            let queue = (0..<random.number(0...40)).map { number in
                job(random.number(1...4), random.number(1...100), recovery: random.happens(0.3), " \(number)")
            }
            let admission = Admission(
                quotas: Quotas(concurrentJobs: random.number(1...20), serversInAllJobs: random.number(100...500)),
                jobsInUse: random.number(0...22),
                serversInUse: random.number(0...500)
            )
            let decision = admission.decision(on: queue)
            #expect(decision.admitted == admission.admitted(from: queue), "\(seed)")
            #expect(Set(decision.waits.keys).union(decision.admitted.map(\.key)) == Set(queue.map(\.key)), "\(seed)")
            #expect(decision.waits.count + decision.admitted.count == queue.count, "\(seed)")
            for use in decision.waits.values.compactMap(\.use) {
                #expect(use.byOthers >= 0 && use.byThis >= 0, "\(seed)")
                #expect(use.byOthers + use.byThis + use.needed > use.limit, "\(seed): a quota with room is no reason")
            }
        }
    }

    @Test func `stands in the journal when it begins and when it is over, not at every look`() {
        var run = Rehearsal(.sample(waves: [1]))
        let key = run.launches[0]
        let full = LaunchWait(.quota, code: "CONCURRENT_JOBS", text: "queued: 20 of 20 jobs in use by others")
        for used in 18...20 {
            run.receive(.launchWaits(key, LaunchWait(.quota, code: "CONCURRENT_JOBS", text: "\(used)")))
        }
        run.receive(.launchWaits(key, full))
        run.receive(.launchDeferred(key, code: "ServiceQuotaExceededException", text: "20 jobs run"))
        run.receive(.launchDeferred(key, code: "ConflictException", text: "busy"))
        run.receive(.launchDeferred(key, code: "ConflictException", text: "busy"))
        run.wait(.seconds(100))
        run.accept(0)
        run.receive(.launchWaits(key, full))
        let told = run.history.journal.filter { [.jobWaiting, .jobDeferred, .jobWaitOver].contains($0.kind) }
        #expect(told.map(\.kind) == [.jobWaiting, .jobDeferred, .jobWaitOver])
        #expect(told.map(\.label) == ["CONCURRENT_JOBS", "ConflictException", "CONFLICT"])
        #expect(told.last?.text == "It waited 107 s.")
        #expect(run.execution.jobs[key]?.wait == nil)
    }
}

/// Capacity comes and goes; whoever waits gets its turn.
@Suite struct `Among executions of equal rank` {
    /// Executions with their jobs' sizes; each round as many servers end as they like, and who is admitted goes.
    private struct Course {
        var quotas: Quotas
        var queue: [Admission.Candidate]
        var running: [(job: Admission.Candidate, left: Int)] = []
        /// Rounds until each execution's last job was admitted.
        var lastAdmitted: [Execution.ID: Int] = [:]

        mutating func step(_ round: Int, _ random: inout SeededGenerator) {
            for index in running.indices { running[index].left -= 1 }
            running.removeAll { $0.left <= 0 }
            let admission = Admission(
                quotas: quotas,
                jobsInUse: running.count,
                serversInUse: running.reduce(0) { $0 + $1.job.serverCount },
                serversByExecution: running.reduce(into: [:]) {
                    $0[$1.job.executionId, default: 0] += $1.job.serverCount
                }
            )
            let admitted = admission.admitted(from: queue)
            for job in admitted {
                running.append((job, random.number(1...5)))
                lastAdmitted[job.executionId] = round
            }
            queue.removeAll { admitted.contains($0) }
        }
    }

    private func candidate(_ execution: Int, _ number: Int, _ servers: Int) -> Admission.Candidate {
        .init(key: "\(execution) \(number)", executionId: .sample(execution), isRecovery: false, serverCount: servers)
    }

    @Test(arguments: Seed.some) func `a small one never waits for a large one's end`(_ seed: Seed) {
        var random = SeededGenerator(seed)
        let large = (0..<random.number(30...60)).map { candidate(1, $0, 100) }
        let small = (0..<random.number(1...3)).map { candidate(2, $0, random.number(1...20)) }
        var course = Course(quotas: Quotas(concurrentJobs: random.number(2...20)), queue: large + small)
        var round = 0
        while !course.queue.isEmpty, round < 1000 {
            course.step(round, &random)
            round += 1
        }
        #expect(course.queue.isEmpty, "\(seed): somebody starves")
        // A job runs five rounds at most, and with nothing of its own running the small one is next.
        let bound = 6 * small.count
        #expect(course.lastAdmitted[.sample(2)] ?? .max <= bound, "\(seed): \(course.lastAdmitted)")
        #expect(course.lastAdmitted[.sample(1)] ?? 0 >= course.lastAdmitted[.sample(2)] ?? .max, "\(seed)")
    }

    @Test(arguments: Seed.some) func `whoever comes gets its turn before whoever comes after`(_ seed: Seed) {
        var random = SeededGenerator(seed)
        var course = Course(quotas: Quotas(concurrentJobs: random.number(1...6)), queue: [])
        var arrived: [Admission.Candidate] = []
        // Newcomers without end, each as entitled as the first.
        for round in 0..<200 {
            if round == 0 || random.happens(0.5) {
                arrived.append(candidate(round, 0, random.number(1...100)))
                course.queue.append(arrived[arrived.count - 1])
            }
            course.step(round, &random)
            let gone = arrived.prefix { course.lastAdmitted[$0.executionId] != nil }
            #expect(course.queue == Array(arrived.dropFirst(gone.count)), "\(seed): somebody went out of turn")
        }
        #expect(course.lastAdmitted.count > 30, "\(seed)")
    }
}
