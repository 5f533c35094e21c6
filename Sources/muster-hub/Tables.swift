internal import ArgumentParser
internal import Hub
internal import Measures

/// Prints the table of every metric, for the documents.
struct MetricsTable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print the table of all metrics (Docs/Metrics.md has it)."
    )

    func run() {
        print(Measure.table)
    }
}

/// Prints the table of every key, for the documents.
struct ConfigurationTable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration",
        abstract: "Print the table of all keys (Docs/Configuration.md has it)."
    )

    func run() {
        print(HubKey.table)
    }
}
