package import Ambient
package import JSON
package import Recovery

/// A role binding as the API shows it.
package struct RoleBindingView: Codable, Sendable, Hashable, Revisioned {
    package var bindingId: RoleBinding.ID
    package var kind: RoleBinding.Kind
    /// The group, the principal or the scope that has the role.
    package var name: String
    package var role: Role
    /// Null: all accounts.
    @Nullable package var accountIds: [AccountNumber]?
    /// Accounts of the binding that are outside the caller's scope, and therefore not among `accountIds`.
    package var accountsOutsideScope: Int
    package var description: String
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        bindingId: RoleBinding.ID,
        kind: RoleBinding.Kind,
        name: String,
        role: Role,
        accountIds: [AccountNumber]?,
        accountsOutsideScope: Int,
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
        self.accountIds = accountIds
        self.accountsOutsideScope = accountsOutsideScope
        self.description = description
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }
}

/// What a client says of a role binding.
package struct RoleBindingBody: Codable, Sendable, Hashable {
    package var kind: RoleBinding.Kind
    package var name: String
    package var role: Role
    /// Nil: all accounts.
    package var accountIds: [AccountNumber]?
    package var description: String?

    package init(
        kind: RoleBinding.Kind,
        name: String,
        role: Role,
        accountIds: [AccountNumber]?,
        description: String?
    ) {
        self.kind = kind
        self.name = name
        self.role = role
        self.accountIds = accountIds
        self.description = description
    }
}
