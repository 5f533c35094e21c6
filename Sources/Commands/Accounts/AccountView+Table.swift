internal import Contract
internal import Recovery

extension AccountView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.text("ACCOUNT"), .text("NAME"), .text("REGIONS"), .text("OWNER"), .number("ROLES")]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(accountId.rawValue), Table.Cell(accountName),
            Table.Cell(regions.map(\.rawValue).joined(separator: " ")), .optional(owner),
            Table.Cell("\(spokePrincipals.count)"),
        ]
    }

    var quiet: String { accountId.rawValue }

    var sections: [Section] {
        let tags = tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var fields: [(name: String, value: Table.Cell)] = [
            ("Account", Table.Cell(accountId.rawValue, .strong)), ("Name", Table.Cell(accountName)),
            ("Owner", .optional(owner)), ("Regions", Table.Cell(regions.map(\.rawValue).joined(separator: " "))),
            ("Tags", .optional(tags.isEmpty ? nil : tags.joined(separator: " "))),
        ]
        if let externalId { fields.append(("External ID", Table.Cell(externalId))) }
        fields += spokePrincipals.map { ("Spoke role", Table.Cell($0)) }
        return [.fields(fields)]
    }
}
