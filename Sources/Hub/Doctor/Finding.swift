/// What an examination found of one thing.
package struct Finding: Sendable, Hashable {
    package enum State: String, Sendable {
        case good = "ok"
        case doubtful = "look"
        case wrong = "WRONG"
    }

    package let state: State
    /// What was looked at, in a few words.
    package let subject: String
    package let detail: String
    /// What to do about it; nil where nothing is to be done.
    package let remedy: String?

    static func good(_ subject: String, _ detail: String) -> Finding {
        Finding(state: .good, subject: subject, detail: detail, remedy: nil)
    }

    static func doubtful(_ subject: String, _ detail: String, _ remedy: String) -> Finding {
        Finding(state: .doubtful, subject: subject, detail: detail, remedy: remedy)
    }

    static func wrong(_ subject: String, _ detail: String, _ remedy: String) -> Finding {
        Finding(state: .wrong, subject: subject, detail: detail, remedy: remedy)
    }

    /// A line, and a second one with what to do.
    package var text: String {
        let width = 6
        let mark = state.rawValue + String(repeating: " ", count: width - state.rawValue.count)
        let line = "\(mark)\(subject): \(detail)"
        return remedy.map { "\(line)\n\(String(repeating: " ", count: width))→ \($0)" } ?? line
    }
}
