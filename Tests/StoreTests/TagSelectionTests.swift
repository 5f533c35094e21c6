internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The database` {
    @Test func `picks by tags exactly the servers that the domain's rule picks`() async throws {
        let pool = try TestDatabase.current.pool()
        try await Account.sample().create(through: pool, at: .sample)
        var random = SeededGenerator(Seed(11))
        // Few keys and values, some of them awkward, so that many selections match.
        let words = ["a", "A", "ä", "\"", "%", "\\", "", "a b"]
        func tags(_ count: Int) -> [String: String] {
            Dictionary(
                (0..<count).map { _ in (words.randomElement(using: &random) ?? "", words[random.number(0...2)]) }
            ) {
                first,
                _ in first
            }
        }
        var servers: [SourceServer] = []
        for number in 1...60 {
            let tags = tags(random.number(0...5))
            try await pool.sync([number], tags: tags)
            servers += try await pool.run(SourceServer.find([.sample(number)]))
        }
        var picked = 0
        for _ in 0..<120 {
            guard let selection = TagSelection(tags(random.number(1...2))) else { continue }
            let found = try await pool.run(SourceServer.picked(by: selection.tags, in: .sample()))
            #expect(found.map(\.sourceServerId) == selection.servers(among: servers, in: .sample()))
            picked += found.count
        }
        #expect(picked > 100, "the selections hardly matched anything")
    }
}
