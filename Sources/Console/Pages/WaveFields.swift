internal import Ambient
internal import Contract
internal import Hypertext
internal import Recovery

/// The fields of one wave.
///
/// Their names hold its place, which the editor rewrites when waves move.
struct WaveFields: Sendable {
    let plan: RecoveryPlan.ID?
    let wave: WaveView?
    let number: String
    /// The groups that the plan names.
    let groups: [ProtectionGroupView]
    let choices: GroupChoices
    /// Waves that a dependency may be chosen from.
    let count: Int

    private func name(_ field: String) -> String { "waves.\(number).\(field)" }

    var html: HTML {
        """
        <fieldset class="wave field" data-field="\(name("wave"))"><legend class="unseen">Wave</legend><div class="wave-head">\
        <span class="grip" draggable="true" data-drag aria-hidden="true" title="Drag to move">\(icon("grip"))</span><h3>Wave \(wave.map { "\($0.waveNumber + 1)" } ?? "")</h3><div class="actions">\
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
        let own = groups.filter { chosen.contains($0.groupId) }
        let others = choices.groups.filter { !chosen.contains($0.groupId) }
        let search = Field.search("/ui/groups?q=", "groups")
        return """
            <div class="field" data-field="\(name("protectionGroupIds"))"><fieldset class="field"><legend>Protection groups</legend>\
            \(if: choices.hasMore, search)<ul class="pick" data-found>\(own.html { GroupChoices.item($0, of: number, isChosen: true) })\
            \(others.html { GroupChoices.item($0, of: number) })</ul></fieldset><p class="problem"></p></div>\(servers)
            """
    }

    /// What is chosen of single servers: in short, until somebody opens it.
    private var servers: HTML {
        let (some, optional) = (wave?.serverIds.count ?? 0, wave?.servers.count { $0.impact == .optional } ?? 0)
        let pinned = wave?.servers.count { $0.recoverySnapshotId != nil } ?? 0
        let facts = [
            some > 0 ? "\(some) chosen" : nil, optional > 0 ? "\(optional) may fail" : nil,
            pinned > 0 ? "\(pinned) from a fixed recovery point" : nil,
        ].compactMap(\.self).joined(separator: ", ")
        return """
            <details data-servers data-plan="\(plan?.description)" data-wave="\(wave.map { "\($0.waveNumber)" })">\
            <summary>Servers one by one\(if: !facts.isEmpty, " <span class=\"quiet\">\(facts)</span>")</summary>\
            <div class="field" data-field="\(name("serverIds"))"><div data-list>\(WaveServers.kept(wave, number))</div>\
            <p class="problem"></p></div></details>
            """
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
