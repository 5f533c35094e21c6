internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "List the events of all DRS jobs of an execution, oldest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var named: ExecutionArgument

    func run() async throws {
        try await common.session { session in
            let call = ListJobLogs(executionId: try await session.execution(named.execution))
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

extension JobLogView: Tabular {
    static var columns: [Table.Column] {
        [
            .text("AT"), .number("WAVE"), .text("ACCOUNT"), .text("REGION"), .text("JOB"), .text("EVENT"),
            .text("SERVER"), .text("DETAIL"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(ClockText.of(at)), Table.Cell("\(waveNumber)"), Table.Cell(accountId.rawValue),
            Table.Cell(region.rawValue), Table.Cell(jobId), Table.Cell(event), .optional(sourceServerId),
            Table.Cell(detail ?? ""),
        ]
    }

    var quiet: String { jobId }
}
