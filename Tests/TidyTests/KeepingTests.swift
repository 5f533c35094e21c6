import Foundation
import Recovery
import Store
import Testing

/// What Docs/Operating.md says of how long things are kept, against the schema and the statements.
@Suite struct `The table of what is kept` {
    private static func names(_ pattern: Regex<(Substring, Substring)>, in text: String) -> Set<String> {
        Set(text.matches(of: pattern).map { String($0.output.1) })
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: SourceFile.root.appending(path: path), encoding: .utf8)
    }

    private static let kept = Set(Keeping.all.flatMap(\.tables))

    /// Tables that a statement deletes from, by name.
    private static let deleted: Set<String> = {
        let text = SourceFile.all(below: "Sources/Store").flatMap(\.lines).joined(separator: "\n")
        return names(/DELETE FROM ([a-z_]+)/, in: text)
    }()

    @Test func `stands in the documents as the program has it`() throws {
        let page = try Self.text("Docs/Operating.md")
        #expect(page.contains("\n\(Keeping.table)\n"), "\(Keeping.table)")
    }

    @Test func `names every table of the schema, and no other`() throws {
        let schema = Self.names(/CREATE TABLE public\.([a-z_]+)/, in: try Self.text("Database/Schema.sql"))
        #expect(schema.count > 50)
        #expect(schema.subtracting(Self.kept) == [], "say in Keeping how long it is kept")
        #expect(Self.kept.subtracting(schema) == [])
    }

    @Test func `calls nothing kept for ever that a statement deletes`() {
        let passing = Set(Keeping.all.filter { $0.time != .forEver }.flatMap(\.tables))
        #expect(Self.deleted.count > 20)
        #expect(Self.deleted.subtracting(passing) == [])
    }

    @Test func `calls nothing passing that no statement deletes`() throws {
        // What hangs on a row goes with it, where the row ever goes.
        let keys = try Self.text("Database/Schema.sql").matches(
            of: /ALTER TABLE ONLY public\.([a-z_]+)\n[^;]*REFERENCES public\.([a-z_]+)\([^;]*ON DELETE CASCADE/
        )
        let cascades = Set(keys.filter { Self.deleted.contains(String($0.output.2)) }.map { String($0.output.1) })
        #expect(cascades.contains("agent_session_account"))
        let timed = Keeping.all.filter { keeping in
            switch keeping.time {
            case .forEver, .untilReplaced: false
            case .untilDeleted, .untilDone, .hours, .days, .archivedAfterYears: true
            }
        }
        #expect(Set(timed.flatMap(\.tables)).subtracting(Self.deleted).subtracting(cascades) == [])
    }
}
