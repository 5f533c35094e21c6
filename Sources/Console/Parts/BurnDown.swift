package import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Servers that are still to be launched, over time, against the even way to the target.
package struct BurnDown: Sendable {
    let execution: ExecutionView
    /// Seconds.
    let objective: Int
    let now: Instant

    package init(execution: ExecutionView, objective: Int, now: Instant) {
        self.execution = execution
        self.objective = objective
        self.now = now
    }

    /// The picture's own units; it is stretched to its place.
    private static let width = 1000.0
    private static let height = 160.0

    private var start: Instant { execution.declaredAt ?? execution.startedAt }

    /// When each server was launched, in seconds since the start.
    private var launches: [Double] {
        (execution.waves ?? []).flatMap(\.servers).filter { $0.status == .launched }
            .compactMap(\.endedAt).map { max(0, ($0 - start).seconds) }.sorted()
    }

    private var elapsed: Double { Double(execution.recoveryTime.elapsedSeconds) }

    package var html: HTML {
        let total = execution.counts.total
        guard total > 0 else { return .empty }
        let launched = launches
        let span = max(Double(objective), elapsed, 1)
        func x(_ seconds: Double) -> Double { min(seconds, span) / span * Self.width }
        func y(_ left: Int) -> Double { Double(left) / Double(total) * Self.height }
        // From the top: what is left is drawn from below.
        func point(_ seconds: Double, _ left: Int) -> String {
            "\(Int(x(seconds).rounded())),\(Int((Self.height - y(left)).rounded()))"
        }
        var points = [point(0, total)]
        for (index, at) in launched.enumerated() {
            points.append(point(at, total - index))
            points.append(point(at, total - index - 1))
        }
        points.append(point(max(elapsed, launched.last ?? 0), total - launched.count))
        let left = total - launched.count
        return """
            <svg class="burn-down" viewBox="0 0 \(Self.width) \(Self.height)" preserveAspectRatio="none" role="img" \
            aria-label="\(left) of \(total) servers are left"><polyline class="even" points="\(point(0, total)) \
            \(point(Double(objective), 0))"/><polyline class="left" points="\(points.joined(separator: " "))"/></svg>
            """
    }
}
