import OrderedCollections
import Simulator
import Testing

@Suite struct `A world file` {
    @Test func `that comes with the program has three accounts, two Regions and an uninitialised place`() throws {
        let world = try WorldFile(parsing: WorldFile.default).world(at: Sample.beginning)
        #expect(Array(world.accounts.keys) == ["111122223333", "444455556666", "777788889999"])
        #expect(world.estates.count == 6)
        #expect(
            world.estates.values.filter { !$0.isInitialized }.map(\.place.description) == ["444455556666/eu-west-1"]
        )
        #expect(world.estates.values.filter(\.isInitialized).allSatisfy { $0.servers.count == 10 })
        #expect(world.accounts.values.allSatisfy { $0.externalID == nil })
    }

    @Test func `gives servers the same identifiers each time`() throws {
        let (first, second) = (try Sample(), try Sample())
        #expect(first.servers == second.servers)
        #expect(first.servers.allSatisfy { $0.utf8.count == 19 && $0.hasPrefix("s-") })
        #expect(Set(first.servers).count == 4)
    }

    @Test(arguments: [
        ("seed: -1", "seed"), ("colour: blue", "colour"), ("settings: {clockScale: fast}", "settings.clockScale"),
        ("settings: {timeline: {launch: -3}}", "settings.timeline.launch"), ("accounts: [{id: 12}]", "accounts[0].id"),
        ("accounts: [{id: \"12\"}]", "accounts[0].id"), ("accounts: 7", "accounts"),
        ("accounts: [{id: \"111122223333\", regions: {mars-1: {}}}]", "accounts[0].regions.mars-1"),
        (
            "accounts: [{id: \"111122223333\", regions: {us-east-1: {servers: [{hostname: a, count: x}]}}}]",
            "accounts[0].regions.us-east-1.servers[0].count"
        ),
        (
            "accounts: [{id: \"111122223333\", regions: {us-east-1: {servers: [{hostname: a, replication: GONE}]}}}]",
            "accounts[0].regions.us-east-1.servers[0].replication"
        ),
        (
            "accounts: [{id: \"111122223333\", regions: {us-east-1: {servers: [{hostname: a, id: s-1}]}}}]",
            "accounts[0].regions.us-east-1.servers[0].id"
        ),
        ("accounts: [{id: \"111122223333\"}, {id: \"111122223333\"}]", "accounts[1].id"),
        ("faults: [{action: EXPLODE}]", "faults[0].action"), ("faults: [{action: DELAY}]", "faults[0].milliseconds"),
        ("principals: [{arn: me, accessKeyId: a, secretAccessKey: b}]", "principals[0].arn"),
        ("cognito: {pool: mine}", "cognito.pool"),
    ])
    func `that is wrong is refused with the path of what is wrong`(text: String, path: String) throws {
        let problem = #expect(throws: FieldProblem.self) { try WorldFile(parsing: text) }
        #expect(problem?.path == path, "\(problem?.description ?? "")")
    }

    @Test func `that has a key twice is refused with the key`() throws {
        let problem = #expect(throws: FieldProblem.self) { try WorldFile(parsing: "seed: 1\nseed: 2") }
        #expect(problem?.message.contains("'seed'") ?? false, "\(problem?.description ?? "")")
    }

    @Test func `that is not YAML is refused with its line`() throws {
        let problem = #expect(throws: FieldProblem.self) { try WorldFile(parsing: "seed: 1\naccounts: [}") }
        #expect(problem?.message.contains("2:") ?? false, "\(problem?.description ?? "")")
    }

    @Test func `may describe thousands of servers over many places`() throws {
        let regions = Place.regions.prefix(20).map { "\($0): {servers: [{hostname: load, count: 25}]}" }
        let accounts = (0..<10).map { "  - {id: \"10000000000\($0)\", regions: {\(regions.joined(separator: ", "))}}" }
        let world = try WorldFile(parsing: "accounts:\n" + accounts.joined(separator: "\n")).world(at: Sample.beginning)
        let servers = world.estates.values.flatMap { $0.servers.keys }
        #expect(servers.count == 5000 && Set(servers).count == 5000)
    }
}
