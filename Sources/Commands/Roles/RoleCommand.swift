internal import ArgumentParser
internal import Contract
internal import Recovery

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Who has which role in which accounts.",
        discussion: """
            A group that is named like a role has it in all accounts as long as no binding is for it, and so have the \
            scopes muster/read, muster/operate and muster/admin.
            """,
        subcommands: [RoleList.self, RoleShow.self, RoleBind.self, RoleChange.self, RoleUnbind.self]
    )
}

struct RoleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List role bindings by name.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Part of the name.") var search: String?
    @Option(help: "Only this role.") var role: Role?

    func run() async throws {
        try await common.session { session in
            let call = ListRoleBindings(role: role, q: search)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct RoleShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a role binding.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The binding's id.") var binding: RoleBinding.ID

    func run() async throws {
        try await common.session { session in
            session.output.show(try await session.client.reply(to: GetRoleBinding(bindingId: binding)))
        }
    }
}

struct RoleUnbind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbind",
        abstract: "Remove a role binding.",
        discussion: "With its last binding gone, a group that is named like a role has it in all accounts again."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The binding's id.") var binding: RoleBinding.ID

    func run() async throws {
        try await common.session { session in
            _ = try await session.client.send(DeleteRoleBinding(bindingId: binding))
            session.output.report("Removed the binding \(binding).")
        }
    }
}
