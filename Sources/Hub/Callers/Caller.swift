package import Contract
package import Recovery

/// Who is calling, and what they may do where.
package struct Caller: Sendable, Hashable {
    /// The token's subject, unique within its issuer.
    package let subject: String
    /// Subject and issuer: what idempotency keys and rate limits are kept by, and what the audit names.
    package let principal: String
    /// A name for people, which `startedBy` and `createdBy` say: the user name, or the client's identifier.
    package let name: String
    package let kind: CallerKind
    package let roles: Set<Role>
    package let permissions: Set<Permission>
    package let scope: AccountScope
    /// The groups of the token, roles or not; approvals may be limited to some.
    package let groups: [String]

    package init(
        subject: String,
        name: String,
        kind: CallerKind,
        roles: Set<Role>,
        issuer: String,
        groups: [String] = [],
        scope: AccountScope = .all
    ) {
        self.subject = subject
        principal = "\(subject)@\(issuer)"
        self.name = name
        self.kind = kind
        self.roles = roles
        self.groups = groups
        self.scope = scope
        permissions = roles.reduce(into: []) { $0.formUnion($1.permissions) }
    }

    package func may(_ permission: Permission) -> Bool {
        permissions.contains(permission)
    }
}

/// The accounts whose objects a caller may see and steer.
///
/// An object is visible if any of its accounts is in scope; it may be changed only if all are.
package enum AccountScope: Sendable, Hashable {
    case all
    case accounts(Set<AccountNumber>)

    package func covers(_ account: AccountNumber) -> Bool {
        switch self {
        case .all: true
        case .accounts(let accounts): accounts.contains(account)
        }
    }

    /// The accounts to look in, for the `ANY` of a statement; nil: everywhere.
    package var limit: [AccountNumber]? {
        switch self {
        case .all: nil
        case .accounts(let accounts): accounts.sorted()
        }
    }

    /// Whether an object of these accounts may be seen; one of no account may.
    package func shows(_ accounts: some Collection<AccountNumber>) -> Bool {
        accounts.isEmpty || accounts.contains(where: covers)
    }

    /// Refuses the change of an object that lies partly outside: 404 when the caller may not even see it, else 403.
    package func require(_ accounts: some Collection<AccountNumber>, of what: String) throws {
        guard shows(accounts) else { throw Problem.notFound(what) }
        guard accounts.allSatisfy(covers) else {
            throw Refusal(.outsideScope, "Some accounts of this \(what) are outside your scope.")
        }
    }
}
