internal import Ambient
internal import Contract

extension SessionView: Tabular {
    static var columns: [Table.Column] {
        [
            .text("NAME"), .text("SIGNED IN"), .text("LAST SEEN"), .text("ENDS"), .text("FROM"), .text("GROUPS"),
            .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(name), Table.Cell(ClockText.of(createdAt)), Table.Cell(ClockText.of(lastSeenAt)),
            Table.Cell(ClockText.of(endsAt)), Table.Cell(sourceAddress), Table.Cell(groups.joined(separator: " ")),
            Table.Cell("\(sessionId)", .faint),
        ]
    }

    var quiet: String { "\(sessionId)" }
}
