internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// One recovery plan: its readiness, its waves, its runs.
package struct PlanPage: ConsolePage {
    package let plan: RecoveryPlanView
    /// The names of the groups that its waves use.
    package let groups: [ProtectionGroup.ID: String]
    package let runs: [ExecutionView]

    package init(plan: RecoveryPlanView, groups: [ProtectionGroup.ID: String], runs: [ExecutionView]) {
        self.plan = plan
        self.groups = groups
        self.runs = runs
    }

    package var title: String { plan.planName }
    package var section: Section? { .plans }
    package var trail: [Crumb] { [Crumb("Recovery plans", "/recovery-plans")] }

    package func heading(for viewer: Viewer) -> HTML {
        let edit = Button(
            "Edit",
            link: .planEdit(plan.planId),
            disabledBecause: viewer.may(UpdateRecoveryPlan.permission)
                ? nil : "This needs the permission UpdateRecoveryPlan."
        )
        let delete = Button(
            "Delete",
            opens: "delete",
            disabledBecause: viewer.may(DeleteRecoveryPlan.permission)
                ? nil : "This needs the permission DeleteRecoveryPlan."
        )
        return Heading(
            title,
            badges: Status(plan.readiness.state).html,
            note: "\(plan.description.isEmpty ? "No description" : plan.description)",
            actions: "\(edit.html)\(delete.html)\(PlanStart(plan: plan, viewer: viewer).buttons)"
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(conflict)\(reasons)\(facts)\(waves)\(history(viewer))\(if: viewer.may(DeleteRecoveryPlan.permission), deletion)
        """
    }

    private var conflict: HTML {
        guard let conflict = plan.conflictInfo else { return .empty }
        let id = Execution.ID(conflict.conflictingExecutionId)
        let link: HTML? = id.map { "<a class=\"button\" href=\"\(Link.execution($0))\">Open it</a>" }
        let count = conflict.conflictingServers.count
        return Alert(
            .warning,
            count == 1 ? "One of its servers is in use" : "\(count) of its servers are in use",
            "Execution \(conflict.conflictingExecutionId) is \(Status.words(conflict.conflictingStatus).lowercased()); until it ends no drill of this plan can be started.",
            actions: link ?? .empty
        ).html
    }

    private var reasons: HTML {
        guard !plan.readiness.reasons.isEmpty else { return .empty }
        let kind: Alert.Kind = plan.readiness.state == .notReady ? .error : .warning
        return Alert(
            kind,
            plan.readiness.state == .notReady
                ? "Somebody has something to mend; it can be started all the same" : "Worth a look before a disaster",
            "<ul>\(plan.readiness.reasons.html { "<li>\($0.text) <span class=\"quiet\">\($0.code)</span></li>" })</ul>"
        ).html
    }

    private var facts: HTML {
        Card(
            "Summary",
            actions: """
                <a class="button small" href="\(Link.planVersions(plan.planId))">Versions</a>\
                <a class="button small" href="\(Link.planFile(plan.planId))" download="\(plan.planName).json">Export</a>
                """,
            KeyValues([
                ("Servers", "\(plan.totalServers)"), ("Waves", "\(plan.totalWaves)"),
                ("Order", plan.ordering == .sequential ? "Wave after wave" : "By dependencies"),
                ("Recovery time target", "\(plan.recoveryTimeObjectiveMinutes.map { Times.duration($0 * 60) } ?? "-")"),
                ("Recovery point target", "\(plan.recoveryPointObjectiveSeconds.map { Times.duration($0) } ?? "-")"),
                ("Last drill", Times.moment(plan.lastDrillAt)), ("Owner", "\(plan.owner ?? "-")"),
                ("Application", "\(plan.application ?? "-")"),
                ("Revision", "\(plan.revision), by \(plan.createdBy), changed \(Times.moment(plan.lastModifiedDate))"),
            ]).html
        ).html
    }

    private var waves: HTML {
        Card(
            "Waves",
            count: "\(plan.totalWaves)",
            Table(
                "Waves",
                columns: [
                    .init("Wave"), .init("Protection groups"), .init("Begins after"), .init("Gate"),
                    .init("If it fails"),
                    .init("Time-out", .end),
                ],
                rows: plan.waves.map(row)
            ).html
        ).html
    }

    private func row(_ wave: WaveView) -> Table.Row {
        let groups = wave.protectionGroupIds.map { id -> HTML in
            "<a href=\"\(Link.group(id))\">\(self.groups[id] ?? id.description)</a>"
        }.joined(by: ", ")
        let servers: HTML =
            wave.serverIds.isEmpty
            ? .empty : "<span class=\"detail quiet\">\(wave.serverIds.count) chosen servers</span>"
        let after =
            plan.ordering == .sequential
            ? (wave.waveNumber == 0 ? "the start" : "wave \(wave.waveNumber)")
            : wave.dependsOnWaves.isEmpty
                ? "the start" : wave.dependsOnWaves.map { "wave \($0 + 1)" }.joined(separator: ", ")
        var gates: [String] = []
        if let rule = wave.approvals {
            gates.append(
                "\(rule.count == 1 ? "1 approval" : "\(rule.count) approvals")\(rule.groups.isEmpty ? "" : " of \(rule.groups.joined(separator: ", "))")"
            )
        }
        if wave.pauseBeforeWave { gates.append("Pause") }
        return Table.Row([
            "<strong>\(wave.waveNumber + 1). \(wave.name)</strong>\(if: !wave.description.isEmpty, "<span class=\"detail quiet\">\(wave.description)</span>")",
            "\(groups)\(servers)", "\(after)", "\(gates.isEmpty ? "-" : gates.joined(separator: ", "))",
            wave.onFailure == .stop ? "Stop" : "Go on", "\(wave.timeoutMinutes) min",
        ])
    }

    private func history(_ viewer: Viewer) -> HTML {
        let all: Link = "/executions"
        return Card(
            "Executions",
            actions: "<a href=\"\(all.with([("planId", plan.planId.description)]))\">View all</a>",
            runs.isEmpty
                ? Empty("Never run", "A drill shows whether this plan works, and how long it takes.").html
                : ExecutionsTable(executions: runs, viewer: viewer).html
        ).html
    }

    private var deletion: HTML {
        Dialog(
            "delete",
            "Delete plan",
            """
            <p>The plan <strong>\(plan.planName)</strong> is deleted. Its executions stay, its schedules do not.</p>\
            \(Alert(.warning, "This cannot be undone.").html)\(CallForm(
                Action(DeleteRecoveryPlan.self, [plan.planId.description]),
                submit: "Delete",
                .danger,
                then: "/recovery-plans",
                done: "The plan \(plan.planName) is deleted.",
                revision: plan.revision,
                typed: "confirm",
                fields: Field.text("confirm", "Type confirm", as: .none, isRequired: true)
            ).html)
            """
        ).html
    }
}
