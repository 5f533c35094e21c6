internal import Ambient
internal import Foundation
internal import Logging
internal import Measures

/// Writes what a spoke counted into a file, again and again: nothing ever connects to a spoke.
///
/// It is what the textfile collector of Prometheus' node exporter reads, which takes files that end in `.prom`.
struct MetricsFile: Sendable {
    let path: String
    let registry: Registry
    let time: any TimeSource
    let logger: Logger

    /// As often as Prometheus usually asks.
    private static let interval = Duration.seconds(15)

    func run() async throws {
        while true {
            write()
            try await time.sleep(for: Self.interval)
        }
    }

    private func write() {
        do {
            // Another file that takes the place of the last one: a reader never sees half of it.
            let build = Registry.Sample(.build, [MusterVersion.text], 1)
            try Data(registry.exposition(with: [build]).utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            logger.warning("metrics were not written", metadata: ["file": "\(path)", "reason": "\(error)"])
        }
    }
}
