package import Ambient
package import Hypertext

/// Moments and durations as the console writes them.
package enum Times {
    /// A moment with its zone; the browser rewrites it where the viewer wants local time.
    package static func moment(_ at: Instant) -> HTML {
        "<time datetime=\"\(at.description)\">\(text(at))</time>"
    }

    package static func moment(_ at: Instant?) -> HTML {
        at.map(moment) ?? "-"
    }

    /// The time of day only, where the date stands nearby.
    package static func clock(_ at: Instant) -> HTML {
        "<time datetime=\"\(at.description)\" data-clock class=\"id\">\(String(at.description.dropFirst(11).prefix(8)))</time>"
    }

    /// `2026-11-23 07:41:03 UTC`.
    package static func text(_ at: Instant) -> String {
        let text = at.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }

    /// How long ago, with the moment itself for whoever asks.
    package static func ago(_ at: Instant, at now: Instant) -> HTML {
        let words = "\(duration(Int(max(.zero, now - at).seconds), coarse: true)) ago"
        return "<time datetime=\"\(at.description)\" title=\"\(text(at))\" data-ago>\(words)</time>"
    }

    /// `14m 30s`, `2h 05m`, `3 days`.
    package static func duration(_ seconds: Int, coarse: Bool = false) -> String {
        let seconds = max(0, seconds)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600:
            let (minutes, rest) = (seconds / 60, seconds % 60)
            return coarse || rest == 0 ? "\(minutes)m" : "\(minutes)m \(rest < 10 ? "0" : "")\(rest)s"
        case ..<86_400:
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
            return minutes == 0 ? "\(hours)h" : "\(hours)h \(minutes < 10 ? "0" : "")\(minutes)m"
        default:
            let days = seconds / 86_400
            return days == 1 ? "1 day" : "\(days) days"
        }
    }

    /// The time since a moment, ticking in the browser while it goes on.
    package static func ticking(from start: Instant, to end: Instant?, at now: Instant) -> HTML {
        let seconds = Int(max(.zero, (end ?? now) - start).seconds)
        guard end == nil else { return "<span>\(duration(seconds))</span>" }
        return "<span data-since=\"\(start.description)\">\(duration(seconds))</span>"
    }
}
