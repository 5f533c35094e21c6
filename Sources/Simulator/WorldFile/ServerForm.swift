internal import Ambient
internal import JSON

/// A source server of a world file.
struct ServerForm: Sendable {
    let id: String
    let hostname: String
    let traits: Traits

    /// What servers that are described together have in common, and what a control call may change.
    struct Traits: Sendable {
        var tags: [String: String] = [:]
        var replication = SourceServer.Replication.continuous
        var lag: Duration = .zero
        /// For how long the replica has not followed its source, where it does not.
        var behind: Duration = .seconds(3600)
        var disposition = SourceServer.Disposition.started
        var recoveryMode = SourceServer.RecoveryMode.optimal
        var platform = SourceServer.Platform.linux
        var stagingAccount: String?
        var failure: PlannedFailure?
    }

    static let changeable = [
        "tags", "replication", "lagSeconds", "behindForSeconds", "disposition", "recoveryMode", "failure",
    ]

    /// One server, or as many as `count` says, their hostnames numbered from 1.
    static func read(_ value: JSON, in place: Place, at path: String) throws(FieldProblem) -> [ServerForm] {
        let fields = try Fields(
            value,
            at: path,
            known: ["hostname", "count", "id", "platform", "stagingAccount"] + changeable
        )
        let hostname = try fields.requiredText("hostname")
        let count = try fields.whole("count", in: 0...EstateForm.serverLimit)
        var traits = try traits(fields, over: Traits())
        traits.platform = try fields.choice("platform") ?? traits.platform
        traits.stagingAccount = try fields.text("stagingAccount")
        let id = try fields.text("id")
        if let id {
            guard count == nil else { throw fields.wrong("id", "cannot stand beside count") }
            do { try Members.check(id, prefix: "s", "id") } catch { throw fields.wrong("id", error.message) }
        }
        guard let count else { return [ServerForm(id ?? Self.id(hostname, in: place), hostname, traits)] }
        let width = String(count).utf8.count
        return (1...max(1, count)).prefix(count).map { number in
            let digits =
                String(repeating: "0", count: max(0, max(2, width) - String(number).utf8.count)) + String(number)
            let name = "\(hostname)-\(digits)"
            return ServerForm(Self.id(name, in: place), name, traits)
        }
    }

    private init(_ id: String, _ hostname: String, _ traits: Traits) {
        self.id = id
        self.hostname = hostname
        self.traits = traits
    }

    private static func id(_ hostname: String, in place: Place) -> String {
        Naming.name("s", of: "\(place)/\(hostname)")
    }

    static func traits(_ fields: Fields, over known: Traits) throws(FieldProblem) -> Traits {
        var traits = known
        traits.tags = try fields.map("tags") ?? traits.tags
        traits.replication = try fields.choice("replication") ?? traits.replication
        traits.lag = try fields.seconds("lagSeconds") ?? traits.lag
        traits.behind = try fields.seconds("behindForSeconds") ?? traits.behind
        traits.disposition = try fields.choice("disposition") ?? traits.disposition
        traits.recoveryMode = try fields.choice("recoveryMode") ?? traits.recoveryMode
        if fields.has("failure") {
            traits.failure = try fields.value("failure").map { (json) throws(FieldProblem) in
                try failure(json, at: Fields.join(fields.path, "failure"))
            }
        }
        return traits
    }

    private static func failure(_ value: JSON, at path: String) throws(FieldProblem) -> PlannedFailure {
        let fields = try Fields(value, at: path, known: ["ending", "launches", "message"])
        guard let ending = try fields.choice("ending", of: PlannedFailure.Ending.self) else {
            throw fields.wrong("ending", "is required")
        }
        return PlannedFailure(
            ending,
            launches: try fields.whole("launches", in: 1...1_000_000),
            message: try fields.text("message")
        )
    }

    func server(at now: Instant) -> SourceServer {
        SourceServer(
            id: id,
            hostname: hostname,
            tags: ["Name": hostname].merging(traits.tags) { $1 },
            replication: traits.replication,
            lag: traits.lag,
            stoppedFollowing: traits.replication.isBroken ? now - traits.behind : nil,
            disposition: traits.disposition,
            recoveryMode: traits.recoveryMode,
            platform: traits.platform,
            stagingAccount: traits.stagingAccount,
            failure: traits.failure
        )
    }
}
