internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Every source server, as the last inventory saw it.
package struct ServersPage: ConsolePage {
    package let servers: [SourceServerView]
    package let query: ListQuery
    package let accounts: [AccountView]

    package init(
        servers: [SourceServerView],
        query: ListQuery = ListQuery("/servers", sort: "hostname"),
        accounts: [AccountView] = []
    ) {
        self.servers = servers
        self.query = query
        self.accounts = accounts
    }

    package var title: String { "Servers" }
    package var section: Section? { .servers }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(servers.count),
            note: "Source servers that replicate into DRS.",
            actions: CallForm(
                Action(RefreshSourceServers.self),
                submit: "Ask DRS now",
                .ordinary,
                done: "The spokes were asked; what they find appears in some seconds.",
                isInDialog: false
            ).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            if servers.isEmpty {
                query.isNarrowed
                    ? Empty.noMatch("/servers").html
                    : Empty(
                        "No servers",
                        "Servers appear once a spoke has read the inventory of an account.",
                        action: Button("Accounts", link: "/accounts").html
                    ).html
            } else {
                selectable(
                    ServersTable(
                        servers: servers,
                        viewer: viewer,
                        sorting: query.sorting,
                        selects: mayChoose(viewer),
                        hiding: viewer.preferences.hidden(in: "servers")
                    ).html,
                    viewer
                )
            }
        let tools = ListTools(
            here: query.here,
            table: ("servers", ServersTable.columns(showsGroup: true)),
            preferences: viewer.preferences
        ).html
        return """
            \(Staleness.inventory(of: servers, at: viewer.now).html(at: viewer.now))<section class="card" aria-label="List">\
            <div class="list-bar">\(filter)\(tools)</div>\(list)\(query.pagination(servers.count))</section>
            """
    }

    private func mayChoose(_ viewer: Viewer) -> Bool {
        viewer.may(CreateProtectionGroup.permission) && servers.contains { $0.groupId == nil }
    }

    /// Servers of no group can be made one, several at a time.
    private func selectable(_ table: HTML, _ viewer: Viewer) -> HTML {
        guard mayChoose(viewer) else { return table }
        return """
            <form class="select" action="/protection-groups/new" method="get" data-native>\(Selection.bar(
                "All available on this page",
                actions: "<button class=\"button small\">Create group of those selected</button>"
            ))\(table)</form>
            """
    }

    private func value(_ name: String) -> String? {
        query.filters.first { $0.name == name }?.value
    }

    private var filter: HTML {
        let states = [
            "CONTINUOUS", "INITIAL_SYNC", "BACKLOG", "RESCAN", "STALLED", "PAUSED", "DISCONNECTED", "STOPPED",
        ]
        return Filter(
            "/servers",
            search: ("Find servers by name, identifier or tag", query.text),
            choices: [
                .init(
                    "state",
                    "Replication",
                    value: value("state"),
                    options: states.map { ($0, Status(replication: $0).label) }
                ),
                .init(
                    "assignment",
                    "Group",
                    value: value("assignment"),
                    options: [("AVAILABLE", "Available"), ("ASSIGNED", "Assigned")]
                ),
                .init(
                    "accountId",
                    "Account",
                    value: value("accountId"),
                    options: accounts.map { ($0.accountId.rawValue, $0.accountName) }
                ),
            ],
            kept: [("sort", query.keptSort)]
        ).html
    }
}

