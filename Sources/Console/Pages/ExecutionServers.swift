internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The servers of a wave, or of all, a page at a time.
package struct ExecutionServers: Sendable {
    let execution: ExecutionView
    let selection: ExecutionPage.Selection
    let viewer: Viewer

    package init(execution: ExecutionView, selection: ExecutionPage.Selection, viewer: Viewer) {
        self.execution = execution
        self.selection = selection
        self.viewer = viewer
    }

    /// Rows of a page: as many as somebody reads, and a wave of a thousand stays light.
    package static let pageSize = 100

    private var all: [ExecutionWaveView.Server] {
        let waves = execution.waves ?? []
        let chosen = selection.wave.map { number in waves.filter { $0.waveNumber == number } } ?? waves
        let servers = chosen.flatMap(\.servers)
        return selection.status.map { status in servers.filter { $0.status == status } } ?? servers
    }

    static let columns: [Table.Column] = [
        .init("Server"), .init("Status"), .init("Account, Region"), .init("Instance"), .init("Launch time", .end),
    ]

    package var html: HTML {
        let servers = all
        let from = min(selection.page * Self.pageSize, max(0, servers.count - 1) / Self.pageSize * Self.pageSize)
        let shown = servers.dropFirst(from).prefix(Self.pageSize)
        let title = selection.wave.map { "Wave \($0 + 1) servers" } ?? "Servers"
        let more = from + shown.count < servers.count
        return Card(
            title,
            id: "servers",
            count: "\(servers.count)",
            """
            \(filter)\(repair)\(shown.isEmpty
                ? Empty.noMatch(Link.execution(execution.executionId)).html
                : Table(title, columns: Self.columns, rows: shown.map(row)).html)\
            \(Pagination(
                shown: shown.count,
                next: more ? link(page: selection.page + 1) : nil,
                first: from > 0 ? link(page: 0) : nil
            ).html)
            """
        ).html
    }

    /// What can be done to several failed servers at once; it is not seen while none has failed.
    private var repair: HTML {
        guard viewer.may(RetryServer.permission) else { return .empty }
        return Selection.bar(
            "All failed on this page",
            actions: """
                <button type="button" class="button small" data-opens="retry-selected">Retry selected</button>\
                <button type="button" class="button small" data-opens="skip-selected">Skip selected</button>
                """
        )
    }

    private func link(page: Int) -> Link {
        selection.with { $0.page = page }.link(of: execution.executionId)
    }

    private var filter: HTML {
        Filter(
            Link.execution(execution.executionId),
            choices: [
                .init(
                    "wave",
                    "Wave",
                    value: selection.wave.map(String.init) ?? "all",
                    options: [("all", "All waves")]
                        + (execution.waves ?? []).map { ("\($0.waveNumber)", "\($0.waveNumber + 1). \($0.name)") }
                ),
                .init(
                    "status",
                    "Status",
                    value: selection.status?.rawValue,
                    options: ServerStatus.allCases.map { ($0.rawValue, Status($0).label) }
                ),
            ],
            kept: selection.pairs.filter { !["wave", "status", "page", "event"].contains($0.name) },
            label: "Filter the servers"
        ).html
    }

    private func row(_ server: ExecutionWaveView.Server) -> Table.Row {
        Self.row(server, of: execution, selection, for: viewer)
    }

    /// One server's row alone, as a patch sends it.
    package static func fragment(
        _ server: ExecutionWaveView.Server,
        of execution: ExecutionView,
        _ selection: ExecutionPage.Selection,
        for viewer: Viewer
    ) -> HTML {
        row(server, of: execution, selection, for: viewer).html(columns)
    }

    private static func row(
        _ server: ExecutionWaveView.Server,
        of execution: ExecutionView,
        _ selection: ExecutionPage.Selection,
        for viewer: Viewer
    ) -> Table.Row {
        let instance: HTML? = server.recoveryInstanceId.map { id in
            let state = server.instanceState.flatMap { $0 == .running ? nil : "<br>\(Status($0).html)" as HTML }
            guard let link = Link.awsInstance(id, in: server.region) else { return "\(id)\(state)" }
            return "<a class=\"id\" href=\"\(link)\" rel=\"noreferrer\" target=\"_blank\">\(id)</a>\(state)"
        }
        let panel = selection.with { $0.server = server.sourceServerId }.link(of: execution.executionId).at(
            "server-panel"
        )
        let optional: HTML = server.impact == .optional ? " <span class=\"badge\">optional</span>" : .empty
        let mayRepair = server.status == .failed && viewer.may(RetryServer.permission)
        let box = Selection.box(server.sourceServerId.rawValue, of: server.hostname ?? server.sourceServerId.rawValue)
        let name: HTML = """
            \(if: mayRepair, box)<a href="\(panel)" data-row-link>\(server.hostname ?? server.sourceServerId.rawValue)</a>\
            \(optional)\(if: server.hostname != nil, "<span class=\"quiet detail id\">\(server.sourceServerId.rawValue)</span>")
            """
        let place: HTML = """
            <span class="id">\(server.accountId.rawValue)</span><span class="quiet detail id">\(server.region.rawValue)</span>
            """
        let error: HTML? = server.error.map { "<span class=\"detail bad\">\($0)</span>" }
        let again: HTML =
            server.attempts > 1 ? "<span class=\"quiet detail\">attempt \(server.attempts)</span>" : .empty
        return Table.Row(
            id: "server-\(server.sourceServerId.rawValue)",
            className: server.status == .failed
                ? "failed" : server.sourceServerId == selection.server ? "chosen" : "",
            [
                name, "\(Status(server.status).html)\(error)\(again)\(actions(server, execution, viewer))", place,
                instance ?? "-",
                server.startedAt.map { Times.ticking(from: $0, to: server.endedAt, at: viewer.now) } ?? "-",
            ]
        )
    }

    private static func actions(
        _ server: ExecutionWaveView.Server,
        _ execution: ExecutionView,
        _ viewer: Viewer
    ) -> HTML {
        guard server.status == .failed, viewer.may(RetryServer.permission) else { return .empty }
        let values = [execution.executionId.description, server.sourceServerId.rawValue]
        let name = server.hostname ?? server.sourceServerId.rawValue
        return """
            <span class="row-actions"><button type="button" class="button small" data-opens="retry-server" \
            data-path="\(Action(RetryServer.self, values).path)" data-subject="\(name)">Retry</button>\
            <button type="button" class="button small" data-opens="skip-server" \
            data-path="\(Action(SkipServer.self, values).path)" data-subject="\(name)">Skip</button></span>
            """
    }
}
