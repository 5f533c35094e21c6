package import Contract
package import Hypertext
internal import Recovery

/// What needs a person, what runs, and whether a disaster could be met now.
package struct DashboardPage: ConsolePage {
    package let active: [ExecutionView]
    package let recent: [ExecutionView]
    package let standing: DashboardView
    package let spokes: [SpokeView]
    package let quotas: [QuotaUse]

    package init(
        active: [ExecutionView],
        recent: [ExecutionView],
        standing: DashboardView,
        spokes: [SpokeView],
        quotas: [QuotaUse]
    ) {
        self.active = active
        self.recent = recent
        self.standing = standing
        self.spokes = spokes
        self.quotas = quotas
    }

    package var title: String { "Dashboard" }
    package var section: Section? { .dashboard }
    package var topics: [String] { ["attention", "executions"] }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(DashboardMetrics(page: self).html)
        <div class="grid">\(attention(viewer))\(running(viewer))</div>
        <div class="grid">\(results)\(readiness)</div>
        <div class="grid">\(capacity(viewer))\(agents(viewer))</div>
        \(history(viewer))
        """
    }

    /// What changes while the page is open.
    package func liveParts(for viewer: Viewer) -> [HTML] {
        [DashboardMetrics(page: self).html, attention(viewer), running(viewer)]
    }

    private func attention(_ viewer: Viewer) -> HTML {
        let runs = active.filter { $0.needsSomebody || $0.counts.failed > 0 }.map { run -> HTML in
            let what =
                run.waitsForApproval
                ? "Needs approval" : run.needsSomebody ? "Paused" : "\(run.counts.failed) servers failed"
            let kind: Status.Kind = run.waitsForApproval ? .approval : run.needsSomebody ? .stopped : .error
            return item(Status(kind, what), run.planName, Link.execution(run.executionId), "Open the run")
        }
        let broken = standing.notReadyPlans.prefix(5).map { plan -> HTML in
            item(
                Status(.error, "Not ready"),
                plan.planName,
                Link.plan(plan.planId),
                plan.readiness.reasons.first?.text ?? ""
            )
        }
        let lost = spokes.filter { $0.state == .lost }.prefix(3).map { spoke -> HTML in
            item(Status(.error, "Spoke lost"), spoke.name, "/accounts", "Its accounts cannot be reached through it.")
        }
        let due = standing.plans.drillDue
        let drills: [HTML] =
            due == 0
            ? []
            : [
                item(
                    Status(.warning, "Drill due"),
                    due == 1 ? "1 plan" : "\(due) plans",
                    "/recovery-plans?due=true",
                    "Not drilled for 90 days, or never."
                )
            ]
        let items = runs + broken + lost + drills
        return Card(
            "Needs you",
            id: "attention",
            count: items.isEmpty ? nil : "\(items.count)",
            items.isEmpty
                ? Empty("Nothing needs you", "Approvals, failures and plans that are not ready appear here.").html
                : "<ul class=\"items\">\(items.joined())</ul>"
        ).html
    }

    private func item(_ status: Status, _ name: String, _ link: Link, _ text: String) -> HTML {
        """
        <li><div class="what"><a href="\(link)"><strong>\(name)</strong></a><span class="quiet detail">\(text)</span></div>\
        \(status.html)</li>
        """
    }

    private func running(_ viewer: Viewer) -> HTML {
        Card(
            "Active executions",
            id: "active",
            count: active.isEmpty ? nil : "\(active.count)",
            active.isEmpty
                ? Empty(
                    "Nothing is running",
                    "A drill shows what a disaster would cost, and touches nothing in production.",
                    action: Button("Start a drill", link: "/recovery-plans").html
                ).html
                : "<ul class=\"items\">\(active.html { run($0, viewer) })</ul>"
        ).html
    }

    private func run(_ run: ExecutionView, _ viewer: Viewer) -> HTML {
        let time = run.recoveryTime
        let share = time.objectiveSeconds.map { Double(time.elapsedSeconds) / Double(max(1, $0)) }
        let clock = Times.ticking(from: run.declaredAt ?? run.startedAt, to: nil, at: viewer.now)
        return """
            <li><div class="what"><a href="\(Link.execution(run.executionId))"><strong>\(run.planName)</strong></a> \
            \(run.executionType.badge)<span class="quiet detail">\(clock)\
            \(time.objectiveSeconds.map { " of \(Times.duration($0, coarse: true)) target" as HTML }) \u{B7} \
            \(run.counts.launched) of \(run.counts.total) servers</span>\
            \(share.map { Meter($0, isOver: $0 > 1, label: "Elapsed of target").html })</div>\
            \(Status(run.status, waitsForApproval: run.waitsForApproval).html)</li>
            """
    }

    private var results: HTML {
        func count(_ statuses: ExecutionStatus...) -> Int { recent.count { statuses.contains($0.status) } }
        let all: Link = "/executions?active=false"
        func link(_ status: ExecutionStatus) -> Link { all.with([("status", status.rawValue)]) }
        return Card(
            "Last runs",
            note: recent.count == 1 ? "How the last run ended." : "How the last \(recent.count) runs ended.",
            recent.isEmpty
                ? Empty("No history", "Runs that have ended are counted here.").html
                : Donut(
                    [
                        .init(.success, "completed", count(.completed), link(.completed)),
                        .init(.warning, "partly failed", count(.partial), link(.partial)),
                        .init(.error, "failed", count(.failed), link(.failed)),
                        .init(.stopped, "cancelled", count(.cancelled), link(.cancelled)),
                    ],
                    unit: "runs"
                ).html
        ).html
    }

    private var readiness: HTML {
        let plans = standing.plans
        return Card(
            "Plan readiness",
            note: "Whether each plan could be recovered now.",
            plans.total == 0
                ? Empty(
                    "No recovery plans",
                    "A plan says what is recovered in which order.",
                    action: Button("Create a plan", link: "/recovery-plans/new").html
                ).html
                : Donut(
                    [
                        .init(.success, "verified", plans.verified, "/recovery-plans?readiness=VERIFIED"),
                        .init(.warning, "need a check", plans.needsCheck, "/recovery-plans?readiness=NEEDS_CHECK"),
                        .init(.error, "not ready", plans.notReady, "/recovery-plans?readiness=NOT_READY"),
                    ],
                    unit: "plans"
                ).html
        ).html
    }

    private func capacity(_ viewer: Viewer) -> HTML {
        Card(
            "Capacity at DRS",
            note: "Use of the quotas, per account and Region.",
            quotas.isEmpty
                ? Empty("Nothing known yet", "Spokes report quotas with the inventory.").html
                : Staleness.inventory(of: quotas, at: viewer.now).html(at: viewer.now)
                    + Table(
                        "Quotas",
                        columns: [
                            .init("Account, Region"), .init("Jobs", .end), .init("Servers in jobs", .end),
                            .init("Replicating", .end),
                        ],
                        rows: quotas.prefix(12).map { use in
                            Table.Row([
                                """
                                <a href="\(Link.account(use.accountId))">\(use.accountId.rawValue)</a>\
                                <span class="quiet detail">\(use.region.rawValue)</span>
                                """,
                                measure(use.concurrentJobs), measure(use.serversInJobs),
                                measure(use.replicatingServers),
                            ])
                        }
                    ).html
        ).html
    }

    private func measure(_ measure: QuotaUse.Measure) -> HTML {
        let share = Double(measure.used) / Double(max(1, measure.limit))
        return """
            <span class="id">\(measure.used) of \(measure.limit)</span>\(Meter(share, isOver: share >= 0.9, label: "\(measure.used) of \(measure.limit)").html)
            """
    }

    private func agents(_ viewer: Viewer) -> HTML {
        Card(
            "Spokes",
            count: spokes.isEmpty ? nil : "\(spokes.count)",
            spokes.isEmpty
                ? Empty(
                    "No spoke is connected",
                    "A spoke in each account calls AWS for the hub.",
                    action: Button("Connect an account", link: "/accounts").html
                ).html
                : Table(
                    "Spokes",
                    columns: [.init("Spoke"), .init("State"), .init("Accounts"), .init("Last seen", .end)],
                    rows: spokes.prefix(12).map { spoke in
                        Table.Row([
                            "\(spoke.name)<span class=\"quiet detail\">\(spoke.version)</span>",
                            Status(spoke.state).html,
                            "\(spoke.accounts.count)", Times.ago(spoke.lastSeenAt, at: viewer.now),
                        ])
                    }
                ).html
        ).html
    }

    private func history(_ viewer: Viewer) -> HTML {
        guard !recent.isEmpty else { return .empty }
        return Card(
            "Recent activity",
            actions: "<a href=\"/executions?active=false\">View all</a>",
            ExecutionsTable(executions: Array(recent.prefix(8)), viewer: viewer).html
        ).html
    }
}

/// The numbers at the top, each a link to what it counts.
struct DashboardMetrics: Sendable {
    let page: DashboardPage

    var html: HTML {
        let runs = page.standing.executions
        let (notReady, due) = (page.standing.plans.notReady, page.standing.plans.drillDue)
        let servers = page.quotas.reduce(0) { $0 + $1.totalServers.used }
        let ended = page.recent.filter { $0.status != .cancelled }
        let passed = ended.count { $0.status == .completed }
        let rate = ended.isEmpty ? "-" : "\(Int((Double(passed) / Double(ended.count) * 100).rounded()))%"
        return """
            <div class="metrics" id="metrics">\
            \(metric("\(runs.active)", runs.active == 1 ? "active run" : "active runs", "/executions?active=true"))\
            \(metric("\(runs.waitingForPerson)", runs.waitingForPerson == 1 ? "needs you" : "need you", "/approvals", runs.waitingForPerson > 0 ? "attention" : ""))\
            \(metric("\(notReady)", notReady == 1 ? "plan not ready" : "plans not ready", "/recovery-plans?readiness=NOT_READY", notReady > 0 ? "bad" : ""))\
            \(metric("\(due)", due == 1 ? "drill due" : "drills due", "/recovery-plans?due=true"))\
            \(metric("\(servers)", "source servers", "/servers"))\
            \(metric(rate, "of the last runs succeeded", "/executions?active=false"))</div>
            """
    }

    private func metric(_ value: String, _ label: String, _ link: Link, _ mood: String = "") -> HTML {
        """
        <a class="metric \(mood)" href="\(link)"><span class="value">\(value)</span><span class="label">\(label)</span></a>
        """
    }
}
