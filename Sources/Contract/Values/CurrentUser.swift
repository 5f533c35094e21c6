internal import JSON
package import Recovery

/// Who is calling, as the hub sees it.
package struct CurrentUser: Codable, Sendable, Hashable {
    package var subject: String
    package var name: String
    package var kind: CallerKind
    package var roles: [Role]
    package var permissions: [Permission]
    package var scope: Scope

    /// The accounts whose objects the caller may see and steer.
    package struct Scope: Codable, Sendable, Hashable {
        package var allAccounts: Bool
        /// Empty when all accounts are in scope.
        package var accountIds: [AccountNumber]

        package init(
            allAccounts: Bool,
            accountIds: [AccountNumber]
        ) {
            self.allAccounts = allAccounts
            self.accountIds = accountIds
        }
    }

    package init(
        subject: String,
        name: String,
        kind: CallerKind,
        roles: [Role],
        permissions: [Permission],
        scope: Scope
    ) {
        self.subject = subject
        self.name = name
        self.kind = kind
        self.roles = roles
        self.permissions = permissions
        self.scope = scope
    }
}

/// What kind of principal calls.
package enum CallerKind: String, Codable, Sendable, CaseIterable {
    /// A person with a token of their own.
    case person = "PERSON"
    /// A program with a client-credentials token.
    case machine = "MACHINE"
}
