internal import Ambient
internal import JSON

/// Writes times as DRS does.
package struct Stamp: Sendable {
    /// DRS's model promises the one, real answers have the other.
    package enum Format: String, Sendable, CaseIterable {
        /// `2022-12-07T19:15:38.846723+00:00`, as captured from DRS.
        case offset
        /// `2022-12-07T19:15:38.846Z`, as the model says.
        case zulu
    }

    let clock: ScaledClock
    let format: Format

    func text(_ moment: Duration) -> JSON {
        text(clock.wallClock(at: moment))
    }

    func text(_ instant: Instant) -> JSON {
        let text = instant.description
        guard format == .offset else { return .string(text) }
        // Time is kept in milliseconds; the three digits below them follow from it, so that one moment has one text.
        let micros = String((instant.milliseconds &* 7919 % 1000 + 1000) % 1000 + 1000).dropFirst()
        return .string(text.dropLast() + micros + "+00:00")
    }

    /// A span of time in ISO 8601, as `P0D` or `PT1H32M12.136S`.
    static func span(_ duration: Duration) -> JSON {
        let milliseconds = duration.milliseconds
        guard milliseconds > 0 else { return "P0D" }
        let (days, hours, minutes) = (
            milliseconds / 86_400_000, milliseconds / 3_600_000 % 24, milliseconds / 60_000 % 60
        )
        let (seconds, rest) = (milliseconds / 1000 % 60, milliseconds % 1000)
        var text = days > 0 ? "P\(days)D" : "P"
        let fraction = rest > 0 ? "." + String(rest + 1000).dropFirst() : ""
        let time =
            (hours > 0 ? "\(hours)H" : "") + (minutes > 0 ? "\(minutes)M" : "")
            + (seconds > 0 || rest > 0 ? "\(seconds)\(fraction)S" : "")
        if !time.isEmpty { text += "T" + time }
        return .string(text)
    }
}
