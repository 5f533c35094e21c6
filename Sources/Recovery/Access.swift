/// What somebody may do, and in which accounts: every role that they have, each with its accounts.
///
/// A permission reaches as far as the roles that hold it: who reads everywhere and recovers in one account sees all and
/// starts what lies in that one.
package struct Access: Sendable, Hashable {
    /// By role; a role that is not here is not had.
    package let grants: [Role: AccountScope]

    package init(_ grants: [Role: AccountScope]) {
        self.grants = grants
    }

    /// Nothing at all.
    package static let none = Access([:])

    package var roles: [Role] { Role.allCases.filter { grants[$0] != nil } }

    package var permissions: Set<Permission> {
        grants.keys.reduce(into: []) { $0.formUnion($1.permissions) }
    }

    package func may(_ permission: Permission) -> Bool {
        grants.keys.contains { $0.permissions.contains(permission) }
    }

    /// The accounts in which the permission is had.
    package func scope(of permission: Permission) -> AccountScope {
        grants.filter { $0.key.permissions.contains(permission) }.values
            .reduce(.none) { $0.union($1) }
    }

    /// The accounts of which anything may be seen.
    package var view: AccountScope { scope(of: .viewResources) }
}

/// By what somebody is given roles: names that their token or session vouches for.
package struct Standing: Sendable, Hashable {
    /// Subject and issuer.
    package let principal: String
    package let groups: [String]
    package let clientScopes: [String]
    /// Roles that the hub gives by itself, in all accounts and whatever the bindings say: a break-glass session's.
    package let ownRoles: Set<Role>

    /// The issuer of sessions that a break-glass code began.
    package static let breakGlassIssuer = "muster:break-glass"

    package init(principal: String, groups: [String] = [], clientScopes: [String] = [], ownRoles: Set<Role> = []) {
        self.principal = principal
        self.groups = groups
        self.clientScopes = clientScopes
        self.ownRoles = ownRoles
    }
}

extension Access {
    /// What the bindings give somebody.
    ///
    /// A group that is named like a role has that role in all accounts as long as no binding is for it, and so has a
    /// scope of ours; the first binding for it takes the place of that. What a principal is bound to by name comes on top.
    package init(of standing: Standing, under bindings: [RoleBinding]) {
        var grants: [Role: AccountScope] = [:]
        func give(_ role: Role, _ scope: AccountScope) {
            grants[role] = grants[role, default: .none].union(scope)
        }
        func give(_ kind: RoleBinding.Kind, _ names: [String], else ordinary: (String) -> Role?) {
            for name in Set(names) {
                let own = bindings.filter { $0.kind == kind && $0.name == name }
                for binding in own { give(binding.role, binding.scope) }
                if own.isEmpty, let role = ordinary(name) { give(role, .all) }
            }
        }
        give(.group, standing.groups) { Role(rawValue: $0) }
        give(.clientScope, standing.clientScopes) { Role(scope: $0) }
        give(.subject, [standing.principal]) { _ in nil }
        for role in standing.ownRoles { give(role, .all) }
        self.init(grants)
    }
}
