internal import ArgumentParser
internal import Contract
internal import Recovery

struct RegionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the Regions that are known, and where DRS is initialised."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions

    func run() async throws {
        try await common.session { session in
            session.output.show(try await session.client.every(ListRegions(), atMost: list.limit))
        }
    }
}

extension RegionView: Tabular {
    static var columns: [Table.Column] {
        [.text("REGION"), .text("INITIALISED"), .text("NOT INITIALISED"), .text("NOT YET KNOWN")]
    }

    var row: [Table.Cell] {
        func names(_ isInitialized: Bool?) -> Table.Cell {
            let names = accounts.filter { $0.initialized == isInitialized }.map(\.accountId.rawValue)
            return .optional(names.isEmpty ? nil : names.joined(separator: " "))
        }
        return [Table.Cell(region.rawValue), names(true), names(false), names(nil)]
    }

    var quiet: String { region.rawValue }
}
