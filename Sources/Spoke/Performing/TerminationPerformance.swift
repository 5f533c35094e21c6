internal import AWS
internal import Ambient
internal import Contract
internal import Logging
internal import Recovery

/// Terminates the recovery instances of an execution in one account and Region, until DRS no longer shows them.
///
/// TerminateRecoveryInstances takes no tags, so that nothing is remembered: each look at DRS says what is left, what is
/// under way, and what is gone. Performed twice, or after a spoke died in the middle, it does the same.
struct TerminationPerformance: Sendable {
    let termination: TerminateInstances
    let place: ServedPlace
    let lease: LeaseCheck
    let reporter: Reporter
    let cadence: Cadence
    let time: any TimeSource
    let logger: Logger

    func perform() async throws {
        var progress = TerminationProgress(termination, cadence: cadence)
        let reminder = Reminder()
        while !progress.unsettled.isEmpty {
            do {
                try await look(&progress)
                reminder.clear()
            } catch let failure as AWSFailure where failure.isTransient || failure.isThrottle {
                if reminder.isDue(at: time.elapsed()) {
                    logger.warning("termination is held up", metadata: ["reason": "\(failure)"])
                }
            } catch is LeaseCheck.Lost {
                let message = "the lease may have gone to another spoke, nothing more was sent"
                return try await reporter.report(.startDeferred(.init(.leaseLost, message)))
            }
            for event in progress.events() { try await reporter.report(event) }
            guard !progress.unsettled.isEmpty else { break }
            try await time.sleep(for: cadence.poll)
        }
        try await reporter.report(.done)
    }

    private func look(_ progress: inout TerminationProgress) async throws {
        let servers = progress.unsettled.map(\.rawValue)
        // Jobs first: an instance that goes between the two readings then looks gone, not forgotten.
        let underWay = try await serversUnderTermination()
        let instances = try await place.drs.recoveryInstances(ofServers: servers)
        progress.observe(instances, underWay: underWay, at: time.elapsed())
        for ids in progress.requests(underWay: underWay, at: time.elapsed()) { try await ask(for: ids, &progress) }
    }

    private func ask(for ids: [String], _ progress: inout TerminationProgress) async throws {
        do {
            let job = try await place.drs.terminateRecoveryInstances(ids) { [lease] in try lease.confirm() }
            progress.asked(for: ids, at: time.elapsed())
            logger.info("termination asked for", metadata: ["job": "\(job?.jobID ?? "")", "instances": "\(ids.count)"])
        } catch let failure as AWSFailure {
            logger.info("termination not taken", metadata: ["instances": "\(ids.count)", "reason": "\(failure)"])
            switch failure.kind {
            case .unclear: progress.asked(for: ids, at: time.elapsed())
            case .refused where ids.count > 1 && (failure.isConflict || failure.isNotFound || failure.status == 400):
                // One instance that is busy or gone must not keep the others: they are asked for one by one.
                for id in ids { try await ask(for: [id], &progress) }
            case .refused where failure.isNotFound: break  // Gone already; the next look shows it.
            case .refused, .notSent, .lost, .noCredentials, .noEndpoint:
                progress.refused(ids, failure, at: time.elapsed())
            }
        }
    }

    /// The source servers that TERMINATE jobs work on.
    private func serversUnderTermination() async throws -> Set<String> {
        let since = termination.executionId.moment.map { $0 - LaunchPerformance.slack }
        let jobs = try await place.drs.jobs(since: since)
        let active = jobs.filter { $0.isActive && $0.type == .terminate }
        return Set(active.flatMap { ($0.participatingServers ?? []).compactMap(\.sourceServerID) })
    }
}
