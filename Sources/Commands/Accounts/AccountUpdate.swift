internal import ArgumentParser
internal import Contract
internal import Recovery

struct AccountUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change what is said of an account.",
        discussion: """
            What is not named stays. Another's change in the meantime is not overwritten (REVISION_STALE). A role that is \
            taken out loses the account at once.
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's 12 digits.") var account: AccountNumber
    @Option(help: "The new name.") var name: String?
    @Option(parsing: .upToNextOption, help: "All Regions, instead of those it has.") var region: [Region] = []
    @Option(parsing: .upToNextOption, help: "The ARNs of all roles that may serve it, instead of those it has.")
    var spokePrincipal: [String] = []
    @Option(help: "Who answers for the account.") var owner: String?
    @Flag(help: "Nobody in particular answers for it any more.") var noOwner = false
    @Option(help: "A tag as key=value; all tags instead of those it has.") var tag: [TagArgument] = []
    @Flag(help: "Take all tags away.") var noTags = false

    func validate() throws {
        guard owner == nil || !noOwner else { throw ValidationError("--owner and --no-owner exclude each other.") }
        guard tag.isEmpty || !noTags else { throw ValidationError("--tag and --no-tags exclude each other.") }
        let isNothing = [name == nil, region.isEmpty, spokePrincipal.isEmpty, owner == nil, tag.isEmpty]
        guard noOwner || noTags || isNothing.contains(false) else { throw ValidationError("Say what to change.") }
    }

    func run() async throws {
        let tags = try tag.tags()
        try await common.session { session in
            let old = try await session.client.send(GetAccount(accountId: account))
            let body = AccountBody(
                accountId: account,
                accountName: name ?? old.accountName,
                regions: region.isEmpty ? old.regions : region,
                spokePrincipals: spokePrincipal.isEmpty ? old.spokePrincipals : spokePrincipal,
                owner: noOwner ? nil : owner ?? old.owner,
                tags: noTags ? [:] : tag.isEmpty ? old.tags : tags
            )
            let call = UpdateAccount(accountId: account, body: body)
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(reply, "Changed the account \(account): revision \(reply.answer.revision).")
        }
    }
}
