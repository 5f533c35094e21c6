package import CoreMetrics
internal import Ambient
internal import Measures
internal import Recovery

/// Counts how long waves and launches took, each when the turn that ended it has committed.
package struct TurnMeter: Sendable {
    private let factory: any MetricsFactory

    package init(_ factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    /// The waves and launches that a turn ended.
    struct Ended: Sendable {
        fileprivate var times: [(measure: Measure, labels: [String], time: Duration)] = []

        init() {}

        init(of turn: Turn) {
            let execution = turn.execution
            let type = execution.type.rawValue
            for wave in turn.outcome.waves.sorted().map({ execution.waves[$0] }) {
                guard let start = wave.startedAt, let end = wave.endedAt, end == turn.now else { continue }
                times.append((.waveSeconds, [type, wave.status.rawValue], end - start))
            }
            for server in turn.outcome.servers.sorted().map({ execution.servers[$0] }) {
                guard server.status == .launched, let start = server.startedAt, let end = server.endedAt,
                    end == turn.now
                else { continue }
                times.append((.launchSeconds, [type], end - start))
            }
        }
    }

    func record(_ ended: Ended) {
        for (measure, labels, time) in ended.times {
            factory.makeRecorder(
                label: measure.rawValue,
                dimensions: zip(measure.labels, labels).map { ($0, $1) },
                aggregate: true
            ).record(time.seconds)
        }
    }
}
