internal import ArgumentParser
internal import Contract
internal import Recovery

struct SpokeDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Give a spoke nothing new: it finishes what it has."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The spoke's name or id.") var spoke: String

    func run() async throws {
        try await common.session { session in
            let call = DrainSpoke(spokeId: try await session.spoke(spoke))
            let reply = try await session.client.reply(to: call)
            session.output.report(reply, "The spoke \(reply.answer.name) is \(reply.answer.state.rawValue).")
        }
    }
}
