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

    package init(
        quotas: Quotas,
        jobsInUse: Int,
        serversInUse: Int,
        serversByExecution: [Execution.ID: Int] = [:]
    ) {
        self.quotas = quotas
        self.jobsInUse = jobsInUse
        self.serversInUse = serversInUse
        self.serversByExecution = serversByExecution
    }

    /// Picks from the queue, given oldest first.
    ///
    /// RECOVERY goes before DRILL, and while a recovery's job waits for room, no drill takes it. Among equals the
    /// execution with the fewest servers in jobs comes next, so that a large one does not starve a small one.
    package func admitted(from queue: [Candidate]) -> [Candidate] {
        var (jobs, servers, held) = (jobsInUse, serversInUse, serversByExecution)
        var waiting = queue
        var admitted: [Candidate] = []
        while jobs < quotas.concurrentJobs, let next = Self.next(in: waiting, held: held) {
            let candidate = waiting.remove(at: next)
            guard servers + candidate.serverCount <= quotas.serversInAllJobs || servers == 0 else { break }
            admitted.append(candidate)
            jobs += 1
            servers += candidate.serverCount
            held[candidate.executionId, default: 0] += candidate.serverCount
        }
        return admitted
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
