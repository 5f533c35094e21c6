package import Ambient

/// When an execution will be done, told from what its own waves took.
///
/// The longest way through the waves that are not settled: a settled wave took what it took, one under way takes what
/// is left of the usual time, and the usual time is the mean of this execution's completed waves; before there is one,
/// the 9 minutes that DRS was observed to take for a Linux drill.
extension Execution {
    /// What a wave takes where nothing better is known: DRS's observed time from StartRecovery to LAUNCH_END, 530 s.
    private static let observedLaunch: Duration = .seconds(540)

    /// A stretch of time since the start, or the declaration of the disaster.
    package struct Span: Sendable, Hashable {
        package let begin: Duration
        package let end: Duration
    }

    /// One wave as it was planned, as it must be, and as it will be.
    package struct Outlook: Sendable, Hashable {
        /// As the plan alone has it: each wave takes DRS's observed time, and nobody is waited for.
        package let planned: Span
        /// When it must be done for the objective to be kept: the time shared out as planned.
        package let target: Duration?
        /// As it looks now; nil once the wave is settled.
        package let forecast: Span?
    }

    /// The time from the start (or the declaration of the disaster) to the last launch, as forecast at `now`.
    ///
    /// Nil once the execution has ended: then the elapsed time is the recovery time. A wait for a person counts as it
    /// has lasted so far; how long it will last nobody knows.
    package func forecast(at now: Instant) -> Duration? {
        guard endedAt == nil else { return nil }
        return forecastSpans(at: now).values.map(\.end).max() ?? elapsed(at: now)
    }

    /// The outlook of every wave, by its number; the latest end of the forecasts is the execution's own forecast.
    package func outlooks(at now: Instant) -> [Int: Outlook] {
        let planned = spans(from: .zero) { _ in Self.observedLaunch }
        let whole = planned.values.map(\.end).max() ?? .zero
        let forecasts = endedAt == nil ? forecastSpans(at: now) : [:]
        let objective = plan.recoveryTimeObjectiveMinutes.map { Duration.seconds($0 * 60) }
        return planned.reduce(into: [:]) { outlooks, wave in
            outlooks[wave.key] = Outlook(
                planned: wave.value,
                target: objective.map { $0 * (wave.value.end / whole) },
                forecast: waves[wave.key].status.isSettled ? nil : forecasts[wave.key]
            )
        }
    }

    private func forecastSpans(at now: Instant) -> [Int: Span] {
        let usual = usualLaunch
        return spans(from: elapsed(at: now)) { remaining(of: $0, usual: usual, at: now) }
    }

    /// Each wave begins when those that it depends on have ended, none of them before `first`.
    private func spans(from first: Duration, taking length: (WaveRun) -> Duration) -> [Int: Span] {
        var spans: [Int: Span] = [:]
        var waiting = Array(waves.indices)
        // Dependencies may name later waves; their graph has no cycle, so each round finishes at least one.
        while !waiting.isEmpty {
            let before = waiting.count
            waiting.removeAll { index in
                let ends = plan.waves[index].dependsOnWaves.map { spans[$0]?.end }
                guard !ends.contains(nil) else { return false }
                let begin = ends.compactMap(\.self).max() ?? first
                spans[index] = Span(begin: begin, end: begin + length(waves[index]))
                return true
            }
            guard waiting.count < before else { break }
        }
        return spans
    }

    private func remaining(of wave: WaveRun, usual: Duration, at now: Instant) -> Duration {
        switch wave.status {
        case .pending, .paused: usual
        case .started, .launching, .polling: max(.zero, usual - (now - (wave.startedAt ?? now)))
        case .completed, .partial, .failed, .cancelled, .skipped: .zero
        }
    }

    /// The recovery time so far: until now while it runs, afterwards until the last launch.
    package func elapsed(at now: Instant) -> Duration {
        let start = declaredAt ?? startedAt
        let end = endedAt == nil ? now : lastLaunch ?? endedAt ?? now
        return max(.zero, end - start)
    }

    private var usualLaunch: Duration {
        let taken = waves.compactMap { wave -> Duration? in
            guard wave.status == .completed, let start = wave.startedAt, let end = wave.endedAt else { return nil }
            return end - start
        }
        guard !taken.isEmpty else { return Self.observedLaunch }
        return taken.reduce(.zero, +) / taken.count
    }
}