/// Source servers in rows.
package struct ServersTable: Sendable {
    let servers: [SourceServerView]
    let viewer: Viewer
    var sorting: Table.Sorting?
    var showsGroup = true
    /// Whether servers of no group have a box to select them by.
    var selects = false
    var hidden: Set<String> = []

    package init(
        servers: [SourceServerView],
        viewer: Viewer,
        sorting: Table.Sorting? = nil,
        showsGroup: Bool = true,
        selects: Bool = false,
        hiding hidden: Set<String> = []
    ) {
        self.servers = servers
        self.viewer = viewer
        self.sorting = sorting
        self.showsGroup = showsGroup
        self.selects = selects
        self.hidden = hidden
    }

    static func columns(showsGroup: Bool) -> [Table.Column] {
        [
            .init("Server", sort: "hostname"), .init("Replication"), .init("Lag", .end), .init("Readiness"),
            .init("Account, Region"),
        ] + (showsGroup ? [.init("Group")] : []) + [.init("Last launch")]
    }

    package var html: HTML {
        Table(
            "Servers",
            columns: Self.columns(showsGroup: showsGroup),
            rows: servers.map(row),
            sorting: sorting,
            hiding: hidden
        ).html
    }

    private func box(of server: SourceServerView) -> HTML {
        server.groupId == nil
            ? Selection.box(server.sourceServerId.rawValue, of: server.hostname, name: "server")
            : Selection.noBox("\(server.hostname) is in a group already")
    }

    private func row(_ server: SourceServerView) -> Table.Row {
        let group: HTML =
            if let id = server.groupId {
                "<a href=\"\(Link.group(id))\">\(server.groupName ?? id.description)</a>"
            } else {
                "<span class=\"quiet\">Available</span>"
            }
        let launch: HTML =
            server.lastLaunch.map { launch in
                "\(Status.words(launch.type)) <span class=\"quiet detail\">\(launch.at.map { Times.ago($0, at: viewer.now) })</span>"
            } ?? "-"
        return Table.Row(
            [
                """
                \(if: selects, box(of: server))\
                <a href="\(Link.server(server.sourceServerId))" data-row-link>\(server.hostname)</a>\
                <span class="quiet detail id">\(server.sourceServerId.rawValue)</span>
                """,
                "\(Status(replication: server.replicationState).html)\(Staleness.mark(server.syncedAt, at: viewer.now))",
                "\(server.lagSeconds.map { Times.duration($0) } ?? "-")", Status(server.readiness.state).html,
                "<span class=\"id\">\(server.accountId.rawValue)</span><span class=\"quiet detail id\">\(server.region.rawValue)</span>",
            ] + (showsGroup ? [group] : []) + [launch]
        )
    }
}

/// One source server.
package struct ServerPage: ConsolePage {
    package let server: SourceServerView

    package init(server: SourceServerView) {
        self.server = server
    }

    package var title: String { server.hostname }
    package var section: Section? { .servers }
    package var trail: [Crumb] { [Crumb("Servers", "/servers")] }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(title, badges: Status(server.readiness.state).html, note: "\(server.sourceServerId.rawValue)").html
    }

    package func content(for viewer: Viewer) -> HTML {
        let reasons = server.readiness.reasons
        let tags = server.tags.sorted { $0.key < $1.key }.map { tag -> Table.Row in
            Table.Row(["\(tag.key)", "\(tag.value)"])
        }
        return """
            \(Staleness.inventory(of: [server], at: viewer.now).html(at: viewer.now))\
            \(if: !reasons.isEmpty, Alert(server.readiness.state == .notReady ? .error : .warning, "Worth a look", "<ul>\(reasons.html { "<li>\($0.text)</li>" })</ul>").html)\
            \(Card("Summary", KeyValues(facts(viewer)).html).html)\
            \(Card("Tags", count: "\(tags.count)", tags.isEmpty ? Empty("No tags", "DRS knows none of this server.").html
                : Table("Tags", columns: [.init("Key"), .init("Value")], rows: tags).html).html)
            """
    }

    private func facts(_ viewer: Viewer) -> [(key: String, value: HTML)] {
        let group: HTML =
            server.groupId.map { "<a href=\"\(Link.group($0))\">\(server.groupName ?? $0.description)</a>" } ?? "None"
        let instance: HTML =
            server.recoveryInstanceId.map { id in
                Link.awsInstance(id, in: server.region).map {
                    "<a href=\"\($0)\" rel=\"noreferrer\" target=\"_blank\">\(id)</a>"
                } ?? "\(id)"
            } ?? "None"
        let launch: HTML =
            server.lastLaunch.map {
                "\(Status.words($0.type)), \($0.status.map(Status.words) ?? "-"), \(Times.moment($0.at))"
            } ?? "Never"
        return [
            ("Replication", Status(replication: server.replicationState).html),
            ("Lag", "\(server.lagSeconds.map { Times.duration($0) } ?? "-")"),
            ("Account", "<a href=\"\(Link.account(server.accountId))\">\(server.accountId.rawValue)</a>"),
            ("Region", "\(server.region.rawValue)"), ("Protection group", group), ("Recovery instance", instance),
            ("Last launch", launch), ("Inventory read", Times.ago(server.syncedAt, at: viewer.now)),
        ]
    }
}
