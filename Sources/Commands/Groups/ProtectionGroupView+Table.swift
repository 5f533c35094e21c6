internal import Contract
internal import Recovery

extension ProtectionGroupView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("NAME"), .text("ACCOUNT"), .text("REGION"), .number("SERVERS"), .text("PICKED BY"), .text("PLANS"),
            .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(groupName), Table.Cell(accountId.rawValue), Table.Cell(region.rawValue),
            Table.Cell("\(serverCount)"), Table.Cell(selection), .optional(plans), Table.Cell("\(groupId)", .faint),
        ]
    }

    var quiet: String { "\(groupId)" }

    var sections: [Section] {
        let conflicts = Table(
            [.text("SERVER"), .text("HELD BY")],
            conflicts.map { [Table.Cell($0.serverId.rawValue), Table.Cell($0.groupName, .warning)] }
        )
        return [
            .fields([
                ("Name", Table.Cell(groupName, .strong)), ("Id", Table.Cell("\(groupId)")),
                ("Description", .optional(description.isEmpty ? nil : description)),
                ("Account", Table.Cell(accountId.rawValue)), ("Region", Table.Cell(region.rawValue)),
                ("Picked by", Table.Cell(selection)), ("Servers", Table.Cell("\(serverCount)")),
                ("Plans", .optional(plans)),
                ("Changed", Table.Cell("\(ClockText.of(lastModifiedDate)), revision \(revision)")),
                ("Created", Table.Cell("\(ClockText.of(createdDate)) by \(createdBy)")),
            ]),
            .table(title: "Servers", Table(SourceServerView.columns, (servers ?? []).map(\.row))),
            .table(title: "Picked, but held by other groups", conflicts),
        ]
    }

    private var selection: String {
        let tags = serverSelectionTags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return tags.isEmpty ? "list" : tags.joined(separator: " ")
    }

    private var plans: String? {
        usedByPlans.isEmpty ? nil : usedByPlans.map(\.planName).joined(separator: ", ")
    }
}
