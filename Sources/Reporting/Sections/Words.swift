package import Ambient

/// Moments, durations and labels as a report writes them.
package enum Words {
    package static let notRecorded = "not recorded"

    /// `2026-11-27 02:25:23.125 UTC`: to the millisecond, for an auditor compares it with other records.
    package static func moment(_ at: Instant) -> String {
        let text = at.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(12)) UTC"
    }

    package static func moment(_ at: Instant?) -> String {
        at.map { moment($0) } ?? "-"
    }

    /// `01:02:03`: hours, minutes, seconds.
    package static func duration(_ seconds: Int?) -> String {
        guard let seconds else { return "-" }
        let magnitude = seconds.magnitude
        let parts = [magnitude / 3600, magnitude / 60 % 60, magnitude % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return (seconds < 0 ? "-" : "") + parts.joined(separator: ":")
    }

    /// `552.125 s`: so that parts add up to their sum.
    package static func seconds(milliseconds: Int) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let digits = String(rest)
        return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits + " s"
    }

    package static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "-" }
        let thousandths = (part * 1000 + whole / 2) / whole
        return "\(thousandths / 10).\(thousandths % 10) %"
    }

    static func number(_ number: Int?) -> String { number.map(String.init) ?? "-" }
}

extension Report.ObjectiveResult {
    /// `MET`, or why there is no answer.
    package var words: String {
        switch outcome {
        case .met: "met"
        case .missed: "missed"
        case .notSet: "no objective is set"
        case .notKnown: "not known"
        case .running: "still running"
        }
    }
}

extension RecoveryTimeAnatomy.Kind {
    package var words: String {
        switch self {
        case .machine: "Machine"
        case .queue: "Queue"
        case .human: "People"
        case .retry: "Retry"
        case .hub: "Hub's own"
        }
    }

    package var meaning: String {
        switch self {
        case .machine: "DRS at work on the launches that counted"
        case .queue: "waiting for quota, throttled, or for what used the servers"
        case .human: "waiting for a declaration, a resume, an approval, a decision to try again"
        case .retry: "attempts that failed"
        case .hub: "from the hub's decisions to DRS's acceptance, and between waves"
        }
    }
}
