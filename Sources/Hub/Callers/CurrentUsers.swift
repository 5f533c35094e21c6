internal import Contract
internal import Recovery

/// Tells callers who they are.
struct CurrentUsers: Sendable {
    func bind(_ calls: inout Bindings) {
        calls.answer(GetCurrentUser.self) { _, context in
            let caller = context.caller
            return CurrentUser(
                subject: caller.subject,
                name: caller.name,
                kind: caller.kind,
                roles: Role.allCases.filter(caller.roles.contains),
                permissions: Permission.allCases.filter(caller.permissions.contains),
                scope: CurrentUser.Scope(
                    allAccounts: caller.scope == .all,
                    accountIds: caller.scope.limit ?? []
                )
            )
        }
    }
}
