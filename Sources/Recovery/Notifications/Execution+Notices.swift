package import Ambient

extension Execution {
    /// Servers that a notice names before it only counts them.
    private static let namedServers = 10

    /// What of a turn's history people are told.
    ///
    /// - Parameters:
    ///   - entries: What the turn added to the journal, in its order.
    ///   - now: When.
    ///   - identify: Makes the name of a notice.
    /// - Returns: The notices, in the order of the entries; servers that failed come last.
    package func notices(
        of entries: [JournalEntry],
        at now: Instant,
        naming identify: () -> Notice.ID
    ) -> [Notice] {
        var notices: [Notice] = []
        func tell(_ kind: Notice.Kind, _ title: String, _ text: String = "") {
            notices.append(
                Notice(
                    noticeId: identify(),
                    kind: kind,
                    at: now,
                    accounts: Set(plan.places.map(\.accountId)).sorted(),
                    planId: plan.planId,
                    executionId: id,
                    title: title,
                    text: text
                )
            )
        }
        for entry in entries {
            guard let (kind, title, text) = told(entry) else { continue }
            tell(kind, title, text)
        }
        let failed = entries.filter { $0.kind == .serverFailed }
        let byWave = Dictionary(grouping: failed, by: \.waveNumber).sorted { ($0.key ?? 0) < ($1.key ?? 0) }
        for (wave, entries) in byWave {
            let (title, text) = failures(entries, of: wave)
            tell(.serversFailed, title, text)
        }
        return notices
    }

    private var what: String { "\(type == .drill ? "Drill" : "Recovery") of \(plan.planName)" }

    private func waveName(_ number: Int?) -> String {
        guard let number, plan.waves.indices.contains(number) else { return "A wave" }
        return "Wave \(number + 1) (\(plan.waves[number].name))"
    }

    /// What is told of one entry by itself; nil of most.
    private func told(_ entry: JournalEntry) -> (Notice.Kind, String, String)? {
        switch entry.kind {
        case .executionStarted:
            return (.executionStarted, "\(what) started", "By \(startedBy), \(servers.count) servers.\(given(reason))")
        case .waveWaiting:
            let wants = entry.label == WaveRun.Waiting.approval.rawValue ? "approval" : "somebody to resume it"
            return (.waveWaiting, "\(what) waits", "\(waveName(entry.waveNumber)) waits for \(wants).")
        case .waveSettled where entry.label == WaveStatus.failed.rawValue:
            return (.waveFailed, "\(what): \(waveName(entry.waveNumber)) failed", "")
        case .executionEnded:
            let launched = servers.count { $0.status == .launched }
            let reasons = verdict?.reasons.prefix(Self.namedServers).map(\.text).joined(separator: "\n") ?? ""
            let outcome = verdict.map { "\($0.result.rawValue): " } ?? ""
            return (
                .executionEnded, "\(what) ended \(entry.label ?? "")",
                "\(outcome)\(launched) of \(servers.count) servers launched.\(given(reasons.isEmpty ? nil : reasons))"
            )
        case .terminationEnded:
            return (.cleanUpEnded, "\(what): clean-up \(entry.label ?? "ended")", entry.text ?? "")
        case .executionStatus, .waveStarted, .waveStatus, .waveSettled, .waveApproved, .waveDeclined, .jobQueued,
            .jobAccepted, .jobDeferred, .jobWaiting, .jobWaitOver, .jobRefused, .jobWithdrawn, .jobTimedOut, .jobEnded,
            .serverLaunched, .serverFailed, .serverLateResult, .pauseRequested, .resumed, .pauseExpired,
            .cancelRequested, .retryRequested, .skipRequested, .recoveryPointReplaced, .executionReopened, .note,
            .terminationRequested, .instanceTerminated, .instanceTerminationFailed:
            return nil
        }
    }

    private func given(_ text: String?) -> String { text.map { "\n\($0)" } ?? "" }

    private func failures(_ entries: [JournalEntry], of wave: Int?) -> (title: String, text: String) {
        let lines = entries.prefix(Self.namedServers).map { entry in
            let server = entry.sourceServerId?.rawValue ?? "a server"
            return [server, entry.label, entry.text].compactMap(\.self).joined(separator: ": ")
        }
        let rest = entries.count - lines.count
        let count = entries.count == 1 ? "A server" : "\(entries.count) servers"
        return (
            "\(what): \(count) of \(waveName(wave)) failed",
            lines.joined(separator: "\n") + (rest > 0 ? "\nand \(rest) more" : "")
        )
    }
}
