package import Contract
package import Hypertext
internal import Recovery

/// The journal in sentences, newest first, each with an address of its own.
package struct EventLog: Sendable {
    let events: [JournalView]
    /// Earlier events, when there are more.
    let earlier: Link?

    package init(_ events: [JournalView], earlier: Link? = nil) {
        self.events = events
        self.earlier = earlier
    }

    package var html: HTML {
        """
        <div id="events" class="log"><ol>\(events.sorted { $0.sequence > $1.sequence }.html(item))</ol>\
        \(earlier.map { "<p><a href=\"\($0)\">Earlier events</a></p>" as HTML })</div>
        """
    }

    private func item(_ event: JournalView) -> HTML {
        """
        <li id="e\(event.sequence)" class="\(event.tone.rawValue)"><a href="#e\(event.sequence)" \
        aria-label="Event \(event.sequence)">\(Times.clock(event.at))</a> <span>\(event.sentence)</span></li>
        """
    }
}

extension JournalView {
    var tone: Status.Kind {
        switch event {
        case .serverFailed, .jobRefused, .jobTimedOut, .instanceTerminationFailed, .waveDeclined: .error
        case .serverLaunched, .waveApproved: .success
        case .waveWaiting: .approval
        case .pauseRequested, .cancelRequested, .pauseExpired, .jobDeferred: .warning
        case .executionStatus, .executionEnded, .waveSettled, .waveStatus:
            switch label {
            case "FAILED": .error
            case "COMPLETED": .success
            case "PARTIAL": .warning
            default: .info
            }
        default: .info
        }
    }

    /// What happened, as a person would say it.
    package var sentence: String {
        [subject, said].compactMap(\.self).joined(separator: ": ")
    }

    private var said: String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private var wave: String { waveNumber.map { "Wave \($0 + 1)" } ?? "The execution" }
    private var actor: String { by.map { " by \($0)" } ?? "" }
    private var job: String { jobId ?? "Job" }
    private var server: String { sourceServerId?.rawValue ?? "A server" }
    private var state: String { label.map { Status.words($0).lowercased() } ?? "changed" }

    private var subject: String {
        switch event {
        case .executionStarted: "Started\(actor)"
        case .executionStatus: "The execution is \(state)"
        case .executionEnded: "Ended: \(state)"
        case .executionReopened: "Opened again\(actor)"
        case .note: "Note\(actor)"
        case .pauseRequested:
            "Pause asked for\(actor)\(label.map { $0 == "NOW" ? ", now" : ", before the next wave" } ?? "")"
        case .resumed: waveNumber == nil ? "Resumed\(actor)" : "\(wave) resumed\(actor)"
        case .pauseExpired: "A pause lasted too long"
        case .cancelRequested: "Cancel asked for\(actor)"
        case .retryRequested: "Retry of \(waveNumber.map { "wave \($0 + 1)" } ?? server)\(actor)"
        case .skipRequested: "Skip of \(waveNumber.map { "wave \($0 + 1)" } ?? server)\(actor)"
        case .waveStarted: "\(wave) started"
        case .waveWaiting: label == "APPROVAL" ? "\(wave) needs approval" : "\(wave) waits for a person"
        case .waveStatus: "\(wave) is \(state)"
        case .waveSettled: "\(wave) \(state)"
        case .waveApproved: "\(wave) approved\(actor)"
        case .waveDeclined: "\(wave) declined\(actor)"
        default: subjectOfWork
        }
    }

    private var subjectOfWork: String {
        let place = [accountId?.rawValue, region?.rawValue].compactMap(\.self).joined(separator: "/")
        return switch event {
        case .jobQueued: "\(wave): launch queued in \(place)"
        case .jobAccepted: "\(job) accepted in \(place)"
        case .jobDeferred: "\(wave): launch in \(place) waits"
        case .jobRefused: "DRS refused the launch in \(place)"
        case .jobWithdrawn: "\(wave): launch in \(place) withdrawn"
        case .jobTimedOut: "\(job) took too long"
        case .jobEnded: "\(job) ended"
        case .serverLaunched: "\(server) launched\(recoveryInstanceId.map { " as \($0)" } ?? "")"
        case .serverFailed: "\(server) failed\(label.map { " (\($0))" } ?? "")"
        case .serverLateResult: "\(server): a late result"
        case .terminationRequested: "Termination of the instances asked for\(actor)"
        case .instanceTerminated: "\(recoveryInstanceId ?? "An instance") is gone"
        case .instanceTerminationFailed: "\(recoveryInstanceId ?? "An instance") could not be terminated"
        case .terminationEnded: "Clean-up \(state)"
        default: Status.words(event.rawValue)
        }
    }
}
