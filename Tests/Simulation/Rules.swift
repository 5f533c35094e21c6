package import Ambient
package import Recovery

/// The rules that a world goes by: those of the product, each of which a test may replace by a wrong one.
///
/// Where a rule of the product is a value, the world calls that value. Where it is a statement of SQL, `Tables` does
/// what the statement does, and what a wrong statement would do is a choice here.
package struct Rules: Sendable {
    package typealias Work = WorkUnderTerm<Int>

    // MARK: - The machine and the hub

    package var receive: @Sendable (inout Execution, Execution.Event, Instant) -> Execution.Outcome = {
        $0.receive($1, at: $2)
    }
    package var refusal: @Sendable (Execution, Execution.Request) -> Refusal? = { $0.refusal(of: $1) }
    package var admitted: @Sendable (Admission, [Admission.Candidate]) -> [Admission.Candidate] = {
        $0.admitted(from: $1)
    }
    package var answer: @Sendable (ReportOrder, [Said]) -> ReportOrder.Answer<Said> = { order, reports in
        order.answer(to: reports) { ($0.work.term, $0.sequence) }
    }
    package var settleSeconds: @Sendable (_ isUnclear: Bool) -> Int = { WorkLease.settleSeconds(isUnclear: $0) }
    package var isAlive: @Sendable (_ lastSeen: Instant, _ streamClosed: Instant?, _ now: Instant) -> Bool = {
        WorkLease.isAlive(lastSeen: $0, streamClosed: $1, at: $2)
    }
    package var isCopyGood: @Sendable (_ copy: CopyMark, _ row: CopyMark) -> Bool = { $0 == $1 }
    /// The head that facts are chained to, of the row's and of one that the replica remembers.
    package var head: @Sendable (_ row: JournalHead, _ remembered: JournalHead?) -> JournalHead = { row, _ in row }
    /// The servers that a launch names.
    package var serversOfLaunch: @Sendable (Execution.JobRun, Execution) -> [SourceServerID] = { job, _ in job.servers }

    // MARK: - The spoke

    package var holds: @Sendable (LeaseClock, GrantedLease, _ now: LeaseClock.Reading) -> Bool = {
        $0.holds($1, at: $2)
    }
    package var admits: @Sendable (inout WorkBook<Int>, Work, GrantedLease) -> Bool = { $0.admits($1, under: $2) }
    /// What a look by the tag shows, of what is there.
    package var finds: @Sendable (Bool) -> Bool = { $0 }
    /// Whether an instance is gone, of whether it is shown and whether it was asked to go.
    package var isGone: @Sendable (_ isShown: Bool, _ isAsked: Bool) -> Bool = { isShown, _ in !isShown }

    // MARK: - Statements

    /// Whether the claim of a server replaces that of another execution.
    package var claimsOver = false
    /// Whether the end of an execution gives its servers back.
    package var releases = true
    /// Whether a command is written though its key is there.
    package var insertsAgain = false
    /// Whether commands are taken back that a spoke has.
    package var withdrawsLeased = false
    /// Whether commands are taken back whose job may be there.
    package var withdrawsUnclear = false
    /// Whether a pause keeps commands back that are ready for spokes.
    package var holdsReady = true
    /// Whether a resume gives back what a pause kept.
    package var givesBack = true
    /// Whether a heartbeat renews also what the spoke does not have in hand.
    package var renewsAll = false
    /// Whether timers are kept.
    package var keepsTimers = true
    /// Whether a command ends that its spoke calls done.
    package var endsDone = true
    /// Whether a turn is written that changed nothing but what people asked for, or the clean-up.
    package var writesControl = true

    package init() {}
}

/// A report on its way, with its number.
package struct Said: Sendable {
    package let work: WorkUnderTerm<Int>
    package let sequence: Int
    package let report: WorkReport
    /// The spoke that says it.
    package let spoke: Int
}
