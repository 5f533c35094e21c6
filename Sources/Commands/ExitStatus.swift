/// How the program ends, for scripts: each number means one thing for ever.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done; of a watched execution: COMPLETED.
    case done = 0
    /// The hub said no, or something else went wrong.
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// The execution ended PARTIAL, or instances are left after a termination.
    case partial = 3
    /// The execution ended FAILED.
    case executionFailed = 4
    /// The execution ended CANCELLED.
    case cancelled = 5
    /// The execution waits for a person (`--until-paused`).
    case paused = 6
    /// There is no token, or the hub does not take it.
    case notAuthenticated = 7
    /// The hub does not answer.
    case unreachable = 8

    /// What the number means, for `--help` and the guide.
    package var meaning: String {
        switch self {
        case .done: "done; of a watched execution: COMPLETED"
        case .failed: "the hub said no, or something else went wrong"
        case .usage: "the command line is wrong"
        case .partial: "a watched execution ended PARTIAL; instances are left after a termination"
        case .executionFailed: "a watched execution ended FAILED"
        case .cancelled: "a watched execution ended CANCELLED"
        case .paused: "the execution waits for a person (--until-paused)"
        case .notAuthenticated: "there is no token, or the hub does not take it"
        case .unreachable: "the hub does not answer"
        }
    }

    /// All of them, a line each.
    package static var table: String {
        "Exit status:\n" + allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
    }
}

/// The end of a command that did all it should, and whose status tells how an execution stands.
struct Ending: Error {
    let status: ExitStatus
}
