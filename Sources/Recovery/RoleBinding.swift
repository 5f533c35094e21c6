package import Ambient

/// A role that somebody has, in all accounts or in some.
package struct RoleBinding: Sendable, Hashable {
    package typealias ID = Identifier<RoleBinding>

    /// What kind of name a binding is for.
    package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        /// A group of the token's `cognito:groups`.
        case group = "GROUP"
        /// One principal: its subject and issuer, as `GET /users/me` says it.
        case subject = "SUBJECT"
        /// A scope of a client-credentials token.
        case clientScope = "CLIENT_SCOPE"
    }

    package var bindingId: ID
    package var kind: Kind
    /// The group, the principal or the scope.
    package var name: String
    package var role: Role
    /// Nil: all accounts, those to come too.
    package var accounts: [AccountNumber]?
    package var description: String
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        bindingId: ID,
        kind: Kind,
        name: String,
        role: Role,
        accounts: [AccountNumber]?,
        description: String,
        createdDate: Instant,
        lastModifiedDate: Instant,
        createdBy: String,
        revision: Int
    ) {
        self.bindingId = bindingId
        self.kind = kind
        self.name = name
        self.role = role
        self.accounts = accounts
        self.description = description
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }

    package var scope: AccountScope { AccountScope(accounts) }
}
