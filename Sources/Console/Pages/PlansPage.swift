package import Contract
package import Hypertext
package import Recovery

/// Every recovery plan, and whether it could be recovered now.
package struct PlansPage: ConsolePage {
    package let plans: [RecoveryPlanView]
    package let query: ListQuery
    package let readiness: Readiness.State?
    package let isDue: Bool

    package init(
        plans: [RecoveryPlanView],
        query: ListQuery = ListQuery("/recovery-plans", sort: "planName"),
        readiness: Readiness.State? = nil,
        isDue: Bool = false
    ) {
        self.plans = plans
        self.query = query
        self.readiness = readiness
        self.isDue = isDue
    }

    package var title: String { "Recovery plans" }
    package var section: Section? { .plans }
    package var topics: [String] { ["executions"] }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(plans.count),
            note: "What is recovered, in which order, with which gates.",
            actions: Button(
                "Import",
                link: "/recovery-plans/import",
                disabledBecause: viewer.may(ImportRecoveryPlan.permission)
                    ? nil : "This needs the permission CreateRecoveryPlan, which your roles do not have."
            ).html
                + Button.create("Create plan", "/recovery-plans/new", CreateRecoveryPlan.permission, viewer).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let isNarrowed = query.isNarrowed || readiness != nil || isDue
        let list: HTML =
            if plans.isEmpty {
                isNarrowed
                    ? Empty.noMatch("/recovery-plans").html
                    : Empty(
                        "No recovery plans",
                        "A plan puts protection groups into waves. Make a group first.",
                        action: Button.create(
                            "Create plan",
                            "/recovery-plans/new",
                            CreateRecoveryPlan.permission,
                            viewer
                        ).html
                    ).html
            } else {
                Table(
                    title,
                    columns: Self.columns,
                    rows: plans.map { row($0, viewer) },
                    sorting: query.sorting,
                    hiding: viewer.preferences.hidden(in: "plans")
                ).html
            }
        let tools = ListTools(
            here: query.here,
            table: ("plans", Self.columns),
            preferences: viewer.preferences
        ).html
        return """
            <section class="card" aria-label="List"><div class="list-bar">\(filter)\(tools)</div>\(list)\
            \(query.pagination(plans.count))</section>
            """
    }

    private static let columns: [Table.Column] = [
        .init("Plan", sort: "planName"), .init("Readiness"), .init("Waves", .end), .init("Servers", .end),
        .init("Target", .end), .init("Latest execution"), .init("Last drill"), .init("Start", isHidden: true),
    ]

    private var filter: HTML {
        Filter(
            "/recovery-plans",
            search: ("Find plans", query.text),
            choices: [
                .init(
                    "readiness",
                    "Readiness",
                    value: readiness?.rawValue,
                    options: [("VERIFIED", "Verified"), ("NEEDS_CHECK", "Needs check"), ("NOT_READY", "Not ready")]
                ),
                .init("due", "Drill", value: isDue ? "true" : nil, options: [("true", "Due")]),
            ],
            kept: [("sort", query.keptSort)]
        ).html
    }

    private func row(_ plan: RecoveryPlanView, _ viewer: Viewer) -> Table.Row {
        let latest: HTML =
            plan.latestExecution.map { run in
                """
                <a href="\(Link.execution(run.executionId))">\(Status(run.status).html)</a>\
                <span class="detail quiet">\(run.executionType.noun) \(Times.ago(run.startedAt, at: viewer.now))</span>
                """
            } ?? "-"
        let drill: HTML = plan.lastDrillAt.map { Times.ago($0, at: viewer.now) } ?? "never"
        let due: HTML = plan.drillDue ? "<span class=\"detail\">\(Status(.warning, "Due").html)</span>" : .empty
        let owner: HTML? = plan.application.map { "<span class=\"detail quiet\">\($0)</span>" }
        return Table.Row(
            id: "plan-\(plan.planId)",
            [
                "<a href=\"\(Link.plan(plan.planId))\" data-row-link>\(plan.planName)</a>\(owner)",
                Status(plan.readiness.state).html, "\(plan.totalWaves)", "\(plan.totalServers)",
                "\(plan.recoveryTimeObjectiveMinutes.map { Times.duration($0 * 60, coarse: true) } ?? "-")",
                latest, "\(drill)\(due)",
                PlanStart(plan: plan, viewer: viewer).drillButton,
            ]
        )
    }
}

/// The buttons that lead to a start, and why they cannot now.
struct PlanStart: Sendable {
    let plan: RecoveryPlanView
    let viewer: Viewer

    private var reason: String? {
        if !viewer.may(StartExecution.permission) {
            return "This needs the permission ExecuteRecovery, which your roles do not have."
        }
        if let conflict = plan.conflictInfo {
            let count = conflict.conflictingServers.count
            let servers = count == 1 ? "One of its servers is" : "\(count) of its servers are"
            return
                "\(servers) used by \(conflict.conflictingExecutionId) (\(Status.words(conflict.conflictingStatus).lowercased()))."
        }
        if plan.hasServerConflict { return "Something else uses its servers now." }
        // Not its readiness: in a disaster an old copy is what there is, and a start makes its own checks.
        return nil
    }

    var drillButton: HTML {
        guard let reason else {
            return
                "<a class=\"button small\" href=\"\(Link.planStart(plan.planId, .drill))\" aria-label=\"Drill \(plan.planName)\">Drill</a>"
        }
        let id = "why-\(plan.planId)"
        return """
            <span class="why"><button type="button" class="button small" aria-disabled="true" aria-describedby="\(id)" \
            aria-label="Drill \(plan.planName)">Drill</button><span class="reason" role="tooltip" id="\(id)">\(reason)</span></span>
            """
    }

    var buttons: HTML {
        Button("Start drill", .primary, link: .planStart(plan.planId, .drill), disabledBecause: reason).html
            + Button(
                "Start recovery",
                .danger,
                link: .planStart(plan.planId, .recovery),
                disabledBecause: recoveryReason
            ).html
    }

    /// A recovery may be prepared while drills stand in its way: its page offers to cancel them.
    private var recoveryReason: String? {
        viewer.may(StartExecution.permission)
            ? nil : "This needs the permission ExecuteRecovery, which your roles do not have."
    }
}

extension Button {
    /// The button that makes a new one, or why not.
    static func create(_ label: String, _ link: Link, _ permission: Permission?, _ viewer: Viewer) -> Button {
        Button(
            label,
            .primary,
            link: link,
            icon: "plus",
            disabledBecause: viewer.may(permission)
                ? nil : "This needs the permission \(permission?.rawValue ?? ""), which your roles do not have."
        )
    }
}
