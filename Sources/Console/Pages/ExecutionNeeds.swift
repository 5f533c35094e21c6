internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// What waits for a person, at the top of the page, with the buttons that answer it.
package struct ExecutionNeeds: Sendable {
    let execution: ExecutionView
    let viewer: Viewer

    /// Set where several runs stand on one page: it keeps their identifiers apart, and the page has no dialogs else.
    let prefix: String

    package init(execution: ExecutionView, viewer: Viewer, prefix: String = "") {
        self.execution = execution
        self.viewer = viewer
        self.prefix = prefix
    }

    private func name(_ text: String) -> String {
        prefix.isEmpty ? text : "\(text)-\(prefix)"
    }

    private var id: String { execution.executionId.description }

    package var html: HTML {
        let waves = execution.waves ?? []
        let cards =
            waves.filter { $0.waitingFor?.kind == .approval && $0.status == .paused }.map(approval)
            + waves.filter { $0.waitingFor?.kind == .pause }.prefix(1).map(paused)
            + waves.filter { !failed($0).isEmpty && isRepairable }.map(failure)
            + clean
        return "<div id=\"\(name("needs-you"))\" class=\"needs\">\(cards.joined())</div>"
    }

    private func failed(_ wave: ExecutionWaveView) -> [ExecutionWaveView.Server] {
        wave.servers.filter { $0.status == .failed }
    }

    /// A clean-up ends what can be repaired.
    private var isRepairable: Bool { execution.cleanup == nil && execution.status != .cancelled }

    private func approval(_ wave: ExecutionWaveView) -> HTML {
        let waiting: HTML? = wave.waitingFor?.since.map {
            "Waiting \(Times.ticking(from: $0, to: nil, at: viewer.now)). "
        }
        let number = wave.waveNumber
        let actions: HTML =
            viewer.may(ApproveWave.permission)
            ? """
            <button type="button" class="button" data-opens="\(name("decline-\(number)"))">Decline</button>\
            <button type="button" class="button primary" data-opens="\(name("approve-\(number)"))">Approve</button>
            """
            : .empty
        return """
            \(Alert(
                .approval,
                "Approval needed before wave \(number + 1), \(wave.name)",
                "\(waiting)\(wave.waitingFor?.detail ?? "")",
                actions: actions
            ).html)\(if: viewer.may(ApproveWave.permission), approvalDialogs(wave))
            """
    }

    private func approvalDialogs(_ wave: ExecutionWaveView) -> HTML {
        let values = [id, "\(wave.waveNumber)"]
        let what = "wave \(wave.waveNumber + 1), \(wave.name)"
        return Dialog(
            name("approve-\(wave.waveNumber)"),
            "Approve \(what)",
            CallForm(
                Action(ApproveWave.self, values),
                submit: "Approve",
                done: "Approved.",
                fields: comment(name("approve-\(wave.waveNumber)-"))
            ).html
        ).html
            + Dialog(
                name("decline-\(wave.waveNumber)"),
                "Decline \(what)",
                """
                <p>Declining cancels the run.</p>\(CallForm(
                    Action(DeclineWave.self, values),
                    submit: "Decline and cancel",
                    .danger,
                    done: "Declined: the run is being cancelled.",
                    fields: comment(name("decline-\(wave.waveNumber)-"))
                ).html)
                """
            ).html
    }

    private func comment(_ form: String) -> HTML {
        Field.area("comment", "Comment", hint: "The event log shows it by your name.", form: form)
    }

    private func paused(_ wave: ExecutionWaveView) -> HTML {
        let since: HTML? = wave.waitingFor?.since.map {
            "Paused for \(Times.ticking(from: $0, to: nil, at: viewer.now)). "
        }
        return Alert(
            .info,
            "Paused before wave \(wave.waveNumber + 1), \(wave.name)",
            "\(since)\(wave.waitingFor?.detail ?? "")",
            actions: !prefix.isEmpty
                ? "<a class=\"button\" href=\"\(Link.execution(execution.executionId))\">Open the run</a>"
                : viewer.may(ResumeExecution.permission)
                    ? "<button type=\"button\" class=\"button primary\" data-opens=\"resume\">Resume</button>" : .empty
        ).html
    }

    private func failure(_ wave: ExecutionWaveView) -> HTML {
        let servers = failed(wave)
        let number = wave.waveNumber
        let values = [id, "\(number)"]
        let names = servers.prefix(3).map { $0.hostname ?? $0.sourceServerId.rawValue }.joined(separator: ", ")
        let more = servers.count > 3 ? " and \(servers.count - 3) more" : ""
        let may = viewer.may(RetryWave.permission) && wave.status.isSettled
        let count = servers.count == 1 ? "1 server" : "\(servers.count) servers"
        let actions: HTML = """
            <button type="button" class="button" data-opens="\(name("skip-wave-\(number)"))">Skip</button>\
            <button type="button" class="button primary" data-opens="\(name("retry-wave-\(number)"))">Retry \(count)</button>
            """
        return """
            \(Alert(
                .error,
                "\(count) of wave \(number + 1), \(wave.name), failed",
                "\(names)\(more). \(servers.first?.error ?? "")",
                actions: may ? actions : .empty
            ).html)\(if: may, failureDialogs(wave, values))
            """
    }

    private func failureDialogs(_ wave: ExecutionWaveView, _ values: [String]) -> HTML {
        let number = wave.waveNumber
        return Dialog(
            name("retry-wave-\(number)"),
            "Retry wave \(number + 1)",
            """
            <p>Only its failed servers are launched once more.</p>\(CallForm(
                Action(RetryWave.self, values),
                submit: "Retry",
                done: "The failed servers are launched once more."
            ).html)
            """
        ).html
            + Dialog(
                name("skip-wave-\(number)"),
                "Skip the failed servers of wave \(number + 1)",
                """
                <p>The run goes on without them.</p>\(CallForm(
                    Action(SkipWave.self, values),
                    submit: "Skip",
                    done: "The failed servers are skipped.",
                    fields: Field.area("reason", "Reason", as: .text, hint: "It stands in the event log.", isRequired: true, form: name("skip-wave-\(number)-"))
                ).html)
                """
            ).html
    }

    private var clean: [HTML] {
        guard let cleanup = execution.cleanup else { return [] }
        let progress: HTML = "\(cleanup.terminated) of \(cleanup.total) instances are gone."
        switch cleanup.state {
        case .running: return [Alert(.info, "Clean-up is running", progress).html]
        case .partial:
            let failed: HTML = "\(progress) \(cleanup.failed) could not be terminated. You can ask again."
            return [Alert(.error, "Clean-up is not complete", failed).html]
        case .completed: return [Alert(.success, "Cleaned up", progress).html]
        }
    }
}
