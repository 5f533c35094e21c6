internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// Every execution, what runs first.
package struct ExecutionsPage: ConsolePage {
    /// What the list is narrowed to, as the address says it.
    package struct Filter: Sendable, Hashable {
        package var status: ExecutionStatus?
        package var type: ExecutionType?
        package var active: Bool?
        package var planId: RecoveryPlan.ID?
        package var sort: String

        package init(
            status: ExecutionStatus? = nil,
            type: ExecutionType? = nil,
            active: Bool? = nil,
            planId: RecoveryPlan.ID? = nil,
            sort: String = "-startedAt"
        ) {
            self.status = status
            self.type = type
            self.active = active
            self.planId = planId
            self.sort = sort
        }

        var link: Link {
            link(sort: sort)
        }

        func link(sort: String, token: String? = nil) -> Link {
            let all: Link = "/executions"
            return all.with([
                ("status", status?.rawValue), ("executionType", type?.rawValue), ("active", active.map(String.init)),
                ("planId", planId.map(\.description)), ("sort", sort == "-startedAt" ? nil : sort),
                ("nextToken", token),
            ])
        }
    }

    package let executions: [ExecutionView]
    package let filter: Filter
    package let nextToken: String?
    package let isFirst: Bool

    package init(executions: [ExecutionView], filter: Filter = Filter(), nextToken: String? = nil, isFirst: Bool = true)
    {
        self.executions = executions
        self.filter = filter
        self.nextToken = nextToken
        self.isFirst = isFirst
    }

    package var title: String { "Executions" }
    package var section: Section? { .executions }
    package var topics: [String] { ["executions"] }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(title, count: "\(executions.count)\(nextToken == nil && isFirst ? "" : "+")").html
    }

    package func content(for viewer: Viewer) -> HTML {
        let all: Link = "/executions"
        let isNarrowed = filter != ExecutionsPage.Filter(sort: filter.sort)
        let list: HTML =
            if executions.isEmpty {
                isNarrowed
                    ? Empty.noMatch(all).html
                    : Empty(
                        "No executions",
                        "Start a drill from a recovery plan: nothing in production is touched by it.",
                        action: Button("Recovery plans", link: "/recovery-plans").html
                    ).html
            } else {
                ExecutionsTable(executions: executions, viewer: viewer, filter: filter).html
            }
        return """
            <section class="card" aria-label="List"><div class="list-bar">\(choices)\
            \(ListTools(here: filter.link, preferences: viewer.preferences).html)</div>\(list)\(Pagination(
                shown: executions.count,
                next: nextToken.map { filter.link(sort: filter.sort, token: $0) },
                first: isFirst ? nil : filter.link
            ).html)</section>
            """
    }

    private var choices: HTML {
        Console.Filter(
            "/executions",
            choices: [
                .init(
                    "active",
                    "Show",
                    value: filter.active.map(String.init),
                    options: [("true", "Active"), ("false", "History")]
                ),
                .init(
                    "status",
                    "Status",
                    value: filter.status?.rawValue,
                    options: ExecutionStatus.allCases.map { ($0.rawValue, Status($0).label) }
                ),
                .init(
                    "executionType",
                    "Type",
                    value: filter.type?.rawValue,
                    options: [("DRILL", "Drill"), ("RECOVERY", "Recovery")]
                ),
            ],
            kept: [
                ("planId", filter.planId.map(\.description)), ("sort", filter.sort == "-startedAt" ? nil : filter.sort),
            ]
        ).html
    }
}

/// Executions in rows, on their own page and elsewhere.
package struct ExecutionsTable: Sendable {
    let executions: [ExecutionView]
    let viewer: Viewer
    var filter: ExecutionsPage.Filter?

    package init(executions: [ExecutionView], viewer: Viewer, filter: ExecutionsPage.Filter? = nil) {
        self.executions = executions
        self.viewer = viewer
        self.filter = filter
    }

    private static let columns: [Table.Column] = [
        .init("Plan"), .init("Status"), .init("Servers"), .init("Started", sort: "startedAt"),
        .init("Recovery time", .end), .init("Started by"),
    ]

    /// The rows alone, as patches send them.
    package var rows: [HTML] {
        executions.map { row($0).html(Self.columns) }
    }

    package var html: HTML {
        let sorting = filter.map { filter in
            Table.Sorting(current: filter.sort) { filter.link(sort: $0) }
        }
        return Table(
            "Executions",
            columns: Self.columns,
            rows: executions.map(row),
            sorting: sorting
        ).html
    }

    private func row(_ execution: ExecutionView) -> Table.Row {
        let counts = execution.counts
        let failed: HTML = counts.failed > 0 ? "<span class=\"detail bad\">\(counts.failed) failed</span>" : .empty
        let time = execution.recoveryTime
        let isLate = time.objectiveSeconds.map { time.elapsedSeconds > $0 } ?? false
        let target: HTML? = time.objectiveSeconds.map {
            "<span class=\"detail \(isLate ? "bad" : "quiet")\">target \(Times.duration($0, coarse: true))</span>"
        }
        let clock = Times.ticking(
            from: execution.declaredAt ?? execution.startedAt,
            to: execution.endedAt.map { _ in
                (execution.declaredAt ?? execution.startedAt) + .seconds(time.elapsedSeconds)
            },
            at: viewer.now
        )
        return Table.Row(
            id: "execution-\(execution.executionId)",
            [
                """
                <a href="\(Link.execution(execution.executionId))" data-row-link>\(execution.planName)</a> \
                \(execution.executionType.badge)
                """,
                Status(execution.status, waitsForApproval: execution.waitsForApproval).html,
                "\(counts.launched) of \(counts.total)\(failed)",
                Times.moment(execution.startedAt),
                "\(clock)\(target)",
                "\(execution.startedBy)",
            ]
        )
    }
}
