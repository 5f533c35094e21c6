internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List audit events, the newest first.",
        discussion: "Shown are events of accounts in your scope, and your own."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var filter: AuditFilter
    @Option(help: "At most so many.") var limit = 50

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() async throws {
        try await common.session { session in
            session.output.show(try await session.client.every(filter.call, atMost: limit))
        }
    }
}

extension AuditEventView: Tabular {
    static var columns: [Table.Column] {
        [
            .number("EVENT"), .text("AT"), .text("WHO"), .text("ACTION"), .text("OUTCOME"), .text("OBJECT"),
            .text("FROM"), .text("DETAIL"),
        ]
    }

    var row: [Table.Cell] {
        let object = [subjectKind, subjectId].compactMap { $0 }.joined(separator: " ")
        let fields = changes.map(\.field).joined(separator: ", ")
        return [
            .optional(sequence.map { "\($0)" }), Table.Cell(at.description), Table.Cell(principal), Table.Cell(action),
            Table.Cell(outcome.rawValue, outcome == .done ? .plain : .bad), Table.Cell(object),
            .optional(sourceAddress),
            Table.Cell(
                [detail, fields.isEmpty ? nil : "changed: \(fields)"].compactMap { $0 }.joined(separator: "; ")
            ),
        ]
    }

    var quiet: String { eventId }
}
