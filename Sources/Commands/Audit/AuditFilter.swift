internal import Ambient
internal import ArgumentParser
internal import Contract

/// What lists and exports of the audit are narrowed to.
struct AuditFilter: ParsableArguments {
    @Option(help: "Who: subject@issuer, as whoami shows it.") var principal: String?
    @Option(help: "The call, such as UpdateAccount.") var action: String?
    @Option(help: "The object's identifier.") var object: String?
    @Option(help: "done or refused.") var outcome: AuditOutcome?
    @Option(help: "Not before this time.") var from: Instant?
    @Option(help: "Before this time.") var to: Instant?

    var call: ListAuditEvents {
        ListAuditEvents(
            principal: principal,
            action: action,
            subjectId: object,
            outcome: outcome,
            from: from,
            to: to
        )
    }
}

extension AuditOutcome: ExpressibleByArgument {
    /// Of either case.
    init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}
