internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// The last look before a start: what would be refused, what is worth knowing, and what is asked of the starter.
package struct PlanStartPage: ConsolePage {
    package let plan: RecoveryPlanView
    package let type: ExecutionType
    package let validation: PlanValidation

    package init(plan: RecoveryPlanView, type: ExecutionType, validation: PlanValidation) {
        self.plan = plan
        self.type = type
        self.validation = validation
    }

    package var title: String { "Start \(type.noun) of \(plan.planName)" }
    package var section: Section? { .plans }
    package var trail: [Crumb] {
        [Crumb("Recovery plans", "/recovery-plans"), Crumb(plan.planName, .plan(plan.planId))]
    }
    package var mood: Mood { type == .recovery ? .recovery : .ordinary }

    package func heading(for viewer: Viewer) -> HTML {
        let other: ExecutionType = type == .drill ? .recovery : .drill
        return Heading(
            title,
            badges: type.badge,
            note: type == .drill
                ? "Servers are launched beside production, which goes on untouched."
                : "For a disaster: servers are launched to take over production.",
            actions: Button("Start a \(other.noun) instead", link: .planStart(plan.planId, other)).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let conflicts = validation.problems.contains { $0.code == "SERVER_CONFLICT" && $0.blocking }
        let mayStart = validation.startable || (type == .recovery && conflicts)
        return """
            <div class="stack narrow">\(checks)\(readiness)\(scope)\(mayStart && viewer.may(StartExecution.permission)
                ? form(conflicts)
                : Alert(.error, "This cannot be started now", viewer.may(StartExecution.permission)
                    ? "What is marked as blocking above must be put right first."
                    : "This needs the permission ExecuteRecovery, which your roles do not have.").html)</div>
            """
    }

    private var checks: HTML {
        let rows: [HTML] =
            validation.problems.isEmpty
            ? [
                "<li><div class=\"what\">Everything that a start checks holds: servers, groups, conflicts, quotas.</div>\(Status(.success, "Passed").html)</li>"
            ]
            : validation.problems.sorted { $0.blocking && !$1.blocking }.map { problem in
                let place = problem.waveNumber.map { "Wave \($0 + 1): " } ?? ""
                let servers = problem.serverIds.prefix(5).map(\.rawValue).joined(separator: ", ")
                return """
                    <li><div class="what">\(place)\(problem.detail)<span class="quiet detail">\(problem.code)\
                    \(problem.serverIds.isEmpty ? "" : ", \(servers)\(problem.serverIds.count > 5 ? " and \(problem.serverIds.count - 5) more" : "")")</span></div>\
                    \((problem.blocking ? Status(.error, "Blocking") : Status(.warning, "Warning")).html)</li>
                    """
            }
        return Card(
            "Checks",
            note: "Asked just now; asked again at the start.",
            "<ul class=\"items\">\(rows.joined())</ul>"
        ).html
    }

    /// What the standing check found; it is no reason against a start, and worth knowing before one.
    private var readiness: HTML {
        guard plan.readiness.state == .notReady else { return .empty }
        return Alert(
            .warning,
            "The plan is not ready, and may be started all the same",
            "<ul>\(plan.readiness.reasons.html { "<li>\($0.text) <span class=\"quiet\">\($0.code)</span></li>" })</ul>"
        ).html
    }

    private var scope: HTML {
        let gates = plan.waves.count { $0.pauseBeforeWave || $0.approvals != nil }
        return Card(
            "What will happen",
            """
            \(KeyValues([
                ("Servers", "\(plan.totalServers)"), ("Waves", "\(plan.totalWaves)"),
                ("Gates", gates == 0 ? "None: it runs to its end" : "\(gates) waves wait for a person"),
                ("Target", "\(plan.recoveryTimeObjectiveMinutes.map { Times.duration($0 * 60) } ?? "-")"),
            ]).html)<p class="quiet">Data: the most recent recovery point of each server, unless the plan names another.</p>
            """
        ).html
    }

    private func form(_ conflicts: Bool) -> HTML {
        let isRecovery = type == .recovery
        return Card(
            isRecovery ? "Start the recovery" : "Start the drill",
            CallForm(
                Action(StartExecution.self),
                submit: isRecovery ? "Start recovery" : "Start drill",
                isRecovery ? .danger : .primary,
                then: "/executions/{executionId}",
                done: isRecovery ? "The recovery has started." : "The drill has started.",
                isInDialog: false,
                cancel: .plan(plan.planId),
                typed: isRecovery ? plan.planName : nil,
                fields: """
                    \(Field.hidden("planId", plan.planId.description))\(Field.hidden("executionType", type.rawValue))\
                    \(Field.area("reason", "Reason", as: isRecovery ? .text : .optional, hint: "It stands in the event log.", isRequired: isRecovery))\
                    \(if: isRecovery && conflicts, Field.check("cancelDrills", "Cancel the drills that stand in the way", isOn: true, hint: "Only those that have no launch running at DRS."))\
                    \(if: !isRecovery, Field.number("cleanUpAfterHours", "Terminate its instances after", range: Limits.cleanUpHours, unit: "hours", hint: "Empty: a person does it."))\
                    \(if: isRecovery, Field.text("confirm", "Type the plan's name to confirm", as: .none, hint: plan.planName, isRequired: true))
                    """
            ).html
        ).html
    }
}
