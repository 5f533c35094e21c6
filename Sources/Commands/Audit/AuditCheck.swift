internal import Ambient
internal import ArgumentParser
internal import Contract

struct AuditCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Have the hub recompute its audit and every journal.",
        discussion: """
            Ends with 1 when something is not as it was sealed. With --format json the answer has the newest signed head: \
            keep it, and muster audit verify --head tells later that nothing before it was cut off.
            """
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.session { session in
            let reply = try await session.client.reply(to: GetAuditVerification())
            session.output.show(reply)
            guard reply.answer.intact else { throw Ending(status: .failed) }
        }
    }
}

extension AuditVerificationView: Detailed {
    var quiet: String { intact ? "INTACT" : "BROKEN" }

    var sections: [Section] {
        var fields: [(name: String, value: Table.Cell)] = [
            ("Audit", intact ? Table.Cell("as it was sealed", .good) : Table.Cell("not as it was sealed", .bad)),
            ("Sealed events", Table.Cell("\(events)")), ("Not sealed yet", Table.Cell("\(unsealed)")),
            ("Journals", Table.Cell("\(journals)")),
        ]
        if archivedThrough > 0 { fields.append(("Archived", Table.Cell("through event \(archivedThrough)"))) }
        if let firstBreak {
            fields.append(("First break", Table.Cell("\(firstBreak.kind) at event \(firstBreak.sequence)", .bad)))
            fields.append(("Event", .optional(firstBreak.eventId)))
            fields.append(("What", Table.Cell(firstBreak.detail)))
        }
        return [.fields(fields)]
    }
}
