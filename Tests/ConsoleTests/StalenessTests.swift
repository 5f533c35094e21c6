import Ambient
import Console
import Contract
import Hypertext
import Recovery
import Testing

@Suite struct `What is old` {
    private static let now = Sample.now

    private static func server(read ago: Duration) throws -> SourceServerView {
        var server = try #require(Sample.sourceServers().first)
        server.syncedAt = now - ago
        return server
    }

    @Test func `is named by account and Region, and marked where it stands`() throws {
        let old = try Self.server(read: .seconds(3 * 3600))
        let page = ServersPage(servers: [old]).content(for: Sample.viewer()).description
        #expect(page.contains("Some of this is old"))
        #expect(page.contains("\(old.accountId.rawValue)</a> \(old.region.rawValue): last read"))
        #expect(page.contains("as of <time datetime=\"\(old.syncedAt)\""))
    }

    @Test func `is said of nothing that was read lately`() throws {
        let page = ServersPage(servers: [try Self.server(read: .seconds(60))]).content(for: Sample.viewer()).description
        #expect(!page.contains("is old") && !page.contains("as of "))
    }

    @Test func `is counted where there is too much of it to name`() throws {
        let servers = try (0..<9).map { number in
            var server = try Self.server(read: .seconds(7200))
            server.accountId = try #require(AccountNumber(rawValue: "11112222333\(number)"))
            return server
        }
        #expect(ServersPage(servers: servers).content(for: Sample.viewer()).description.contains("and 3 more"))
    }

    @Test func `is what a run shows of accounts whose spokes are all silent, while it goes on`() throws {
        let execution = Sample.execution()
        func page(_ spokes: [SpokeView]?, _ execution: ExecutionView = execution) -> Bool {
            ExecutionPage(execution: execution, events: [], spokes: spokes).content(for: Sample.viewer())
                .description.contains("No spoke is heard of")
        }
        let spokes = Sample.spokes()
        #expect(!page(spokes))
        #expect(page(spokes.filter { $0.state == .lost }))
        #expect(page([]))
        // Who may not know of spokes is told nothing, and of what has ended nothing is missing.
        #expect(!page(nil))
        #expect(!page([], Sample.execution(status: .completed)))
    }
}
