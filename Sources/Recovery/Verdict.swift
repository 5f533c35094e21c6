package import Ambient

/// What an ended execution amounts to, and what stands against it.
package struct Verdict: Sendable, Hashable, Codable {
    package enum Result: String, Sendable, Codable, CaseIterable {
        case pass = "PASS"
        case passWithDeviations = "PASS_WITH_DEVIATIONS"
        case partial = "PARTIAL"
        case fail = "FAIL"
        case aborted = "ABORTED"
    }

    /// What stands against a plain pass.
    package enum Code: String, Sendable, CaseIterable {
        case criticalServerFailed = "CRITICAL_SERVER_FAILED"
        case optionalServerFailed = "OPTIONAL_SERVER_FAILED"
        case serverSkipped = "SERVER_SKIPPED"
        case serverTimedOut = "SERVER_TIMED_OUT"
        case waveCancelled = "WAVE_CANCELLED"
        case cancelledByPerson = "CANCELLED_BY_PERSON"
        case approvalDeclined = "APPROVAL_DECLINED"
        case pauseExpired = "PAUSE_EXPIRED"
        case recoveryTimeObjectiveMissed = "RECOVERY_TIME_OBJECTIVE_MISSED"
        case instanceNotSeen = "INSTANCE_NOT_SEEN"
        case instancesNotCleanedUp = "INSTANCES_NOT_CLEANED_UP"
    }

    package struct Reason: Sendable, Hashable, Codable {
        package var code: String
        package var text: String

        package init(_ code: Code, _ text: String) {
            self.init(code: code.rawValue, text: text)
        }

        /// A reason that only a report knows.
        package init(code: String, text: String) {
            self.code = code
            self.text = text
        }
    }

    package var result: Result
    package var reasons: [Reason]

    package init(result: Result, reasons: [Reason]) {
        self.result = result
        self.reasons = reasons
    }
}

extension Verdict {
    /// The verdict over an execution that has ended.
    init(of execution: Execution) {
        let reasons = Self.reasons(of: execution)
        self.reasons = reasons
        result =
            switch execution.status {
            case .completed: reasons.isEmpty ? .pass : .passWithDeviations
            case .partial: .partial
            case .cancelled: .aborted
            case .failed, .pending, .initiated, .running, .paused, .cancelling: .fail
            }
    }

    private static func reasons(of execution: Execution) -> [Reason] {
        var reasons: [Reason] = []
        if let cancellation = execution.control.cancellation { reasons.append(cancellation.code) }
        let planned = execution.plan.servers
        for (run, server) in zip(execution.servers, planned) {
            if let reason = reason(for: run, server) { reasons.append(reason) }
        }
        for wave in execution.waves where wave.status == .cancelled && execution.control.cancellation == nil {
            reasons.append(Reason(.waveCancelled, "Wave \(wave.waveNumber) was cancelled after a failed wave."))
        }
        if let minutes = execution.plan.recoveryTimeObjectiveMinutes, let last = execution.lastLaunch {
            let taken = (last - execution.startedAt).seconds
            if taken > Double(minutes * 60) {
                let text = "The last server was launched after \(Int(taken)) s; the objective is \(minutes * 60) s."
                reasons.append(Reason(.recoveryTimeObjectiveMissed, text))
            }
        }
        if execution.control.cleanUp?.state == .partial {
            let left = execution.servers.count { $0.instanceState != nil && $0.instanceState != .terminated }
            let text =
                left == 0 ? "Instances may be left: not every account could be asked." : "\(left) instances are left."
            reasons.append(Reason(.instancesNotCleanedUp, text))
        }
        return reasons
    }

    private static func reason(for run: Execution.ServerRun, _ server: FrozenServer) -> Reason? {
        switch run.status {
        case .failed:
            let error = run.error ?? "no reason given"
            if error.hasPrefix("TIMED_OUT") { return Reason(.serverTimedOut, "\(run.sourceServerId): \(error)") }
            let code = server.impact == .critical ? Code.criticalServerFailed : .optionalServerFailed
            return Reason(code, "\(run.sourceServerId): \(error)")
        case .skipped: return Reason(.serverSkipped, "\(run.sourceServerId) was skipped.")
        case .launched:
            guard run.note != nil else { return nil }
            return Reason(.instanceNotSeen, "\(run.sourceServerId): DRS launched it, but shows no recovery instance.")
        case .pending, .queued, .inProgress, .cancelled: return nil
        }
    }
}

extension Execution {
    /// When the last server was launched.
    package var lastLaunch: Instant? {
        servers.filter { $0.status == .launched }.compactMap(\.endedAt).max()
    }
}
