package import Ambient
internal import Foundation
internal import JSON
package import Logging
internal import OrderedCollections

/// One line of standard error an event: for people, or JSON for programs.
package struct LineLog: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let time: any TimeSource

    package init(label: String, level: Logger.Level, format: LogFormat, time: any TimeSource) {
        self.label = label
        logLevel = level
        self.format = format
        self.time = time
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        // A log that cannot be written to cannot be complained about either.
        try? FileHandle.standardError.write(contentsOf: Data((line(for: event) + "\n").utf8))
    }

    /// The line of an event, without its end.
    package func line(for event: LogEvent) -> String {
        let facts = LogFacts.all.merging(metadata) { $1 }.merging(metadataProvider?.get() ?? [:]) { $1 }
            .merging(event.metadata ?? [:]) { $1 }
        let sorted = facts.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value.description) }
        return switch format {
        case .text: text(event, sorted)
        case .json: json(event, sorted)
        }
    }

    private func text(_ event: LogEvent, _ facts: [(key: String, value: String)]) -> String {
        let level = event.level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        let rest = facts.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
        return "\(time.now()) \(level) \(label): \(event.message)\(rest)"
    }

    /// A value that could be taken for more than one, or would break the line, in JSON's quotes.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
        return isPlain && !value.isEmpty ? value : harmless(JSON.string(value).text)
    }

    /// JSON in which nothing moves a terminal's cursor, turns the direction of a line or ends it: as escapes, which mean the
    /// same to a program.
    private static func harmless(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 >= 0x7F }) else { return json }
        var text = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars
                }
            default: text.append(scalar)
            }
        }
        return String(text)
    }

    private func json(_ event: LogEvent, _ facts: [(key: String, value: String)]) -> String {
        var members: OrderedDictionary<String, JSON> = [
            "at": .string(time.now().description), "level": .string(event.level.rawValue), "logger": .string(label),
            "message": .string("\(event.message)"),
        ]
        for fact in facts where members[fact.key] == nil { members[fact.key] = .string(fact.value) }
        return Self.harmless(JSON.object(members).text)
    }
}
