internal import Ambient
internal import Contract
internal import Recovery

extension SpokeView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.text("NAME"), .text("STATE"), .text("LAST SEEN"), .text("VERSION"), .text("ACCOUNTS"), .text("ID")]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(name), .label(state), Table.Cell(ClockText.of(lastSeenAt)), Table.Cell(version),
            Table.Cell(accounts.map(\.accountId.rawValue).joined(separator: " ")), Table.Cell("\(spokeId)", .faint),
        ]
    }

    var quiet: String { "\(spokeId)" }

    var sections: [Section] {
        [
            .fields([
                ("Name", Table.Cell(name, .strong)), ("Id", Table.Cell("\(spokeId)")), ("State", .label(state)),
                ("Principal", Table.Cell(principal)), ("Version", Table.Cell(version)),
                ("Last seen", Table.Cell(ClockText.of(lastSeenAt))),
            ])
        ]
    }
}
