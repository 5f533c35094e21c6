internal import Ambient
internal import Contract
internal import Recovery

extension ScheduleView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.text("NAME"), .text("PLAN"), .text("WHEN"), .text("ZONE"), .text("NEXT"), .text("LAST"), .text("ID")]
    }

    private var next: Table.Cell {
        guard isEnabled else { return Table.Cell("switched off", .faint) }
        return .optional(nextRuns.first.map { ClockText.of($0) })
    }

    var row: [Table.Cell] {
        [
            Table.Cell(scheduleName), Table.Cell(planName), Table.Cell(cron), Table.Cell(timeZone), next,
            .optional(lastRun?.outcome.rawValue), Table.Cell(scheduleId.description, .faint),
        ]
    }

    var quiet: String { scheduleId.description }

    var sections: [Section] {
        var fields: [(name: String, value: Table.Cell)] = [
            ("Schedule", Table.Cell(scheduleName, .strong)), ("Id", Table.Cell(scheduleId.description)),
            ("Plan", Table.Cell(planName)), ("When", Table.Cell("\(cron), \(timeZone)")),
            ("Description", .optional(description.isEmpty ? nil : description)),
            ("Busy servers", Table.Cell(whenBusy.rawValue)), ("Missed", Table.Cell(whenMissed.rawValue)),
            ("Patience", Table.Cell("\(patienceMinutes) minutes")),
            ("Clean-up", .optional(cleanUpAfterHours.map { "\($0) hours after the start" })),
            ("Notice", .optional(noticeMinutes == 0 ? nil : "\(noticeMinutes) minutes before")),
            ("Created by", Table.Cell(createdBy)), ("Revision", Table.Cell("\(revision)")), ("Next", next),
        ]
        fields += nextRuns.dropFirst().map { ("", Table.Cell(ClockText.of($0))) }
        fields += blackouts.map { ("Blackout", Table.Cell("\($0.from) to \($0.until): \($0.reason)")) }
        if let run = lastRun {
            fields.append(("Last", Table.Cell("\(run.dueAt) \(run.outcome.rawValue) \(run.detail ?? "")")))
        }
        return [.fields(fields)]
    }
}

extension ScheduleRunView: Tabular {
    static var columns: [Table.Column] {
        [.text("DUE"), .text("OUTCOME"), .text("DECIDED"), .text("EXECUTION"), .text("WHY")]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(ClockText.of(dueAt)), Table.Cell(outcome.rawValue), Table.Cell(ClockText.of(decidedAt)),
            .optional(executionId?.description), .optional(detail),
        ]
    }

    var quiet: String { executionId?.description ?? dueAt.description }
}
