internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The wave editor: a plan, new or as it is.
package struct PlanEditPage: ConsolePage {
    /// Nil for a new plan.
    package let plan: RecoveryPlanView?
    package let groups: [ProtectionGroupView]

    package init(plan: RecoveryPlanView?, groups: [ProtectionGroupView]) {
        self.plan = plan
        self.groups = groups
    }

    package var title: String { plan.map { "Edit \($0.planName)" } ?? "Create recovery plan" }
    package var section: Section? { .plans }
    package var trail: [Crumb] {
        [Crumb("Recovery plans", "/recovery-plans")] + (plan.map { [Crumb($0.planName, .plan($0.planId))] } ?? [])
    }

    package func content(for viewer: Viewer) -> HTML {
        guard !groups.isEmpty else {
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
            <template id="wave-template">\(WaveFields(wave: nil, number: "new", groups: groups, count: 12).html)</template>
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

    private var waves: HTML {
        let waves = plan?.waves ?? []
        return Card(
            "Waves",
            note: "A wave recovers its groups' servers at the same time.",
            """
            <div class="waves" data-waves>\(waves.html {
                WaveFields(wave: $0, number: "\($0.waveNumber)", groups: groups, count: max(12, waves.count)).html
            })</div><div><button type="button" class="button" data-add-wave>\(icon("plus"))Add wave</button></div>
            """
        ).html
    }
}

/// The fields of one wave.
///
/// Their names hold its place, which the editor rewrites when waves move.
struct WaveFields: Sendable {
    let wave: WaveView?
    let number: String
    let groups: [ProtectionGroupView]
    /// Waves that a dependency may be chosen from.
    let count: Int

    private func name(_ field: String) -> String { "waves.\(number).\(field)" }

    var html: HTML {
        """
        <fieldset class="wave field" data-field="\(name("wave"))"><legend class="unseen">Wave</legend><div class="wave-head">\
        <h3>Wave \(wave.map { "\($0.waveNumber + 1)" } ?? "")</h3><div class="actions">\
        <button type="button" class="button small" data-move="up">Move up</button>\
        <button type="button" class="button small" data-move="down">Move down</button>\
        <button type="button" class="button small danger" data-remove>Remove</button></div></div>\
        \(Field.hidden(name("waveNumber"), wave.map { "\($0.waveNumber)" } ?? "0", as: .number))\
        \(Field.text(name("name"), "Name", value: wave?.name, isRequired: true))\(picker)\
        <details><summary>Gates, failure and time-out</summary><div class="fields">\(gates)</div></details></fieldset>
        """
    }

    private var picker: HTML {
        let chosen = Set(wave?.protectionGroupIds ?? [])
        return """
            <div class="field" data-field="\(name("protectionGroupIds"))"><fieldset class="field"><legend>Protection groups</legend>\
            <ul class="pick">\((groups.filter { chosen.contains($0.groupId) } + groups.filter { !chosen.contains($0.groupId) }).html { group in
                """
                <li><label><input type="checkbox" name="\(name("protectionGroupIds"))[]" data-as="text" \
                value="\(group.groupId.description)"\(flag: "checked", chosen.contains(group.groupId))>\
                <span>\(group.groupName)<span class="quiet detail">\(group.accountId.rawValue), \(group.region.rawValue)</span></span>\
                <span class="quiet">\(group.serverCount) servers</span></label></li>
                """
            })</ul></fieldset><p class="problem"></p></div>\(kept)
            """
    }

    /// What the editor does not show is sent back as it is.
    private var kept: HTML {
        guard let wave else { return .empty }
        let servers = wave.serverIds.html { Field.hidden(name("serverIds[]"), $0.rawValue) }
        let choices = wave.servers.enumerated().html { index, choice in
            Field.hidden(name("servers.\(index).serverId"), choice.serverId.rawValue)
                + Field.hidden(name("servers.\(index).impact"), choice.impact.rawValue)
                + Field.hidden(
                    name("servers.\(index).recoverySnapshotId"),
                    choice.recoverySnapshotId?.rawValue ?? "",
                    as: .optional
                )
        }
        let note: HTML =
            wave.serverIds.isEmpty
            ? .empty
            : "<p class=\"hint\">Only \(wave.serverIds.count) chosen servers of these groups are recovered.</p>"
        return servers + choices + note
    }

    private var gates: HTML {
        let rule = wave?.approvals
        return """
            \(Field.area(name("description"), "Description", value: wave?.description))\
            \(dependencies)\(Field.check(name("pauseBeforeWave"), "Pause before this wave", isOn: wave?.pauseBeforeWave ?? false, hint: "Somebody must resume the run."))\
            <div class="field check"><label><input type="checkbox" data-approvals\(flag: "checked", rule != nil)>\
            <span>Approval before this wave</span></label></div>\
            <div class="columns" data-approvals-part>\(Field.number(name("approvals.count"), "Approvals", value: rule?.count ?? 1, range: Limits.approvalsPerWave, unit: "people"))\
            \(Field.text(name("approvals.groups"), "Only by members of", value: rule?.groups.joined(separator: ", "), as: .lines, hint: "Groups, with commas; empty: everybody who may steer runs.", maximum: 4096))\
            \(Field.check(name("approvals.excludeStarter"), "Not by the person who started the run", isOn: rule?.excludeStarter ?? true))</div>\
            <div class="columns">\(Field.select(name("onFailure"), "If a critical server fails", value: wave?.onFailure.rawValue ?? "STOP", options: [("STOP", "Stop the run"), ("CONTINUE", "Go on with the waves after it")]))\
            \(Field.number(name("timeoutMinutes"), "Time-out of a launch", value: wave?.timeoutMinutes ?? Limits.defaultTimeoutMinutes, range: Limits.timeoutMinutes, unit: "minutes"))</div>
            """
    }

    private var dependencies: HTML {
        let chosen = Set(wave?.dependsOnWaves ?? [])
        return """
            <div class="field" data-field="\(name("dependsOnWaves"))"><fieldset class="field"><legend>Depends on</legend>\
            <div class="actions">\((0..<count).html { earlier in
                """
                <label class="choice" data-earlier="\(earlier)"><input type="checkbox" name="\(name("dependsOnWaves"))[]" \
                data-as="number" value="\(earlier)"\(flag: "checked", chosen.contains(earlier))>Wave \(earlier + 1)</label>
                """
            })</div></fieldset><p class="hint">Counts where the order is by dependencies.</p><p class="problem"></p></div>
            """
    }
}
