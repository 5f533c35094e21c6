internal import Ambient
internal import CoreMetrics
internal import Measures

/// Counts calls of AWS: each attempt with its outcome and its time, and the waiting for a turn.
struct CallMeter: Sendable {
    let factory: any MetricsFactory

    init(_ factory: any MetricsFactory) {
        self.factory = factory
    }

    func count(_ call: AWSCall, _ failure: AWSFailure?, took: Duration) {
        let operation = ("operation", call.name)
        let outcome = failure.map(Self.outcome) ?? "ok"
        factory.makeCounter(label: Measure.awsCalls.rawValue, dimensions: [operation, ("outcome", outcome)])
            .increment(by: 1)
        factory.makeRecorder(label: Measure.awsSeconds.rawValue, dimensions: [operation], aggregate: true)
            .record(took.seconds)
    }

    func count(_ call: AWSCall, waiting: Duration) {
        factory.makeFloatingPointCounter(
            label: Measure.throttleSeconds.rawValue,
            dimensions: [("operation", call.name)]
        ).increment(by: waiting.seconds)
    }

    private static func outcome(_ failure: AWSFailure) -> String {
        switch failure.kind {
        case .refused: failure.isThrottle ? "throttled" : "refused"
        case .notSent: "notSent"
        case .unclear: "unclear"
        case .lost: "lost"
        case .noCredentials, .noEndpoint: "unsigned"
        }
    }
}
