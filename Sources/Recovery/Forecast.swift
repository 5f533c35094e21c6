package import Ambient

/// When an execution will be done, told from what its own waves took.
///
/// The longest way through the waves that are not settled: a settled wave took what it took, one under way takes what
/// is left of the usual time, and the usual time is the mean of this execution's completed waves; before there is one,
/// the 9 minutes that DRS was observed to take for a Linux drill.
extension Execution {
    /// What a wave takes where nothing better is known: DRS's observed time from StartRecovery to LAUNCH_END, 530 s.
    private static let observedLaunch: Duration = .seconds(540)

    /// The time from the start (or the declaration of the disaster) to the last launch, as forecast at `now`.
    ///
    /// Nil once the execution has ended: then the elapsed time is the recovery time. A wait for a person counts as it
    /// has lasted so far; how long it will last nobody knows.
    package func forecast(at now: Instant) -> Duration? {
        guard endedAt == nil else { return nil }
        let usual = usualLaunch
        var finish: [Int: Duration] = [:]
        var waiting = Array(waves.indices)
        // Dependencies may name later waves; their graph has no cycle, so each round finishes at least one.
        while !waiting.isEmpty {
            let due = waiting.filter { plan.waves[$0].dependsOnWaves.allSatisfy { finish[$0] != nil } }
            guard !due.isEmpty else { break }
            for index in due {
                let begin = plan.waves[index].dependsOnWaves.compactMap { finish[$0] }.max() ?? .zero
                finish[index] = begin + remaining(of: waves[index], usual: usual, at: now)
            }
            waiting.removeAll { finish[$0] != nil }
        }
        return elapsed(at: now) + (finish.values.max() ?? .zero)
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
