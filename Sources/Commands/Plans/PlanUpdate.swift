internal import ArgumentParser
internal import Contract

struct PlanUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a recovery plan.",
        discussion: """
            --file replaces the whole plan; flags change what they name. Another's change in the meantime is not \
            overwritten (REVISION_STALE).

            muster plan show Payroll --as-file > payroll.json; muster plan update Payroll --file payroll.json
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The plan's name or id.") var plan: String
    @Option(help: "The whole plan as JSON; - for standard input.", completion: .file()) var file: String?
    @Option(help: "The new name.") var name: String?
    @OptionGroup var facts: PlanFacts

    func validate() throws {
        let isChanged = name != nil || !facts.isEmpty
        guard isChanged != (file != nil) else {
            throw ValidationError("Say what to change, either by --file or by flags.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let id = try await session.plan(plan)
            let old = try await session.client.send(GetRecoveryPlan(planId: id))
            var body =
                if let file { try await session.planBody(in: file) } else { try RecoveryPlanBody(old) }
            if let name { body.planName = name }
            facts.fill(&body)
            let call = UpdateRecoveryPlan(planId: id, body: body)
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(reply, "Changed \(reply.answer.planName): revision \(reply.answer.revision).")
        }
    }
}
