internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// One server of a run in full, beside the others: what became of it, and what DRS and Muster wrote of it.
package struct ServerPanel: Sendable {
    package let execution: ExecutionView
    package let server: SourceServerID
    package let selection: ExecutionPage.Selection
    /// DRS's own log of its jobs.
    package let jobLog: [JobLogView]
    package let events: [JournalView]

    package init(
        execution: ExecutionView,
        server: SourceServerID,
        selection: ExecutionPage.Selection,
        jobLog: [JobLogView],
        events: [JournalView]
    ) {
        self.execution = execution
        self.server = server
        self.selection = selection
        self.jobLog = jobLog
        self.events = events
    }

    private var found: (wave: ExecutionWaveView, server: ExecutionWaveView.Server)? {
        for wave in execution.waves ?? [] {
            if let server = wave.servers.first(where: { $0.sourceServerId == server }) { return (wave, server) }
        }
        return nil
    }

    private var close: Link { selection.with { $0.server = nil }.link(of: execution.executionId).at("servers") }

    package func html(for viewer: Viewer) -> HTML {
        let closing: HTML = "<a class=\"button small\" href=\"\(close)\">Close</a>"
        guard let (wave, server) = found else {
            return Card(
                server.rawValue,
                id: "server-panel",
                actions: closing,
                Empty("Not in this run", "The run has no such server, or it lies outside your scope.").html
            ).html
        }
        return Card(
            server.hostname ?? server.sourceServerId.rawValue,
            id: "server-panel",
            actions: closing,
            """
            \(KeyValues(columns: 2, facts(server, of: wave, viewer)).html)\
            \(if: server.error != nil, Alert(.error, "It failed", "\(server.error)").html)\
            <h3>DRS job log</h3>\(jobLog.isEmpty ? "<p class=\"quiet\">DRS has logged nothing of it yet.</p>" : log)\
            <h3>Events</h3>\(history)
            """
        ).html
    }

    private func facts(
        _ server: ExecutionWaveView.Server,
        of wave: ExecutionWaveView,
        _ viewer: Viewer
    ) -> [(key: String, value: HTML)] {
        let instance: HTML =
            server.recoveryInstanceId.map { id in
                let state = server.instanceState.map { "<br>\(Status($0).html)" as HTML }
                return Link.awsInstance(id, in: server.region).map {
                    "<a href=\"\($0)\" rel=\"noreferrer\" target=\"_blank\">\(id)</a>\(state)"
                } ?? "\(id)\(state)"
            } ?? "-"
        let point: HTML = server.recoverySnapshotId.map { "<span class=\"id\">\($0.rawValue)</span>" } ?? "Latest"
        let waits: HTML? = server.waitingFor.flatMap(\.detail).map { "<span class=\"detail quiet\">\($0)</span>" }
        let time: HTML =
            server.startedAt.map { Times.ticking(from: $0, to: server.endedAt, at: viewer.now) } ?? "-"
        return [
            ("Status", "\(Status(server.status).html)\(waits)"),
            ("Wave", "\(wave.waveNumber + 1). \(wave.name)"),
            (
                "Server",
                "<a class=\"id\" href=\"\(Link.server(server.sourceServerId))\">\(server.sourceServerId.rawValue)</a>"
            ),
            ("Account, Region", "\(server.accountId.rawValue)<br>\(server.region.rawValue)"),
            ("Launch time", time), ("Attempts", "\(server.attempts)"),
            ("Job", "<span class=\"id\">\(server.jobId ?? "-")</span>"), ("Instance", instance),
            ("Recovery point", point),
            ("If it fails", server.impact == .optional ? "The wave goes on" : "Its wave has failed"),
        ]
    }

    private var log: HTML {
        """
        <div class="log"><ol>\(jobLog.reversed().html { item in
            "<li>\(Times.clock(item.at)) <span>\(Status.words(item.event))\(item.detail.map { ": \($0)" })</span></li>"
        })</ol></div>
        """
    }

    private var history: HTML {
        guard !events.isEmpty else { return "<p class=\"quiet\">Nothing has happened to it yet.</p>" }
        return """
            <div class="log"><ol>\(events.reversed().html { event in
                "<li class=\"\(event.tone.rawValue)\">\(Times.clock(event.at)) <span>\(event.sentence)</span></li>"
            })</ol></div>
            """
    }
}
