internal import Contract
internal import Recovery

/// Tells callers who they are.
struct CurrentUsers: Sendable {
    func bind(_ calls: inout Bindings) {
        calls.answer(GetCurrentUser.self) { _, context in
            let (caller, access) = (context.caller, context.access)
            return CurrentUser(
                subject: caller.subject,
                principal: caller.principal,
                name: caller.name,
                kind: caller.kind,
                groups: caller.groups,
                roles: access.roles,
                permissions: Permission.allCases.filter { access.may($0) },
                scope: CurrentUser.Scope(access.view),
                grants: access.roles.map { role in
                    CurrentUser.Grant(role: role, scope: CurrentUser.Scope(access.grants[role] ?? .none))
                }
            )
        }
    }
}

extension CurrentUser.Scope {
    fileprivate init(_ scope: AccountScope) {
        self.init(allAccounts: scope == .all, accountIds: scope.limit ?? [])
    }
}
