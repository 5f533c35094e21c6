internal import Testing

/// What must hold in every world; the sentence is the rule.
///
/// Each was seen to catch a bug planted in a copy of the machine; the comment says which.
enum Law: String, Sendable, CaseIterable, CustomTestStringConvertible {
    // Planted: `record` settles a server whatever its status was.
    case settledServer = "A settled server never changes its status"
    case settledWave = "A settled wave never changes"
    case oneJob = "No server is in two open jobs, nor sent to DRS twice"
    case gates = "No wave begins before its predecessors, its approvals and its pause are over"
    case held = "A paused or held execution starts nothing"
    case cancelled = "A cancelled or stopped execution launches nothing more"
    case ended = "An execution has ended if and only if its status is terminal, and then stays so"
    case servers = "Its servers are its own until it has ended and while its clean-up runs"
    case failure = "Only a CRITICAL failure fails a wave, and only a failed wave with STOP stops an execution"
    case quota = "Quotas of DRS are never exceeded by our jobs"
    case rows = "An outcome names every row that changed"
    case again = "An event told again changes nothing"
    case stored = "What is stored makes the same execution again"
    case instances = "A clean-up is complete only when no instance is left, and none comes back"
    case liveness = "Every execution ends or waits for a person"
    case people = "Once people have decided, every execution ends"
    case year = "A pause that nobody ends is over after a year"
    case cleanUp = "Every ended execution can be cleaned up"

    var testDescription: String { rawValue }
}

/// A law that a world broke.
struct Breach: Sendable, CustomStringConvertible {
    let law: Law
    let text: String

    var description: String { "\(law.rawValue): \(text)" }
}
