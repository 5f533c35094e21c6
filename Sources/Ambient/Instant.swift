/// A moment in time, as milliseconds since 1970-01-01T00:00:00Z.
///
/// Milliseconds are what the REST contract shows; nothing finer is kept, so that a moment survives every trip through
/// JSON and PostgreSQL unchanged. Its text is ISO 8601 in UTC with three decimals (`2026-11-26T18:54:40.125Z`).
package struct Instant: Sendable, Hashable, Comparable {
    /// Milliseconds since the Unix epoch; negative before it.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds + duration.milliseconds)
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds - duration.milliseconds)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Duration {
    /// The whole milliseconds of this duration, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// The duration in seconds, with its fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
