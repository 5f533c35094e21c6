internal import Ambient

/// Who calls with credentials of its own: a role or a user, mostly a spoke in the hub's account.
package struct Principal: Sendable, Hashable {
    /// `arn:aws:iam::…:role/…` or `arn:aws:iam::…:user/…`.
    package let arn: String
    package let accessKeyID: String
    package let secretAccessKey: String
    /// A role's credentials have a token; calls without it are then refused.
    package let sessionToken: String?

    package init(arn: String, accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.arn = arn
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// Every key that signatures can be made with: those of the world file, and the temporary ones of AssumeRole.
struct Keyring: Sendable {
    private let principals: [String: Principal]
    private var sessions: [String: Session] = [:]

    /// A role that was assumed.
    struct Session: Sendable {
        let accessKeyID: String
        let secretAccessKey: String
        let token: String
        let account: String
        let role: Account.Role
        let sessionName: String
        let roleID: String
        let expires: Instant
    }

    /// What a key proves.
    struct Key: Sendable {
        let secret: String
        let token: String?
        let expires: Instant?
        let caller: Caller
    }

    init(principals: some Sequence<Principal>) {
        self.principals = Dictionary(principals.map { ($0.accessKeyID, $0) }) { first, _ in first }
    }

    mutating func keep(_ session: Session, at now: Instant) {
        // An expired key is told so for an hour, then it is unknown, as at AWS in the end.
        let forgotten = now - .seconds(3600)
        if sessions.count > 256 { sessions = sessions.filter { $0.value.expires > forgotten } }
        sessions[session.accessKeyID] = session
    }

    /// The principal whose ARN ends in the name.
    func principal(named name: String) -> Principal? {
        principals.values.first { $0.arn.split(separator: "/").last.map(String.init) == name }
    }

    func key(_ id: String) -> Key? {
        if let session = sessions[id] {
            return Key(
                secret: session.secretAccessKey,
                token: session.token,
                expires: session.expires,
                caller: Caller(session)
            )
        }
        return principals[id].map { principal in
            Key(
                secret: principal.secretAccessKey,
                token: principal.sessionToken,
                expires: nil,
                caller: Caller(principal)
            )
        }
    }
}

/// Who a call comes from, as its signature proved.
package struct Caller: Sendable, Hashable {
    package let account: String
    /// As GetCallerIdentity shows it.
    package let arn: String
    package let userID: String
    /// The role or user without session and path, to compare with a trust policy.
    let trustName: String
    /// The role's policy; nil for a principal of the world file, which may do everything in its own account.
    let denied: [String]

    /// Says whether this is the principal of the ARN.
    ///
    /// A role's path is not part of an assumed role's ARN, so it is not compared.
    func isPrincipal(_ arn: String) -> Bool {
        Self.trustName(of: arn) == trustName
    }

    /// Says whether its policy allows the action.
    func allows(_ action: String) -> Bool {
        Account.Role(name: "", denied: denied).allows(action)
    }

    /// Partition, account, kind and last path element of an IAM ARN, or of an assumed role's.
    private static func trustName(of arn: String) -> String {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return arn }
        let path = parts[5].split(separator: "/")
        let isSession = parts[5].hasPrefix("assumed-role/")
        let (kind, name) = isSession ? ("role", path.dropFirst().first ?? "") : (path.first ?? "", path.last ?? "")
        return "\(parts[1]):\(parts[4]):\(kind)/\(name)"
    }
}

extension Caller {
    /// A caller who may do everything in an account, for a world that is asked without signatures.
    package static func anybody(in account: String) -> Caller {
        Caller(
            account: account,
            arn: "arn:aws:iam::\(account):user/anybody",
            userID: "AIDA\(account)SIM",
            trustName: "aws:\(account):user/anybody",
            denied: []
        )
    }

    init(_ session: Keyring.Session) {
        self.init(
            account: session.account,
            arn: "arn:aws:sts::\(session.account):assumed-role/\(session.role.name)/\(session.sessionName)",
            userID: "\(session.roleID):\(session.sessionName)",
            trustName: "aws:\(session.account):role/\(session.role.name)",
            denied: session.role.denied
        )
    }

    /// A role's own credentials come from an instance or a container, whose session name is the instance's.
    init(_ principal: Principal) {
        let parts = principal.arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let account = parts.count == 6 ? String(parts[4]) : ""
        let name = principal.arn.split(separator: "/").last.map(String.init) ?? ""
        let isRole = parts.count == 6 && parts[5].hasPrefix("role/")
        let instance = Naming.name("i", of: principal.arn)
        self.init(
            account: account,
            arn: isRole ? "arn:aws:sts::\(account):assumed-role/\(name)/\(instance)" : principal.arn,
            userID: isRole ? "AROA\(account)SIM:\(instance)" : "AIDA\(account)SIM",
            trustName: Self.trustName(of: principal.arn),
            denied: []
        )
    }
}
