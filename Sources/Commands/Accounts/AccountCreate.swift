internal import ArgumentParser
internal import Contract
internal import Recovery

struct AccountCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Register an account that spokes may then serve.",
        discussion:
            "The hub makes the external ID, which goes into the role's trust policy and the spoke's configuration."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's 12 digits.") var account: AccountNumber
    @Option(help: "Its name.") var name: String
    @Option(parsing: .upToNextOption, help: "The Regions with servers.") var region: [Region]
    @Option(parsing: .upToNextOption, help: "The ARNs of the roles that may serve it.") var spokePrincipal: [String]
    @Option(help: "Who answers for the account.") var owner: String?
    @Option(help: "A tag as key=value; repeat for more.") var tag: [TagArgument] = []

    func run() async throws {
        let body = AccountBody(
            accountId: account,
            accountName: name,
            regions: region,
            spokePrincipals: spokePrincipal,
            owner: owner,
            tags: tag.isEmpty ? nil : try tag.tags()
        )
        try await common.session { session in
            let reply = try await session.client.reply(to: CreateAccount(body: body))
            let external = reply.answer.externalId.map { " Its external ID is \($0)." } ?? ""
            session.output.report(reply, "Registered the account \(account).\(external)")
        }
    }
}
