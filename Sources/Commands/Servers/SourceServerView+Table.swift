internal import Contract
internal import Recovery

extension SourceServerView: Tabular {
    static var columns: [Table.Column] {
        [
            .text("SERVER"), .text("HOSTNAME"), .text("ACCOUNT"), .text("REGION"), .text("REPLICATION"),
            .number("LAG"), .text("READINESS"), .text("GROUP"), .text("LAST LAUNCH"),
        ]
    }

    var row: [Table.Cell] {
        let launch = lastLaunch.map { launch in
            [launch.type, launch.status, launch.at.map { ClockText.of($0) }].compactMap(\.self)
                .joined(separator: " ")
        }
        return [
            Table.Cell(sourceServerId.rawValue), Table.Cell(hostname), Table.Cell(accountId.rawValue),
            Table.Cell(region.rawValue), Table.Cell(replicationState, Tone(ofLabel: replicationState)),
            .optional(lagSeconds.map { "\($0) s" }), .label(readiness.state), .optional(groupName),
            .optional(launch),
        ]
    }

    var quiet: String { sourceServerId.rawValue }
}
