internal import Contract
internal import Recovery
internal import Store

extension ExecutionView {
    /// The execution as somebody of this scope may see it: servers and jobs of other accounts are counted only.
    func shown(within scope: AccountScope) -> ExecutionView {
        guard scope != .all else { return self }
        var shown = self
        shown.waves = waves?.map { $0.shown(within: scope) }
        let isPartial = waves == nil || shown.waves?.contains { $0.outsideScope != nil } == true
        guard isPartial else { return shown }
        let names = Set(
            (shown.waves ?? []).flatMap(\.servers).flatMap { [$0.sourceServerId.rawValue, $0.hostname ?? ""] }
        )
        shown.verdict?.reasons = (verdict?.reasons ?? []).map { $0.shown(naming: names) }
        return shown
    }
}

extension ExecutionWaveView {
    fileprivate func shown(within scope: AccountScope) -> ExecutionWaveView {
        var shown = self
        shown.servers.removeAll { !scope.covers($0.accountId) }
        shown.jobs.removeAll { !scope.covers($0.accountId) }
        shown.outsideScope =
            OutsideScope(servers: servers.count - shown.servers.count, jobs: jobs.count - shown.jobs.count).ifAny
        if shown.outsideScope != nil, waitingFor?.kind != .pause, waitingFor?.kind != .approval {
            // AWS's words name accounts and jobs, perhaps of the others.
            shown.waitingFor?.detail = nil
        }
        return shown
    }
}

extension Verdict.Reason {
    /// The reason without its words, where they are about a server that is none of these.
    fileprivate func shown(naming servers: Set<String>) -> Verdict.Reason {
        guard let code = Verdict.Code(rawValue: code), code.isAboutServers,
            !servers.contains(where: { !$0.isEmpty && text.contains($0) })
        else { return self }
        return Verdict.Reason(code, "It is about a server that is not shown here.")
    }
}

extension Verdict.Code {
    fileprivate var isAboutServers: Bool {
        switch self {
        case .criticalServerFailed, .optionalServerFailed, .serverSkipped, .serverTimedOut, .instanceNotSeen,
            .instancesNotCleanedUp:
            true
        case .waveCancelled, .cancelledByPerson, .approvalDeclined, .pauseExpired, .recoveryTimeObjectiveMissed:
            false
        }
    }
}

/// What of a journal somebody of a scope may see.
///
/// An event about another account keeps its number, its time and its kind, so that nothing seems to be missing from the
/// journal and a stream resumes where it was; everything else of it is left out.
struct JournalWindow: Sendable {
    private let scope: AccountScope
    private let servers: Set<SourceServerID>

    /// - Parameters:
    ///   - scope: The accounts that may be seen.
    ///   - execution: Whose journal it is; not needed where all accounts may be seen.
    init(on scope: AccountScope, of execution: Execution?) {
        self.scope = scope
        let visible = execution?.plan.servers.filter { scope.covers($0.place.accountId) }
        servers = Set((visible ?? []).map(\.sourceServerId))
    }

    /// The event as it is shown.
    @Sendable func view(_ stored: JournalStatements.Stored) throws -> JournalView {
        let event = try JournalView(stored)
        guard !shows(event) else { return event }
        return JournalView(
            sequence: event.sequence,
            at: event.at,
            event: event.event,
            by: nil,
            waveNumber: event.waveNumber,
            accountId: nil,
            region: nil,
            jobId: nil,
            sourceServerId: nil,
            recoveryInstanceId: nil,
            label: nil,
            text: nil,
            outsideScope: true
        )
    }

    private func shows(_ event: JournalView) -> Bool {
        guard scope != .all else { return true }
        if let account = event.accountId { return scope.covers(account) }
        if let server = event.sourceServerId { return servers.contains(server) }
        // It names a job by its key, and so an account, in its label.
        return event.event != .instanceTerminationFailed
    }
}
