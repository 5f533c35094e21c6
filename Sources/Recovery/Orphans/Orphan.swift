package import Ambient

/// A drill's instance that no execution owns: nothing here will ever terminate it by itself.
///
/// An instance belongs to the execution one of whose jobs launched it, as long as that execution can be shown. So what
/// is left over is what somebody launched in DRS's own console, what belonged to an execution that was hidden or lost
/// with a database, and what a hub of another database launched.
package struct Orphan: Sendable, Hashable {
    package var recoveryInstanceId: String
    package var place: Place
    package var sourceServerId: SourceServerID?
    package var hostname: String?
    package var jobId: String?
    /// EC2's word, such as `RUNNING`.
    package var state: String
    package var instanceType: String?
    /// When EC2 launched it, or else when the hub was first shown it.
    package var since: Instant
    /// Whether EC2 said so.
    package var isSinceLaunch: Bool
    /// The last command to terminate it.
    package var termination: Termination?

    package struct Termination: Sendable, Hashable {
        package var state: String
        package var problem: String?

        package init(state: String, problem: String?) {
            self.state = state
            self.problem = problem
        }

        package var isUnderWay: Bool { state == "READY" || state == "LEASED" }
    }

    package init(
        recoveryInstanceId: String,
        place: Place,
        sourceServerId: SourceServerID?,
        hostname: String?,
        jobId: String?,
        state: String,
        instanceType: String?,
        since: Instant,
        isSinceLaunch: Bool,
        termination: Termination?
    ) {
        self.recoveryInstanceId = recoveryInstanceId
        self.place = place
        self.sourceServerId = sourceServerId
        self.hostname = hostname
        self.jobId = jobId
        self.state = state
        self.instanceType = instanceType
        self.since = since
        self.isSinceLaunch = isSinceLaunch
        self.termination = termination
    }

    /// Why it cannot be terminated now; nil: it can.
    package var terminationRefusal: Refusal? {
        if termination?.isUnderWay == true {
            return Refusal(.terminationInProgress, "It is being terminated already.")
        }
        guard sourceServerId != nil else {
            return Refusal(.ruleBroken, "DRS names no source server of it: terminate it in DRS's own console.")
        }
        return nil
    }
}
