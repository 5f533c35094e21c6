internal import Testing

/// What must hold in every world; the sentence is the rule.
///
/// A law that never failed proves nothing: each was broken once on purpose, in a copy of the machine or of what drives
/// it, by the fault in its comment, and its test named a seed.
enum Law: String, Sendable, CaseIterable, CustomTestStringConvertible {
    /// A late LAUNCHED revives a server that had timed out.
    case settledServer = "A settled server never changes its status"
    /// The end of a job takes its wave back to POLLING.
    case settledWave = "A settled wave never changes"
    /// The batches of a wave overlap by one server.
    case oneJob = "No server is in two open jobs, nor sent to DRS twice"
    /// One approval less than the plan asks for is enough.
    case gates = "No wave begins before its predecessors, its approvals and its pause are over"
    /// A pause now does not hold the queued jobs.
    case held = "A paused or held execution starts nothing"
    /// A cancellation does not take the queued jobs back.
    case cancelled = "A cancelled or stopped execution launches nothing more"
    /// The execution ends when its waves are settled, its jobs still open.
    case ended = "An execution has ended if and only if its status is terminal, and then stays so"
    /// The end of a clean-up does not release the servers.
    case servers = "Its servers are its own until it has ended and while its clean-up runs"
    /// An OPTIONAL failure fails its wave.
    case failure = "Only a CRITICAL failure fails a wave, and only a failed wave with STOP stops an execution"
    /// Admission lets one job more than the quota through.
    case quota = "Quotas of DRS are never exceeded by our jobs"
    /// An approval does not name its wave as changed.
    case rows = "An outcome names every row that changed"
    /// The same person's second approval is counted.
    case again = "An event told again changes nothing"
    /// A restored wave forgets its approvals.
    case stored = "What is stored makes the same execution again"
    /// A clean-up that failed is complete because no instance was known.
    case instances = "A clean-up is complete only when no instance is left, and none comes back"
    /// A wave does not begin after a PARTIAL one.
    case liveness = "Every execution ends or waits for a person"
    /// A wave wants more approvals than its plan says.
    case people = "Once people have decided, every execution ends"
    /// A pause now has no alarm.
    case year = "A pause that nobody ends is over after a year"
    /// A partly failed clean-up cannot be asked for again.
    case cleanUp = "Every ended execution can be cleaned up"

    var testDescription: String { rawValue }
}

/// A law that a world broke.
struct Breach: Sendable, CustomStringConvertible {
    let law: Law
    let text: String

    var description: String { "\(law.rawValue): \(text)" }
}
