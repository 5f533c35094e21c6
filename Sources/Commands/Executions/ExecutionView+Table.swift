internal import Ambient
internal import Contract
internal import Recovery

extension ExecutionView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("PLAN"), .text("TYPE"), .text("STATUS"), .text("STARTED"), .text("TOOK"), .number("LAUNCHED"),
            .number("FAILED"), .text("VERDICT"), .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(planName), Table.Cell(executionType.rawValue), .label(status),
            Table.Cell(ClockText.of(startedAt)), .optional(duration), Table.Cell("\(counts.launched)/\(counts.total)"),
            Table.Cell("\(counts.failed)", counts.failed > 0 ? .bad : .plain),
            verdict.map { .label($0.result) } ?? Table.Cell("-", .faint), Table.Cell("\(executionId)", .faint),
        ]
    }

    var quiet: String { "\(executionId)" }

    var sections: [Section] {
        let waves = waves ?? []
        let servers = waves.flatMap { wave in wave.servers.map { $0.row(wave: wave.waveNumber) } }
        return [
            .fields(fields), .table(title: "Waves", Table(ExecutionWaveView.columns, waves.map(\.row))),
            .table(title: "Servers", Table(ExecutionWaveView.Server.columns, servers)),
        ]
    }

    private var fields: [(name: String, value: Table.Cell)] {
        let time = recoveryTime
        let objective = time.objectiveSeconds.map { " of \(ClockText.of(seconds: $0))" } ?? ""
        let forecast = time.forecastSeconds.map { ", forecast \(ClockText.of(seconds: $0))" } ?? ""
        let start = "\(ClockText.of(startedAt)) by \(startedBy)"
        var fields: [(name: String, value: Table.Cell)] = [
            ("Plan", Table.Cell("\(planName), revision \(planRevision)", .strong)),
            ("Id", Table.Cell("\(executionId)")), ("Type", Table.Cell(executionType.rawValue)),
            ("Status", .label(status)), ("Reason", .optional(reason)), ("Started", Table.Cell(start)),
            ("Ended", .optional(endedAt.map { ClockText.of($0) })), ("Took", .optional(duration)),
            ("Recovery time", Table.Cell("\(ClockText.of(seconds: time.elapsedSeconds))\(objective)\(forecast)")),
            ("Verdict", verdict.map { .label($0.result) } ?? Table.Cell("-", .faint)),
        ]
        let reasons = verdict?.reasons ?? []
        fields += reasons.map { ("", Table.Cell("\($0.text) (\($0.code))", .warning)) }
        let left = cleanup.map {
            "\($0.state.rawValue): \($0.terminated) of \($0.total) terminated, \($0.failed) failed"
        }
        let due = cleanUpAt.map { "by itself at \(ClockText.of($0))" }
        fields.append(("Clean-up", .optional(instancesTerminated ? "every instance is gone" : left ?? due)))
        return fields
    }

    /// How long it took; nil while it goes on.
    private var duration: String? {
        endedAt.map { ClockText.of(seconds: Int(($0 - startedAt).milliseconds / 1000)) }
    }
}

extension ExecutionWaveView {
    static var columns: [Table.Column] {
        [
            .number("WAVE"), .text("NAME"), .text("STATUS"), .number("LAUNCHED"), .number("FAILED"), .number("JOBS"),
            .text("STARTED"), .text("ENDED"), .text("WAITS FOR"),
        ]
    }

    var row: [Table.Cell] {
        let failed = servers.count { $0.status == .failed }
        let launched = servers.count { $0.status == .launched }
        return [
            Table.Cell("\(waveNumber)"), Table.Cell(name), .label(status),
            Table.Cell("\(launched)/\(servers.count)"), Table.Cell("\(failed)", failed > 0 ? .bad : .plain),
            Table.Cell("\(jobs.count)"), .optional(startedAt.map { ClockText.of($0) }),
            .optional(endedAt.map { ClockText.of($0) }),
            .optional(waitingFor.map { [$0.kind.rawValue, $0.detail].compactMap(\.self).joined(separator: ": ") }),
        ]
    }
}

extension ExecutionWaveView.Server {
    static var columns: [Table.Column] {
        [
            .number("WAVE"), .text("SERVER"), .text("HOSTNAME"), .text("ACCOUNT"), .text("REGION"), .text("IMPACT"),
            .text("STATUS"), .text("JOB"), .text("INSTANCE"), .text("STATE"), .text("ERROR"),
        ]
    }

    func row(wave: Int) -> [Table.Cell] {
        [
            Table.Cell("\(wave)"), Table.Cell(sourceServerId.rawValue), .optional(hostname),
            Table.Cell(accountId.rawValue), Table.Cell(region.rawValue), Table.Cell(impact.rawValue), .label(status),
            .optional(jobId), .optional(recoveryInstanceId),
            instanceState.map { .label($0) } ?? Table.Cell("-", .faint), Table.Cell(error ?? "", .bad),
        ]
    }
}
