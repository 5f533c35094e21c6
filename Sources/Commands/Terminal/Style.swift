/// What a text says about itself, which a terminal may show as colour; nothing is said by colour alone.
package enum Tone: Sendable, Hashable {
    case plain, strong, faint, good, warning, bad
}

/// How texts are decorated: with colours (ECMA-48) or not at all.
package struct Style: Sendable, Hashable {
    package let usesColour: Bool

    package init(usesColour: Bool) {
        self.usesColour = usesColour
    }

    package func paint(_ text: String, _ tone: Tone) -> String {
        guard usesColour, !text.isEmpty, let code = Self.code(of: tone) else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private static func code(of tone: Tone) -> String? {
        switch tone {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .warning: "33"
        case .bad: "31"
        }
    }
}

extension Tone {
    /// The tone of a label of the API: how an execution, a wave, a server or a readiness stands.
    package init(ofLabel label: String) {
        switch label {
        case "COMPLETED", "LAUNCHED", "READY", "VERIFIED", "CONNECTED", "PASS", "CONTINUOUS", "ALLOWED": self = .good
        case "FAILED", "NOT_READY", "LOST", "FAIL", "DISCONNECTED", "STALLED", "DENIED", "TERMINATION_FAILED":
            self = .bad
        case "PAUSED", "PARTIAL", "CANCELLED", "CANCELLING", "NEEDS_CHECK", "DRAINING", "PASS_WITH_DEVIATIONS",
            "ABORTED", "SKIPPED":
            self = .warning
        case _: self = .plain
        }
    }
}
