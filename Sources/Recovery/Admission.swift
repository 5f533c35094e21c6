/// Which queued jobs may go to DRS now: quotas are planned, not hit.
///
/// One account and Region at a time: what is in use there (also by jobs nobody here started) against its quotas.
package struct Admission: Sendable, Hashable {
    /// A job that waits.
    package struct Candidate: Sendable, Hashable {
        package var key: String
        package var executionId: Execution.ID
        package var isRecovery: Bool
        package var serverCount: Int

        package init(key: String, executionId: Execution.ID, isRecovery: Bool, serverCount: Int) {
            self.key = key
            self.executionId = executionId
            self.isRecovery = isRecovery
            self.serverCount = serverCount
        }
    }

    package var quotas: Quotas
    package var jobsInUse: Int
    package var serversInUse: Int
    /// How many servers each execution has in jobs here already.
    package var serversByExecution: [Execution.ID: Int]
    /// How many jobs each execution has here already.
    package var jobsByExecution: [Execution.ID: Int]

    package init(
        quotas: Quotas,
        jobsInUse: Int,
        serversInUse: Int,
        serversByExecution: [Execution.ID: Int] = [:],
        jobsByExecution: [Execution.ID: Int] = [:]
    ) {
        self.quotas = quotas
        self.jobsInUse = jobsInUse
        self.serversInUse = serversInUse
        self.serversByExecution = serversByExecution
        self.jobsByExecution = jobsByExecution
    }

    /// Who goes now, and what the others wait for.
    package struct Decision: Sendable, Hashable {
        /// In the order in which they go.
        package var admitted: [Candidate] = []
        /// By key.
        package var waits: [String: LaunchWait] = [:]
    }

    /// Picks from the queue, given oldest first.
    ///
    /// RECOVERY goes before DRILL, and while a recovery's job waits for room, no drill takes it. Among equals the
    /// execution with the fewest servers in jobs comes next, so that a large one does not starve a small one.
    package func admitted(from queue: [Candidate]) -> [Candidate] {
        decision(on: queue).admitted
    }

    /// The same, with what everyone else waits for.
    package func decision(on queue: [Candidate]) -> Decision {
        var (ledger, waiting, decision) = (self, queue, Decision())
        var blocker: Candidate?
        while ledger.jobsInUse < quotas.concurrentJobs,
            let next = Self.next(in: waiting, held: ledger.serversByExecution)
        {
            guard ledger.hasRoom(for: waiting[next]) else {
                blocker = waiting[next]
                break
            }
            let candidate = waiting.remove(at: next)
            ledger.take(candidate)
            decision.admitted.append(candidate)
        }
        for candidate in waiting { decision.waits[candidate.key] = ledger.wait(of: candidate, behind: blocker) }
        return decision
    }

    /// A job larger than the quota goes alone: DRS says what it thinks of it.
    private func hasRoom(for candidate: Candidate) -> Bool {
        serversInUse + candidate.serverCount <= quotas.serversInAllJobs || serversInUse == 0
    }

    private mutating func take(_ candidate: Candidate) {
        jobsInUse += 1
        serversInUse += candidate.serverCount
        jobsByExecution[candidate.executionId, default: 0] += 1
        serversByExecution[candidate.executionId, default: 0] += candidate.serverCount
    }

    private func wait(of candidate: Candidate, behind blocker: Candidate?) -> LaunchWait {
        func use(_ limit: Int, _ inUse: Int, _ own: Int?, _ needed: Int) -> LaunchWait.Use {
            let own = min(own ?? 0, inUse)
            return LaunchWait.Use(limit: limit, byOthers: inUse - own, byThis: own, needed: needed)
        }
        let id = candidate.executionId
        guard jobsInUse < quotas.concurrentJobs else {
            return .jobs(use(quotas.concurrentJobs, jobsInUse, jobsByExecution[id], 1))
        }
        guard hasRoom(for: candidate), candidate != blocker else {
            let own = serversByExecution[id]
            return .servers(use(quotas.serversInAllJobs, serversInUse, own, candidate.serverCount))
        }
        return blocker?.isRecovery == true && !candidate.isRecovery ? .recoveryFirst : .othersFirst
    }

    private static func next(in waiting: [Candidate], held: [Execution.ID: Int]) -> Int? {
        waiting.indices.min { left, right in
            let (first, second) = (waiting[left], waiting[right])
            if first.isRecovery != second.isRecovery { return first.isRecovery }
            let (mine, theirs) = (held[first.executionId] ?? 0, held[second.executionId] ?? 0)
            return mine != theirs ? mine < theirs : left < right
        }
    }
}
