internal import Glibc

/// Where the time comes from: the one thing that tells it and the one thing that waits.
///
/// Everything that needs the time takes a `TimeSource`, so that a test or a simulation owns it.
package protocol TimeSource: Sendable {
    /// The wall clock. It may jump; never measure with it what must not.
    func now() -> Instant

    /// A clock that only goes forward and goes on while the machine sleeps (`CLOCK_BOOTTIME`), from an unknown start.
    ///
    /// Leases are judged by it: a laptop lid or a paused virtual machine must not make an old lease look fresh.
    func elapsed() -> Duration

    /// Waits; a cancelled task is woken with `CancellationError`.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clocks.
package struct SystemTime: TimeSource {
    package init() {}

    package func now() -> Instant {
        let time = Self.read(CLOCK_REALTIME)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package func elapsed() -> Duration {
        let time = Self.read(CLOCK_BOOTTIME)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}
