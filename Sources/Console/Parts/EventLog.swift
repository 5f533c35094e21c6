internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// The journal in sentences, newest first, each with an address of its own.
package struct EventLog: Sendable {
    let events: [JournalView]
    /// The run whose page they stand on: each has an address of its own there, and there are earlier ones.
    let execution: Execution.ID?
    let selection: ExecutionPage.Selection

    package init(
        _ events: [JournalView],
        of execution: Execution.ID? = nil,
        selection: ExecutionPage.Selection = .init()
    ) {
        self.events = events
        self.execution = execution
        self.selection = selection
    }

    private func address(of event: Int) -> Link? {
        execution.map { id in selection.with { $0.log.around = event }.link(of: id).at("e\(event)") }
    }

    /// Where the list goes on backwards, unless it is at its beginning.
    private var earlier: HTML {
        guard let first = events.map(\.sequence).min(), first > 1, let link = address(of: first) else { return .empty }
        return "<p><a href=\"\(link)\">Earlier events</a></p>"
    }

    /// What is not live has the way back to what is.
    private var newest: HTML {
        guard selection.log.around != nil, let execution else { return .empty }
        return "<p><a href=\"\(selection.with { $0.log.around = nil }.link(of: execution))\">Newest events</a></p>"
    }

    package var html: HTML {
        """
        <div id="events" class="log">\(newest)<ol>\(events.sorted { $0.sequence > $1.sequence }.html(item))</ol>\
        \(if: events.isEmpty, "<p class=\"quiet\">No events</p>")\(earlier)</div>
        """
    }

    private func item(_ event: JournalView) -> HTML {
        let time = Times.clock(event.at)
        let link: HTML =
            address(of: event.sequence).map {
                "<a href=\"\($0)\" aria-label=\"Event \(event.sequence)\">\(time)</a>"
            } ?? time
        return """
            <li id="e\(event.sequence)" class="\(event.tone.rawValue)\(event.sequence == selection.log.around ? " chosen" : "")">\
            \(link) <span>\(event.sentence)</span></li>
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
