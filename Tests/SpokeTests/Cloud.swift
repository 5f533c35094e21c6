import AWS
import Ambient
import AsyncHTTPClient
import Contract
import JSON
import Logging
import OrderedCollections
import Recovery
import Simulator
import Spoke
import Testing

/// An AWS on loopback for one test: one account, two Regions, the second one never initialised.
struct Cloud: Sendable {
    let simulation: Simulation
    let origin: String

    static let account: AccountNumber = known("111122223333")
    static let home = Recovery.Place(accountId: account, region: known("us-east-1"))
    static let bare = Recovery.Place(accountId: account, region: known("eu-west-1"))
    static let credentials = Credentials(accessKeyID: "AKIASPOKEEAST0000", secretAccessKey: "hush")
    static let principal = "arn:aws:iam::999900001111:role/teams/MusterSpoke"

    /// How much faster than AWS's its clock goes: a launch takes a little more than a second.
    static let scale = 400
    static let cadence = Cadence(poll: .milliseconds(30))

    /// Serves a world while the body runs; `servers` are lines of its file.
    static func serve(
        servers: String = "{hostname: web, count: 3}",
        settings: String = "",
        faults: String = "[]",
        role: String = "{name: MusterRecovery}",
        _ body: @escaping @Sendable (Cloud) async throws -> Void
    ) async throws {
        let file = try WorldFile(
            parsing: """
                seed: 11
                settings: {clockScale: \(scale), pageSize: 2, timeline: {jitter: 0}, rates: {default: {perSecond: 5000}}\(settings)}
                accounts:
                  - id: "111122223333"
                    externalId: secret
                    roles: [\(role)]
                    regions:
                      us-east-1: {servers: [\(servers)]}
                principals:
                  - {arn: "arn:aws:sts::999900001111:assumed-role/MusterSpoke/one", accessKeyId: AKIASPOKEEAST0000, secretAccessKey: hush}
                  - {arn: "arn:aws:sts::999900001111:assumed-role/SomebodyElse/one", accessKeyId: AKIASOMEBODY00000, secretAccessKey: hush}
                faults: \(faults)
                """
        )
        let simulation = try Simulation(file, ambient: Ambient())
        let (addresses, ready) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        let server = SimulatorServer(simulation, port: 0, logger: .silent) { ready.yield($0) }
        try await serving(server) {
            for await origin in addresses {
                return try await body(Cloud(simulation: simulation, origin: origin))
            }
        }
    }

    /// The starts of recovery that DRS accepted, by the tag of the command.
    func starts(of key: String) -> [Ledger.Start] {
        simulation.withWorld { world in world.ledger.starts.filter { $0.tags["muster:command"] == key } }
    }

    /// The messages that SNS was given.
    var publications: [String] {
        simulation.withWorld { $0.ledger.publications.map(\.message) }
    }

    /// Calls DRS in the account's home Region, as somebody who may do everything.
    func drs(_ operation: String, _ input: JSON) throws -> JSON {
        let place = Simulator.Place(account: Self.account.rawValue, region: Self.home.region.rawValue)
        let now = Ambient().now
        let reply = simulation.withWorld { world in
            var call = Call(.drs, operation, at: place, by: .anybody(in: place.account), now: now)
            call.json = input
            return world.serve(call)
        }
        return try JSON(parsing: reply.body)
    }

    func calls(_ name: String) -> Int {
        simulation.withWorld { $0.ledger.calls[name] ?? 0 }
    }

    /// Adds a rule of what shall go wrong, as the simulator's control call takes it.
    func addFault(_ rule: JSON) {
        _ = simulation.answer(
            Simulator.Request(method: "POST", path: "/simulator/faults", query: "", headers: [], body: rule.bytes)
        )
    }

    func servers(in place: Recovery.Place = home) -> [SourceServerID] {
        simulation.withWorld { world in
            let estate = world.estates[
                Simulator.Place(account: place.accountId.rawValue, region: place.region.rawValue)
            ]
            return (estate?.servers.keys.map { String($0) } ?? []).compactMap { SourceServerID(rawValue: $0) }.sorted()
        }
    }

    var endpoints: Endpoints {
        get throws { try Endpoints(environment: ["AWS_ENDPOINT_URL": origin]) }
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// A label that is known to be one.
func known<Value: Label>(_ text: String) -> Value {
    guard let label = Value(rawValue: text) else { preconditionFailure("\(text) is not \(Value.rule)") }
    return label
}
