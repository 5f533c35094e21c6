package import CoreMetrics
internal import Synchronization

/// Keeps what is counted and shows it as Prometheus reads it (text exposition format 0.0.4): a backend of swift-metrics.
///
/// It keeps the metrics of `Measure` and no others. Labels come from fixed lists, save for routes and operations, which
/// are the program's own; so the number of series is bounded, and `limit` bounds it even where that is wrong.
package final class Registry: MetricsFactory {
    private struct Key: Hashable {
        let measure: Measure
        /// As shown, `{a="b"}` without its braces.
        let labels: String
    }

    private let series = Mutex<[Key: Series]>([:])

    /// A hub has some 150 routes with a few statuses each; a spoke some 20 operations.
    private static let limit = 10_000

    package init() {}

    /// A value that is found out when it is asked for, beside what was counted.
    package struct Sample: Sendable, Hashable {
        package let measure: Measure
        package let labels: [String]
        package let value: Double

        package init(_ measure: Measure, _ labels: [String] = [], _ value: Double) {
            self.measure = measure
            self.labels = labels
            self.value = value
        }
    }

    /// Everything as text; the samples are shown with what was counted, each metric once.
    package func exposition(with samples: [Sample] = []) -> String {
        let kept = Dictionary(grouping: series.withLock { $0 }, by: \.key.measure)
        let given = Dictionary(grouping: samples, by: \.measure)
        return Measure.allCases.compactMap { measure in
            let lines =
                kept[measure, default: []].sorted { $0.key.labels < $1.key.labels }
                .flatMap { $0.value.lines(of: measure, labels: $0.key.labels) }
                + given[measure, default: []].map { sample in
                    Series.line(
                        measure.rawValue,
                        Self.text(zip(measure.labels, sample.labels).map { ($0, $1) }),
                        sample.value
                    )
                }
            guard !lines.isEmpty else { return nil }
            let name = measure.rawValue
            let head = ["# HELP \(name) \(measure.help)", "# TYPE \(name) \(measure.kind.rawValue)"]
            return (head + lines).joined(separator: "\n") + "\n"
        }.joined()
    }

    /// Labels as they are shown: `a="b",c="d"`, with backslash, quote and line feed escaped.
    static func text(_ labels: [(String, String)]) -> String {
        labels.map { name, value in
            let escaped = value.flatMap { character -> String in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }
            return "\(name)=\"\(String(escaped))\""
        }.joined(separator: ",")
    }

    private func handler(_ label: String, _ dimensions: [(String, String)]) -> Series {
        guard let measure = Measure(rawValue: label) else { return Series(buckets: []) }
        let key = Key(measure: measure, labels: Self.text(dimensions))
        return series.withLock { series in
            if let kept = series[key] { return kept }
            let made = Series(buckets: measure.buckets)
            if series.count < Self.limit { series[key] = made }
            return made
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        handler(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        handler(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions)
    }

    /// A counter that is let go of is counted on: its series is the program's, not its maker's.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
