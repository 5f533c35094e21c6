internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The wave editor: a plan, new or as it is.
package struct PlanEditPage: ConsolePage {
    /// Nil for a new plan.
    package let plan: RecoveryPlanView?
    /// The groups that the plan names.
    package let groups: [ProtectionGroupView]
    /// The groups that are offered before anybody searches.
    package let choices: GroupChoices

    package init(plan: RecoveryPlanView?, groups: [ProtectionGroupView] = [], choices: GroupChoices) {
        self.plan = plan
        self.groups = groups
        self.choices = choices
    }

    package var title: String { plan.map { "Edit \($0.planName)" } ?? "Create recovery plan" }
    package var section: Section? { .plans }
    package var trail: [Crumb] {
        [Crumb("Recovery plans", "/recovery-plans")] + (plan.map { [Crumb($0.planName, .plan($0.planId))] } ?? [])
    }

    package func content(for viewer: Viewer) -> HTML {
        guard !(groups.isEmpty && choices.groups.isEmpty) else {
            return """
                <section class="card narrow" aria-label="No groups">\(Empty(
                    "No protection groups yet",
                    "Waves recover protection groups: make one first.",
                    action: Button("Create group", .primary, link: "/protection-groups/new").html
                ).html)</section>
                """
        }
        let action =
            plan.map { Action(UpdateRecoveryPlan.self, [$0.planId.description]) } ?? Action(CreateRecoveryPlan.self)
        return """
            <form class="call narrow" action="\(action.path)" method="post" data-call="\(action.method)" data-guard \
            data-done="The plan is saved." data-then="/recovery-plans/{planId}"\(attribute: "data-revision", plan?.revision) \
            novalidate><div class="form-error" role="alert" tabindex="-1"></div>\(general)\(waves)\
            <div class="form-foot"><a class="button" href="\(plan.map { Link.plan($0.planId) } ?? "/recovery-plans")">Cancel</a>\
            <button class="button primary">\(plan == nil ? "Create plan" : "Save plan")</button></div></form>
            <template id="wave-template">\(WaveFields(plan: nil, wave: nil, number: "new", groups: groups, choices: choices, count: 12).html)</template>
            """
    }

    private var general: HTML {
        Card(
            "Plan",
            """
            <div class="fields">\(Field.text("planName", "Name", value: plan?.planName, isRequired: true))\
            \(Field.area("description", "Description", value: plan?.description))\
            <div class="columns">\(Field.text("application", "Application", value: plan?.application, as: .optional))\
            \(Field.text("owner", "Owner", value: plan?.owner, as: .optional))\
            \(Field.number("recoveryTimeObjectiveMinutes", "Recovery time target", value: plan?.recoveryTimeObjectiveMinutes, range: Limits.objectiveMinutes, unit: "minutes"))\
            \(Field.number("recoveryPointObjectiveSeconds", "Recovery point target", value: plan?.recoveryPointObjectiveSeconds, range: Limits.objectiveSeconds, unit: "seconds"))</div>\
            \(Field.radios("ordering", "Order", value: plan?.ordering.rawValue ?? "SEQUENTIAL", options: [
                ("SEQUENTIAL", "Wave after wave", "Each wave begins when the one before it is done."),
                ("DEPENDENCIES", "By dependencies", "A wave begins when the waves it depends on are done; others run at the same time."),
            ]))</div>
            """
        ).html
    }

    /// In a plan of more waves each has its own groups alone until somebody searches: the page stays light.
    private static let wavesWithChoices = 10

    private var waves: HTML {
        let waves = plan?.waves ?? []
        let offered = waves.count > Self.wavesWithChoices ? GroupChoices(groups: [], hasMore: true) : choices
        return Card(
            "Waves",
            note: "A wave recovers its groups' servers at the same time.",
            """
            <div class="waves" data-waves>\(waves.html {
                WaveFields(plan: plan?.planId, wave: $0, number: "\($0.waveNumber)", groups: groups, choices: offered, count: max(12, waves.count)).html
            })</div><div><button type="button" class="button" data-add-wave>\(icon("plus"))Add wave</button></div>
            """
        ).html
    }
}
