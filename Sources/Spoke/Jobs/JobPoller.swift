package import AWS
package import Ambient
package import Contract
package import Logging
internal import Recovery

/// Looks at the launch jobs of one account and Region for all who follow one: a single DescribeJobs for all of them.
package final class JobPoller: Sendable {
    private struct Follow: Sendable {
        var progress: LaunchProgress
        let events: AsyncStream<ProgressEvent>.Continuation
    }

    private struct State: Sendable {
        var next = 0
        var follows: [Int: Follow] = [:]
    }

    private let drs: DRSClient
    private let cadence: Cadence
    private let ambient: Ambient
    private let logger: Logger
    private let state = Watched(State())
    private let reminder = Reminder()

    package init(drs: DRSClient, cadence: Cadence, ambient: Ambient, logger: Logger) {
        self.drs = drs
        self.cadence = cadence
        self.ambient = ambient
        self.logger = logger
    }

    /// Follows a job to its end and hands out what is new of it.
    package func follow(_ jobId: String, _ receive: (ProgressEvent) async throws -> Void) async throws {
        // Unbounded, but a job has 100 servers at most, each told of a few times, and its log.
        let (events, continuation) = AsyncStream<ProgressEvent>.makeStream(bufferingPolicy: .unbounded)
        let progress = LaunchProgress(jobId: jobId, cadence: cadence)
        let number = state.change { state in
            state.next += 1
            state.follows[state.next] = Follow(progress: progress, events: continuation)
            return state.next
        }
        defer { state.change { _ = $0.follows.removeValue(forKey: number) } }
        for await event in events { try await receive(event) }
        try Task.checkCancellation()
    }

    /// Runs until cancelled; rests while nobody follows anything.
    package func run() async throws {
        while true {
            try await state.when { $0.follows.isEmpty ? nil : true }
            do {
                try await look()
                reminder.clear()
            } catch {
                try Task.checkCancellation()
                if reminder.isDue(at: ambient.time.elapsed()) {
                    logger.warning("jobs cannot be looked at, will try again", metadata: ["reason": "\(error)"])
                }
            }
            try await ambient.time.sleep(for: cadence.poll)
        }
    }

    /// One look at all jobs, then at instances and logs where they are due.
    private func look() async throws {
        let ids = Set(state.value.follows.values.map(\.progress.jobId)).sorted()
        let jobs = try await drs.jobs(ids)
        let byId = Dictionary(jobs.map { ($0.jobID, $0) }) { first, _ in first }
        let elapsed = ambient.time.elapsed()
        each { progress in
            guard ids.contains(progress.jobId) else { return }
            if let job = byId[progress.jobId] {
                progress.observe(job, at: elapsed)
            } else {
                progress.missed(at: elapsed)
            }
        }
        let waiting = Set(state.value.follows.values.flatMap(\.progress.serversWithoutInstance))
        if !waiting.isEmpty {
            let instances = try await drs.recoveryInstances(ofServers: waiting.map(\.rawValue).sorted())
            each { $0.observe(instances) }
        }
        tell()
        await readLogs()
        tell()
    }

    private func readLogs() async {
        let elapsed = ambient.time.elapsed()
        let due = Set(state.value.follows.values.filter { $0.progress.isLogDue(at: elapsed) }.map(\.progress.jobId))
        // As many at once as there are jobs: DRS allows 20 in a place, and the client keeps the pace.
        await withDiscardingTaskGroup { group in
            for id in due { group.addTask { [self] in await readLog(of: id) } }
        }
    }

    private func readLog(of id: String) async {
        do {
            let items = try await drs.jobLogItems(of: id)
            let (elapsed, now) = (ambient.time.elapsed(), ambient.now)
            each { if $0.jobId == id { $0.observe(items, at: elapsed, now: now) } }
        } catch {
            guard !Task.isCancelled else { return }
            logger.debug("log not read", metadata: ["job": "\(id)", "reason": "\(error)"])
            let elapsed = ambient.time.elapsed()
            each { if $0.jobId == id { $0.missedLog(at: elapsed) } }
        }
    }

    private func each(_ body: (inout LaunchProgress) -> Void) {
        state.change { state in
            for number in state.follows.keys {
                guard var progress = state.follows[number]?.progress else { continue }
                body(&progress)
                state.follows[number]?.progress = progress
            }
        }
    }

    /// Hands out what is new, and ends the streams of those that are over.
    private func tell() {
        let elapsed = ambient.time.elapsed()
        state.change { state in
            for number in state.follows.keys {
                guard var follow = state.follows[number] else { continue }
                for event in follow.progress.events(at: elapsed) { follow.events.yield(event) }
                if follow.progress.hasEnded { follow.events.finish() }
                state.follows[number] = follow
            }
        }
    }
}
