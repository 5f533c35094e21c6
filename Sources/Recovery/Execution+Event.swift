package import Ambient

extension Execution {
    /// Something that happened, which the machine answers with what is now owed.
    package enum Event: Sendable, Hashable {
        /// DRS has the job, started now or found by its tag.
        case jobAccepted(JobKey, jobId: String)
        /// DRS said no for now; the command waits and is tried again.
        case launchDeferred(JobKey, code: String, text: String)
        /// The ledger has no room for it, or something else uses its servers.
        case launchWaits(JobKey, LaunchWait)
        /// DRS will never take this job.
        case launchRefused(JobKey, code: String, text: String)
        case serversReported(JobKey, [ServerReport])
        /// DRS shows the job COMPLETED and its log is stored.
        case jobEnded(JobKey)
        case jobTimedOut(JobKey)
        case pauseRequested(PauseMode, by: String)
        case resumed(wave: Int?, by: String, comment: String?)
        case pauseExpired(wave: Int)
        case approved(wave: Int, by: String, comment: String?)
        case declined(wave: Int, by: String, comment: String?)
        case cancelRequested(by: String, comment: String?)
        /// These commands had not reached a spoke and never will.
        case withdrawn([JobKey])
        /// These commands are kept back: no spoke has them, and none gets them before a resume.
        case held([JobKey])
        /// These failed servers are to be launched once more.
        case retryRequested([SourceServerID], by: String)
        /// These failed or waiting servers are to be left out.
        case skipRequested([SourceServerID], by: String, reason: String)
        /// A person chose what this server is to be launched from; nil: its latest data.
        case recoveryPointReplaced(SourceServerID, RecoverySnapshotID?, by: String, reason: String)
        /// A remark on the timeline.
        case noted(by: String, text: String)
        case terminationRequested(by: String)
        case instancesReported([InstanceReport])
        /// A clean-up command is over; the text is why it failed.
        case terminationEnded(key: String, problem: String?)
        /// The time that a drill's instances were given is over.
        case cleanUpDue
    }

    package enum PauseMode: String, Sendable, Codable, CaseIterable {
        case nextWave = "NEXT_WAVE"
        case now = "NOW"
    }

    /// What is to be done because of an event; performed only from the tables it was written to.
    package enum Effect: Sendable, Hashable {
        case launch(JobKey)
        /// A launch that no spoke has is another one now.
        case rewrite(JobKey)
        /// Take these back if no spoke has them yet, and say which (`Event.withdrawn`).
        case withdraw([JobKey])
        /// Keep those that no spoke has from being given out, until `release`, and say which (`Event.held`).
        case hold([JobKey])
        case release([JobKey])
        case terminate(TerminationOrder)
        case startTimer(Timer)
        /// The servers may be used by other executions.
        case releaseServers
        /// The servers are in use again: their instances are being terminated.
        case claimServers
        /// The execution goes on after its end: its servers must be its own again, or it does not.
        case reclaimServers
    }

    /// Instances of one account and Region to be terminated.
    package struct TerminationOrder: Sendable, Hashable {
        package let key: String
        package let place: Place
        package let jobIds: [String]
        package let servers: [ServerRun]
    }

    /// An event that time brings.
    package struct Timer: Sendable, Hashable {
        package enum Alarm: Sendable, Hashable {
            case jobTimedOut(JobKey)
            case pauseExpired(wave: Int)
            case cleanUpDue
        }

        package let key: String
        package let firesAt: Instant
        package let alarm: Alarm
    }

    /// What an event changed: which rows to write, what to do, and what to write in the journal.
    package struct Outcome: Sendable, Hashable {
        package internal(set) var waves: Set<Int> = []
        /// Positions in `servers`.
        package internal(set) var servers: Set<Int> = []
        package internal(set) var jobs: Set<JobKey> = []
        package internal(set) var effects: [Effect] = []
        package internal(set) var journal: [JournalEntry] = []

        package init() {}

        /// Adds what a following event changed.
        package mutating func merge(_ later: Outcome) {
            waves.formUnion(later.waves)
            servers.formUnion(later.servers)
            jobs.formUnion(later.jobs)
            effects += later.effects
            journal += later.journal
        }
    }
}
