internal import Contract
internal import Recovery

extension RecoveryPlanView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("NAME"), .number("WAVES"), .number("SERVERS"), .text("READINESS"), .text("LATEST EXECUTION"),
            .text("LAST DRILL"), .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(planName), Table.Cell("\(totalWaves)"), Table.Cell("\(totalServers)"), .label(readiness.state),
            latest, .optional(lastDrillAt.map { ClockText.of($0) }), Table.Cell("\(planId)", .faint),
        ]
    }

    var quiet: String { "\(planId)" }

    var sections: [Section] {
        var fields: [(name: String, value: Table.Cell)] = [
            ("Name", Table.Cell(planName, .strong)), ("Id", Table.Cell("\(planId)")),
            ("Description", .optional(description.isEmpty ? nil : description)),
            ("Application", .optional(application)), ("Owner", .optional(owner)),
            ("Ordering", Table.Cell(ordering.rawValue)),
            ("Time objective", .optional(recoveryTimeObjectiveMinutes.map { "\($0) min" })),
            ("Point objective", .optional(recoveryPointObjectiveSeconds.map { "\($0) s" })),
            ("Servers", Table.Cell("\(totalServers)")), ("Readiness", .label(readiness.state)),
        ]
        fields += readiness.reasons.map { ("", Table.Cell("\($0.text) (\($0.code))", .warning)) }
        fields.append(("Checked", .optional(readiness.checkedAt.map { ClockText.of($0) })))
        if let conflict = conflictInfo {
            let what = "\(conflict.conflictingExecutionId) is \(conflict.conflictingStatus)"
            fields.append(("In use by", Table.Cell(what, .warning)))
        }
        fields += [
            ("Latest", latest),
            ("Last drill", .optional(lastDrillAt.map { ClockText.of($0) })),
            ("Changed", Table.Cell("\(ClockText.of(lastModifiedDate)), revision \(revision)")),
            ("Created", Table.Cell("\(ClockText.of(createdDate)) by \(createdBy)")),
        ]
        return [.fields(fields), .table(title: "Waves", Table(WaveView.columns, waves.map(\.row)))]
    }

    private var latest: Table.Cell {
        guard let latest = latestExecution else { return Table.Cell("-", .faint) }
        let text = "\(latest.executionType.rawValue) \(latest.status.rawValue) \(ClockText.of(latest.startedAt))"
        return Table.Cell(text, Tone(ofLabel: latest.status.rawValue))
    }
}

extension WaveView {
    static var columns: [Table.Column] {
        [
            .number("WAVE"), .text("NAME"), .number("GROUPS"), .text("SERVERS"), .text("AFTER"), .text("PAUSE"),
            .text("APPROVALS"), .text("ON FAILURE"), .number("TIMEOUT"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell("\(waveNumber)"), Table.Cell(name), Table.Cell("\(protectionGroupIds.count)"),
            Table.Cell(serverIds.isEmpty ? "all" : "\(serverIds.count)"),
            .optional(dependsOnWaves.isEmpty ? nil : dependsOnWaves.map(String.init).joined(separator: ",")),
            Table.Cell(pauseBeforeWave ? "yes" : "no"), .optional(approvals.map(\.count)),
            Table.Cell(onFailure.rawValue), Table.Cell("\(timeoutMinutes) min"),
        ]
    }
}
