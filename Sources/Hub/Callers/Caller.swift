package import Contract
package import Recovery

/// Who is calling, by token or by session; what they may do is their `Access`, which the bindings of the moment give.
package struct Caller: Sendable, Hashable {
    /// The token's subject, unique within its issuer.
    package let subject: String
    /// A name for people, which `startedBy` and `createdBy` say: the user name, or the client's identifier.
    package let name: String
    package let kind: CallerKind
    /// By what the caller is given roles.
    package let standing: Standing

    /// - Parameters:
    ///   - subject: The token's.
    ///   - name: For people.
    ///   - kind: A person or a program.
    ///   - issuer: Whose subject it is.
    ///   - groups: Of a person's token, roles or not; approvals may be limited to some.
    ///   - clientScopes: Of a program's token.
    ///   - ownRoles: Roles that the hub gives by itself, whatever the bindings say: a break-glass session's.
    package init(
        subject: String,
        name: String,
        kind: CallerKind,
        issuer: String,
        groups: [String] = [],
        clientScopes: [String] = [],
        ownRoles: Set<Role> = []
    ) {
        self.subject = subject
        self.name = name
        self.kind = kind
        standing = Standing(
            principal: "\(subject)@\(issuer)",
            groups: groups,
            clientScopes: clientScopes,
            ownRoles: ownRoles
        )
    }

    /// Subject and issuer: what idempotency keys and rate limits are kept by, and what the audit names.
    package var principal: String { standing.principal }
    package var groups: [String] { standing.groups }
}
