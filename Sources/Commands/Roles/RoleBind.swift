internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct RoleBind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Give a role to a group, a principal or a client's scope.",
        discussion: "muster role bind DRSRecoveryManager --group night-shift --account 111122223333 444455556666"
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The role.") var role: Role
    @Option(help: "A group of the token.") var group: String?
    @Option(help: "A principal: subject@issuer, as whoami shows it.") var principal: String?
    @Option(help: "A scope of client-credentials tokens.") var scope: String?
    @Option(parsing: .upToNextOption, help: "Only in these accounts; all unless said.") var account: [AccountNumber] =
        []
    @Option(help: "Why.") var description: String?

    private var names: [(kind: RoleBinding.Kind, name: String)] {
        [(.group, group), (.subject, principal), (.clientScope, scope)].compactMap { kind, name in
            name.map { (kind, $0) }
        }
    }

    func validate() throws {
        guard names.count == 1 else { throw ValidationError("Say one of --group, --principal, --scope.") }
    }

    func run() async throws {
        guard let (kind, name) = names.first else { return }
        let body = RoleBindingBody(
            kind: kind,
            name: name,
            role: role,
            accountIds: account.isEmpty ? nil : account,
            description: description
        )
        try await common.session { session in
            let reply = try await session.client.reply(to: CreateRoleBinding(body: body))
            session.output.report(reply, "Bound \(name) to \(role.rawValue): \(reply.answer.bindingId).")
        }
    }
}

struct RoleChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change the role or the accounts of a binding.",
        discussion: "What is not named stays. Another's change in the meantime is not overwritten (REVISION_STALE)."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The binding's id.") var binding: RoleBinding.ID
    @Option(help: "The new role.") var role: Role?
    @Option(parsing: .upToNextOption, help: "Only in these accounts.") var account: [AccountNumber] = []
    @Flag(help: "In all accounts.") var allAccounts = false
    @Option(help: "Why.") var description: String?

    func validate() throws {
        guard account.isEmpty || !allAccounts else {
            throw ValidationError("--account and --all-accounts exclude each other.")
        }
        guard role != nil || !account.isEmpty || allAccounts || description != nil else {
            throw ValidationError("Say what to change.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let old = try await session.client.send(GetRoleBinding(bindingId: binding))
            let body = RoleBindingBody(
                kind: old.kind,
                name: old.name,
                role: role ?? old.role,
                accountIds: allAccounts ? nil : account.isEmpty ? old.accountIds : account,
                description: description ?? old.description
            )
            let call = UpdateRoleBinding(bindingId: binding, body: body)
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(
                reply,
                "Changed the binding of \(reply.answer.name): revision \(reply.answer.revision)."
            )
        }
    }
}

extension Role: ExpressibleByArgument {}

extension Identifier: ExpressibleByArgument where Subject == RoleBinding {
    init?(argument: String) {
        self.init(argument)
    }
}

extension RoleBindingView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.text("NAME"), .text("KIND"), .text("ROLE"), .text("ACCOUNTS"), .text("ID")]
    }

    private var accounts: String {
        guard let accountIds else { return "all" }
        let others = accountsOutsideScope > 0 ? ["and \(accountsOutsideScope) more"] : []
        return (accountIds.map(\.rawValue) + others).joined(separator: " ")
    }

    var row: [Table.Cell] {
        [
            Table.Cell(name), Table.Cell(kind.rawValue), Table.Cell(role.rawValue), Table.Cell(accounts),
            Table.Cell(bindingId.description),
        ]
    }

    var quiet: String { bindingId.description }

    var sections: [Section] {
        [
            .fields([
                ("Binding", Table.Cell(bindingId.description, .strong)), ("Name", Table.Cell(name)),
                ("Kind", Table.Cell(kind.rawValue)), ("Role", Table.Cell(role.rawValue)),
                ("Accounts", Table.Cell(accounts)), ("Description", Table.Cell(description)),
                ("Created by", Table.Cell(createdBy)), ("Revision", Table.Cell("\(revision)")),
            ])
        ]
    }
}
