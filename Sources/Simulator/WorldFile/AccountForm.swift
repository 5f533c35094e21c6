internal import Ambient
internal import JSON

/// An account of a world file, with its Regions.
struct AccountForm {
    let account: Account
    private(set) var estates: [EstateForm] = []

    init(_ value: JSON, at path: String) throws(FieldProblem) {
        let fields = try Fields(
            value,
            at: path,
            known: ["id", "name", "externalId", "spokePrincipals", "roles", "regions"]
        )
        let id = try fields.requiredText("id")
        guard Self.isAccount(id) else { throw fields.wrong("id", "must be twelve digits (in quotes)") }
        var roles: [Account.Role] = []
        for (value, path) in try fields.elements("roles") {
            let role = try Fields(value, at: path, known: ["name", "denied"])
            roles.append(Account.Role(name: try role.requiredText("name"), denied: try role.texts("denied") ?? []))
        }
        account = Account(
            id: id,
            name: try fields.text("name") ?? "",
            externalID: try fields.text("externalId"),
            spokePrincipals: try fields.texts("spokePrincipals"),
            roles: roles
        )
        for (region, value, path) in try fields.entries("regions") ?? [] {
            guard Place.regions.contains(region) else {
                throw FieldProblem(path: path, message: "is not a Region of DRS")
            }
            estates.append(try EstateForm(value, of: Place(account: id, region: region), at: path))
        }
    }

    static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}

/// A Region of an account in a world file.
struct EstateForm: Sendable {
    let place: Place
    let isInitialized: Bool
    let quotas: Quotas
    private(set) var servers: [ServerForm] = []

    /// Servers of one Region, at most: DRS's own quota is 4,000, a simulated one may be beyond it.
    static let serverLimit = 100_000

    init(_ value: JSON, of place: Place, at path: String) throws(FieldProblem) {
        let fields = try Fields(value, at: path, known: ["initialized", "quotas", "servers"])
        self.place = place
        isInitialized = try fields.flag("initialized") ?? true
        quotas =
            try fields.value("quotas").map { (json) throws(FieldProblem) in
                try Self.quotas(json, at: Fields.join(path, "quotas"))
            } ?? Quotas()
        for (value, path) in try fields.elements("servers") {
            servers += try ServerForm.read(value, in: place, at: path)
        }
    }

    func estate(at now: Instant) -> Estate {
        Estate(place, isInitialized: isInitialized, quotas: quotas, servers: servers.map { $0.server(at: now) })
    }

    static func quotas(_ value: JSON, at path: String, over known: Quotas = Quotas()) throws(FieldProblem) -> Quotas {
        let fields = try Fields(
            value,
            at: path,
            known: ["concurrentJobs", "serversPerJob", "serversInAllJobs", "replicatingServers", "totalServers"]
        )
        var quotas = known
        let range = 0...1_000_000
        quotas.concurrentJobs = try fields.whole("concurrentJobs", in: range) ?? quotas.concurrentJobs
        quotas.serversPerJob = try fields.whole("serversPerJob", in: range) ?? quotas.serversPerJob
        quotas.serversInAllJobs = try fields.whole("serversInAllJobs", in: range) ?? quotas.serversInAllJobs
        quotas.replicatingServers = try fields.whole("replicatingServers", in: range) ?? quotas.replicatingServers
        quotas.totalServers = try fields.whole("totalServers", in: range) ?? quotas.totalServers
        return quotas
    }
}
