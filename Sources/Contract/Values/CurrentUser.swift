internal import JSON
package import Recovery

/// Who is calling, as the hub sees it.
package struct CurrentUser: Codable, Sendable, Hashable {
    package var subject: String
    /// Subject and issuer: what the audit names, and what a role binding of kind SUBJECT is for.
    package var principal: String
    package var name: String
    package var kind: CallerKind
    /// The groups of the token.
    package var groups: [String]
    package var roles: [Role]
    package var permissions: [Permission]
    /// The accounts of which anything may be seen.
    package var scope: Scope
    /// Each role with the accounts in which it is had.
    package var grants: [Grant]

    /// Accounts: all of them, or some.
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

    package struct Grant: Codable, Sendable, Hashable {
        package var role: Role
        package var scope: Scope

        package init(
            role: Role,
            scope: Scope
        ) {
            self.role = role
            self.scope = scope
        }
    }

    package init(
        subject: String,
        principal: String,
        name: String,
        kind: CallerKind,
        groups: [String],
        roles: [Role],
        permissions: [Permission],
        scope: Scope,
        grants: [Grant]
    ) {
        self.subject = subject
        self.principal = principal
        self.name = name
        self.kind = kind
        self.groups = groups
        self.roles = roles
        self.permissions = permissions
        self.scope = scope
        self.grants = grants
    }
}

/// What kind of principal calls.
package enum CallerKind: String, Codable, Sendable, CaseIterable {
    /// A person with a token of their own.
    case person = "PERSON"
    /// A program with a client-credentials token.
    case machine = "MACHINE"
}
