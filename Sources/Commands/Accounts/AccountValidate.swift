internal import ArgumentParser
internal import Contract
internal import Recovery

struct AccountValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Ask the account's spokes to try what is needed there; nothing is changed.",
        discussion: "Ends with 1 when something is not as it should be, or could not be asked in a Region."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's 12 digits.") var account: AccountNumber

    func run() async throws {
        try await common.session { session in
            let reply = try await session.client.reply(to: ValidateAccount(accountId: account))
            session.output.show(reply)
            guard reply.answer.holds else { throw Ending(status: .failed) }
        }
    }
}

extension AccountValidation: Detailed {
    var quiet: String { holds ? "ALLOWED" : "DENIED" }

    /// Whether nothing stands against working in the account.
    var holds: Bool {
        results.allSatisfy { place in place.error == nil && place.checks.allSatisfy(\.holds) }
    }

    var sections: [Section] {
        let rows = results.flatMap { place in
            let errors = place.error.map { error in
                [
                    [
                        Table.Cell(place.region.rawValue), .optional(nil as String?), Table.Cell("ERROR", .bad),
                        Table.Cell("no", .bad), Table.Cell(error),
                    ]
                ]
            }
            let checks = place.checks.map { check -> [Table.Cell] in
                [
                    Table.Cell(place.region.rawValue), Table.Cell(check.action),
                    Table.Cell(check.result.rawValue, check.holds ? .plain : .bad),
                    Table.Cell(check.holds ? "yes" : "no", check.holds ? .good : .bad),
                    Table.Cell(check.detail ?? ""),
                ]
            }
            return (errors ?? []) + checks
        }
        let columns: [Table.Column] = [
            .text("REGION"), .text("ACTION"), .text("RESULT"), .text("AS IT SHOULD"), .text("DETAIL"),
        ]
        return [
            .fields([
                ("Account", Table.Cell(accountId.rawValue)),
                ("Access", holds ? Table.Cell("complete", .good) : Table.Cell("incomplete", .bad)),
            ]),
            .table(title: "Checks", Table(columns, rows)),
        ]
    }
}

extension AccessCheck {
    /// Whether it is as it should be; what could not be checked stands against nothing.
    ///
    /// A role that can be assumed without its external ID, or with a wrong one, is open to others (AWS IAM user guide,
    /// "The confused deputy problem"): there, DENIED is what is wanted.
    var holds: Bool {
        let mustBeDenied = action == "AssumeRoleWithoutExternalId" || action == "AssumeRoleWithWrongExternalId"
        return result != (mustBeDenied ? .allowed : .denied)
    }
}
