import Ambient
import JSON
import OrderedCollections
import Simulator
import Testing

/// A world under a clock that a test moves, asked without signatures.
struct Sample {
    static let place = Place(account: "111122223333", region: "us-east-1")
    static let beginning = Instant(milliseconds: 1_795_000_000_000)

    var world: World
    var now = Sample.beginning
    let servers: [String]

    /// A world of one account and Region; `yaml` goes into its file, `servers` beside them.
    init(
        servers count: Int = 4,
        settings: String = "timeline: {jitter: 0}",
        region: String = "",
        top: String = ""
    ) throws {
        let file = try WorldFile(
            parsing: """
                seed: 7
                settings: {pageLimit: 1000, \(settings)}
                accounts:
                  - id: "111122223333"
                    externalId: secret
                    roles: [{name: MusterRecovery}, {name: Reader, denied: ["drs:StartRecovery"]}]
                    regions:
                      us-east-1: {servers: [{hostname: web, count: \(count)}]\(region)}
                principals:
                  - {arn: "arn:aws:iam::999900001111:role/teams/Spoke", accessKeyId: AKIASPOKE, secretAccessKey: hush}
                \(top)
                """
        )
        world = file.world(at: Self.beginning)
        servers = world.estates[Self.place].map { Array($0.servers.keys) } ?? []
    }

    struct Answer {
        let status: Int
        let body: JSON
        let headers: [(name: String, value: String)]

        var code: String? { body["code"]?.string }
        var job: String { body["job"]?["jobID"]?.string ?? "" }
        var items: [JSON] { body["items"]?.array ?? [] }
    }

    mutating func pass(_ duration: Duration) {
        now = now + duration
    }

    /// Calls an operation of DRS.
    mutating func drs(_ operation: String, _ input: JSON = .object([:])) throws -> Answer {
        var call = Call(.drs, operation, at: Self.place, by: .anybody(in: Self.place.account), now: now)
        call.json = input
        let reply = world.serve(call)
        let body = reply.body.isEmpty ? JSON.null : try JSON(parsing: reply.body)
        return Answer(status: reply.status, body: body, headers: reply.headers)
    }

    mutating func start(
        _ servers: some Sequence<String>,
        isDrill: Bool = true,
        tags: JSON = .object([:])
    ) throws -> Answer {
        let entries = servers.map { JSON.object(["sourceServerID": .string($0)]) }
        return try drs(
            "StartRecovery",
            .object(["sourceServers": .array(entries), "isDrill": .bool(isDrill), "tags": tags])
        )
    }

    mutating func control(_ method: String, _ path: String, _ body: String = "") throws -> Answer {
        let reply = world.control(Request(method: method, path: path, body: Array(body.utf8)), at: now)
        return Answer(status: reply.status, body: try JSON(parsing: reply.body), headers: reply.headers)
    }

    mutating func job(_ id: String) throws -> JSON {
        try drs("DescribeJobs", .object(["filters": .object(["jobIDs": [.string(id)]])])).items.first ?? .null
    }

    mutating func statuses(_ job: String) throws -> [String] {
        try self.job(job)["participatingServers"]?.array?.compactMap { $0["launchStatus"]?.string } ?? []
    }

    mutating func log(_ job: String) throws -> [JSON] {
        try drs("DescribeJobLogItems", .object(["jobID": .string(job), "maxResults": 1000])).items
    }

    mutating func events(_ job: String) throws -> [String] {
        try log(job).compactMap { $0["event"]?.string }
    }

    mutating func instances() throws -> [JSON] {
        try drs("DescribeRecoveryInstances", .object(["maxResults": 1000])).items
    }
}
