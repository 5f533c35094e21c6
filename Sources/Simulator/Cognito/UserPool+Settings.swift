internal import Ambient
internal import JSON

extension UserPool {
    /// A program that may ask for tokens: for people who sign in through it, or for itself.
    package struct Client: Sendable, Hashable {
        package let id: String
        package let secret: String?
        /// What it may have for itself (grant `client_credentials`); with none it serves people.
        package let scopes: [String]
        /// Where a browser may be sent after sign-in and sign-out; empty: to any loopback address.
        package let callbacks: [String]
        package let signOuts: [String]
        /// How long its people's tokens are good for; nil: as the pool says.
        package let lifetime: Duration?

        package init(
            id: String,
            secret: String? = nil,
            scopes: [String] = [],
            callbacks: [String] = [],
            signOuts: [String] = [],
            lifetime: Duration? = nil
        ) {
            self.id = id
            self.secret = secret
            self.scopes = scopes
            self.callbacks = callbacks
            self.signOuts = signOuts
            self.lifetime = lifetime
        }
    }

    /// Somebody who may sign in; there are no passwords, whoever asks is believed.
    package struct User: Sendable, Hashable {
        package var name: String
        package var groups: [String]
        package var email: String
        package var isEnabled = true

        package init(name: String, groups: [String], email: String? = nil) {
            self.name = name
            self.groups = groups
            self.email = email ?? "\(name)@example.com"
        }
    }

    /// What a world file says of the pool.
    package struct Settings: Sendable {
        /// The pool's identifier, the last part of the issuer.
        package var pool = "us-east-1_MusterSim"
        package var clients: [Client] = [
            Client(id: "muster-browser", secret: "muster-browser-secret", lifetime: .seconds(900)),
            Client(
                id: "muster-machine",
                secret: "muster-machine-secret",
                scopes: ["muster/read", "muster/operate", "muster/admin"]
            ),
        ]
        /// One of each role, and somebody without any.
        package var users: [User] = [
            User(name: "ada", groups: ["DRSOrchestrationAdmin"]), User(name: "rita", groups: ["DRSRecoveryManager"]),
            User(name: "paul", groups: ["DRSPlanManager"]), User(name: "olga", groups: ["DRSOperator"]),
            User(name: "rolf", groups: ["DRSReadOnly"]), User(name: "nora", groups: []),
        ]
        /// How long a token is good for when nobody says.
        package var lifetime: Duration = .seconds(3600)
        /// How long somebody stays signed in by refresh tokens, from their sign-in on.
        package var refreshLifetime: Duration = .seconds(43_200)
        /// How long a refresh token can be used again after its first use (`RetryGracePeriodSeconds`).
        package var grace: Duration = .seconds(30)

        package init() {}
    }
}

extension UserPool.Settings {
    init(_ value: JSON, at path: String) throws(FieldProblem) {
        let fields = try Fields(
            value,
            at: path,
            known: ["pool", "clients", "users", "lifetimeSeconds", "refreshSeconds", "graceSeconds"]
        )
        pool = try fields.text("pool") ?? pool
        let parts = pool.split(separator: "_")
        guard parts.count == 2, Place.regions.contains(String(parts[0])) else {
            throw fields.wrong("pool", "must be a Region and a name, as us-east-1_MusterSim")
        }
        lifetime = try fields.seconds("lifetimeSeconds") ?? lifetime
        refreshLifetime = try fields.seconds("refreshSeconds") ?? refreshLifetime
        grace = try fields.seconds("graceSeconds") ?? grace
        if fields.has("clients") {
            clients = []
            for (value, path) in try fields.elements("clients") { clients.append(try Self.client(value, at: path)) }
        }
        guard fields.has("users") else { return }
        users = []
        for (value, path) in try fields.elements("users") { users.append(try Self.user(value, at: path)) }
    }

    private static func client(_ value: JSON, at path: String) throws(FieldProblem) -> UserPool.Client {
        let fields = try Fields(
            value,
            at: path,
            known: ["id", "secret", "scopes", "callbackUrls", "logoutUrls", "lifetimeSeconds"]
        )
        return UserPool.Client(
            id: try fields.requiredText("id"),
            secret: try fields.text("secret"),
            scopes: try fields.texts("scopes") ?? [],
            callbacks: try fields.texts("callbackUrls") ?? [],
            signOuts: try fields.texts("logoutUrls") ?? [],
            lifetime: try fields.seconds("lifetimeSeconds")
        )
    }

    static func user(_ value: JSON, at path: String) throws(FieldProblem) -> UserPool.User {
        let fields = try Fields(value, at: path, known: ["username", "groups", "email", "enabled"])
        var user = UserPool.User(
            name: try fields.requiredText("username"),
            groups: try fields.texts("groups") ?? [],
            email: try fields.text("email")
        )
        user.isEnabled = try fields.flag("enabled") ?? true
        return user
    }
}
