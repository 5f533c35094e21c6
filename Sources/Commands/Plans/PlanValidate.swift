internal import ArgumentParser
internal import Contract
internal import Recovery

struct PlanValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check everything that a start would check, without starting.",
        discussion: "Ends with 1 when the plan could not be started now."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The plan's name or id.") var plan: String

    func run() async throws {
        try await common.session { session in
            let call = ValidateRecoveryPlan(planId: try await session.plan(plan))
            let reply = try await session.client.reply(to: call)
            session.output.show(reply)
            guard reply.answer.startable else { throw Ending(status: .failed) }
        }
    }
}

extension PlanValidation: Detailed {
    var quiet: String { readiness.state.rawValue }

    var sections: [Section] {
        let rows = problems.map { problem in
            [
                Table.Cell(problem.blocking ? "no" : "yes", problem.blocking ? .bad : .warning),
                .optional(problem.waveNumber), Table.Cell(problem.code), Table.Cell(problem.detail),
                Table.Cell(problem.serverIds.map(\.rawValue).joined(separator: " ")),
            ]
        }
        let columns: [Table.Column] = [
            .text("STARTS"), .number("WAVE"), .text("CODE"), .text("WHAT"), .text("SERVERS"),
        ]
        let remedies = readiness.reasons.filter { !$0.whatToDo.isEmpty }.map { reason in
            [Table.Cell(reason.code), Table.Cell(reason.whatToDo)]
        }
        return [
            .fields([
                ("Startable", startable ? Table.Cell("yes", .good) : Table.Cell("no", .bad)),
                ("Readiness", .label(readiness.state)),
            ]),
            .table(title: "Problems", Table(columns, rows)),
            .table(title: "What to do", Table([.text("CODE"), .text("DO")], remedies)),
        ]
    }
}
