/// What must hold in every world; the sentence is the rule.
///
/// A law that never failed proves nothing: each is broken on purpose by a planted bug (`PlantedBug`), and a test sees
/// that some world finds it.
package enum Law: String, Sendable, CaseIterable {
    // After every event of an execution.
    case settledServer = "A settled server never changes its status"
    case settledWave = "A settled wave never changes"
    case retry = "A retry launches once more the failed servers that were chosen, and no others"
    case skip = "A skip leaves out what was chosen, and a skipped server stays so"
    case gates = "No wave begins before its predecessors, its approvals and its pause are over"
    case held = "A paused or held execution starts nothing"
    case cancelled = "A cancelled or stopped execution launches nothing more"
    case ended = "An execution has ended if and only if its status is terminal, and then stays so"
    case failure = "Only a CRITICAL failure fails a wave, and only a failed wave with STOP stops an execution"
    case rows = "An outcome names every row that changed"
    case again = "An event told again changes nothing"
    case instances = "A clean-up is complete only when no instance is left, and none comes back"

    // After every commit.
    case servers = "Its servers are its own until it has ended, and only then another's"
    case oneExecution = "No server is in two executions at once"
    case journal = "The journal is one chain without a gap"
    case stored = "What is stored makes the same execution again, and a replica works on nothing else"
    case quota = "No more launches are let go than the quotas leave room for"
    case rank = "No drill takes room that a recovery waits for"
    case term = "Only the spoke that has the lease is heard"
    case reports = "Each report is taken once, in the order in which it was numbered"

    // Whenever something is sent to DRS, or taken by it.
    case once = "StartRecovery is accepted at most once a batch"
    case oneJob = "No server is launched twice, unless people ask for it"
    case chosen = "Nothing is launched that was launched or skipped"
    case fenced = "No spoke starts a job after another spoke might have"
    case paused = "While an execution is PAUSED, nothing of it is sent"
    case withdrawn = "What was taken back is never sent"

    // At the end.
    case liveness = "Every execution ends or waits for a person"
    case people = "Once people have decided, every execution ends"
    case year = "A pause that nobody ends is over after a year"
    case cleanUp = "Every ended execution can be cleaned up"
}

/// A law that a world broke.
package struct Breach: Sendable, CustomStringConvertible {
    package let law: Law
    package let text: String

    package var description: String { "\(law.rawValue): \(text)" }
}
