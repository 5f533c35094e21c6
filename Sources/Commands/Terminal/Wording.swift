internal import Ambient

/// How many of something: `1 wave`, `2 waves`.
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// Durations and times as people read them.
enum ClockText {
    /// Hours, minutes and seconds: `0:03:12`.
    static func of(seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let seconds = max(0, seconds)
        return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// A time in UTC to the second: `2026-11-26T18:54:40Z`.
    static func of(_ instant: Instant) -> String {
        instant.description.prefix(19) + "Z"
    }
}
