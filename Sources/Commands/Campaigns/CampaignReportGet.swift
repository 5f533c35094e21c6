internal import ArgumentParser
internal import Contract
internal import Reporting

struct CampaignReportGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Fetch a campaign's one report into a file.",
        discussion: """
            muster campaign report "Autumn 2026" --as pdf autumn.pdf

            A final report makes itself when the campaign has ended; before, it is an interim one.
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The campaign's name or id.") var campaign: String
    @Argument(help: "The file, which must not exist; - for standard output.") var file: String
    @Option(help: "json, html, pdf or csv.") var `as`: ReportFormat = .json
    @Option(help: "A version instead of the newest.") var version: Int?
    @Flag(help: "As of this moment, whatever versions there are.") var interim = false

    func run() async throws {
        try await common.session { session in
            let call = GetCampaignReport(
                campaignId: try await session.campaign(campaign),
                format: `as`,
                version: version,
                interim: interim ? true : nil
            )
            try ReportFile.write(try await session.client.download(call), to: file, session)
        }
    }
}
