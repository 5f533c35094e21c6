internal import Contract
internal import JSON

/// An object that lists show as one row.
protocol Tabular {
    static var columns: [Table.Column] { get }
    var row: [Table.Cell] { get }
    /// What alone is shown with `--quiet`: what other commands take.
    var quiet: String { get }
}

/// An object that can be shown by itself.
protocol Detailed {
    var sections: [Section] { get }
    var quiet: String { get }
}

/// A part of what is shown of one object.
package enum Section: Sendable {
    case fields([(name: String, value: Table.Cell)])
    case table(title: String, Table)

    package func lines(_ style: Style) -> [String] {
        switch self {
        case .fields(let fields):
            let width = fields.map { DisplayWidth.of($0.name) }.max() ?? 0
            return fields.map { field in
                guard !field.value.text.isEmpty else { return style.paint(field.name, .strong) }
                let name = style.paint(DisplayWidth.pad(field.name, to: width), .strong)
                return "\(name)  \(style.paint(field.value.text, field.value.tone))"
            }
        case .table(let title, let table):
            return table.rows.isEmpty ? [] : ["", style.paint(title, .strong)] + table.lines(style)
        }
    }
}

/// The one rule of output: a table for people, the API's own answer for programs, identifiers alone for scripts.
struct Output: Sendable {
    enum Format: String, Sendable, CaseIterable {
        case table, json
    }

    let format: Format
    let isQuiet: Bool
    let terminal: Terminal

    func show<Item: Tabular>(_ reply: HubClient.Reply<[Item]>) {
        if isQuiet {
            for item in reply.answer { terminal.line(item.quiet.printable) }
        } else if format == .json {
            terminal.line(reply.document.text)
        } else {
            let table = Table(Item.columns, reply.answer.map(\.row))
            terminal.line(table.lines(terminal.style).joined(separator: "\n"))
        }
    }

    func show<Item: Detailed>(_ reply: HubClient.Reply<Item>) {
        if isQuiet {
            terminal.line(reply.answer.quiet.printable)
        } else if format == .json {
            terminal.line(reply.document.text)
        } else {
            terminal.line(reply.answer.sections.flatMap { $0.lines(terminal.style) }.joined(separator: "\n"))
        }
    }

    /// What a change answered: a sentence for people, the object for programs.
    func report<Item: Detailed>(_ reply: HubClient.Reply<Item>, _ sentence: String) {
        if isQuiet || format == .json { show(reply) } else { terminal.line(sentence.printable) }
    }

    /// What a removal answered, which has no object.
    func report(_ sentence: String) {
        if !isQuiet && format != .json { terminal.line(sentence.printable) }
    }
}
