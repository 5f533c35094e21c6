package import JSON
package import Recovery

extension Contract {
    static let roleBindings: [CallDescription] = [
        CallDescription(ListRoleBindings.self), CallDescription(CreateRoleBinding.self),
        CallDescription(GetRoleBinding.self), CallDescription(UpdateRoleBinding.self),
        CallDescription(DeleteRoleBinding.self),
    ]
}

/// Lists who has which role in which accounts, by name.
package struct ListRoleBindings: Call {
    package typealias Answer = Page<RoleBindingView>
    package static let route = Route.get("/role-bindings", of: .users)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "List role bindings"
    package static let parameters: [Parameter] =
        [
            .query("kind", .choice(RoleBinding.Kind.self), "Only names of that kind."),
            .query("role", .choice(Role.self), "Only bindings to that role."),
            .query("q", Shapes.search, "Part of the name."),
        ] + Parameter.paging

    package var kind: RoleBinding.Kind?
    package var role: Role?
    package var q: String?
    package var limit: Int?
    package var nextToken: String?

    package init(
        kind: RoleBinding.Kind? = nil,
        role: Role? = nil,
        q: String? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.kind = kind
        self.role = role
        self.q = q
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Gives a role to a group, a principal or a client's scope.
package struct CreateRoleBinding: Call {
    package typealias Answer = RoleBindingView
    package static let route = Route.post("/role-bindings", of: .users, answering: .created)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Bind a name to a role"
    package static let details = """
        Needs ManageAccounts in all accounts. The first binding for a group that is named like a role, or for one of our \
        scopes, takes the place of the role that it has in all accounts by itself.
        """
    package static let bodyShape: Shape? = Shapes.roleBinding

    package static func location(of answer: RoleBindingView) -> String? {
        "\(Route.base)/role-bindings/\(answer.bindingId)"
    }

    package var body: RoleBindingBody

    package init(
        body: RoleBindingBody
    ) {
        self.body = body
    }
}

/// Shows one role binding.
package struct GetRoleBinding: Call {
    package typealias Answer = RoleBindingView
    package static let route = Route.get("/role-bindings/{bindingId}", of: .users)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Show a role binding"
    package static let parameters = [Parameter.binding]

    package var bindingId: RoleBinding.ID

    package init(
        bindingId: RoleBinding.ID
    ) {
        self.bindingId = bindingId
    }
}

/// Replaces what is said of a role binding.
package struct UpdateRoleBinding: Call {
    package typealias Answer = RoleBindingView
    package static let route = Route.put("/role-bindings/{bindingId}", of: .users)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Change a role binding"
    package static let details = "Needs ManageAccounts in all accounts; holds from the next request on."
    package static let parameters = [Parameter.binding]
    package static let bodyShape: Shape? = Shapes.roleBinding

    package var bindingId: RoleBinding.ID
    package var body: RoleBindingBody

    package init(
        bindingId: RoleBinding.ID,
        body: RoleBindingBody
    ) {
        self.bindingId = bindingId
        self.body = body
    }
}

/// Takes a role away.
package struct DeleteRoleBinding: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/role-bindings/{bindingId}", of: .users)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Remove a role binding"
    package static let details = """
        Needs ManageAccounts in all accounts. With its last binding gone, a group that is named like a role has that role \
        in all accounts again.
        """
    package static let parameters = [Parameter.binding]

    package var bindingId: RoleBinding.ID

    package init(
        bindingId: RoleBinding.ID
    ) {
        self.bindingId = bindingId
    }
}

extension Parameter {
    fileprivate static let binding = Parameter.path("bindingId", Shapes.identifier, "The binding.")
}
