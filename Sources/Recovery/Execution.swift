package import Ambient

/// One run of a plan, as a value: what has happened, and by the effects of each event what is owed.
///
/// The machine never waits, never reads a clock, and never refuses an event: a stale or repeated one changes nothing.
/// What a person may ask is answered beforehand by `refusal(of:)`. `Conductor` makes its decisions durable.
///
///     PENDING ─► INITIATED ─► RUNNING ⇄ PAUSED ─► COMPLETED | PARTIAL | FAILED
///                    └───────────┴── CANCELLING ─► CANCELLED
package struct Execution: Sendable, Hashable {
    package typealias ID = Identifier<Execution>

    package let id: ID
    package let plan: FrozenPlan
    package let type: ExecutionType
    package let reason: String?
    package let startedBy: String
    package let startedAt: Instant
    /// When the disaster was declared, where the starter said so.
    package let declaredAt: Instant?
    package internal(set) var status: ExecutionStatus = .pending
    package internal(set) var endedAt: Instant?
    package internal(set) var verdict: Verdict?
    package internal(set) var control = Control()
    package internal(set) var waves: [WaveRun]
    /// All servers, wave after wave.
    package internal(set) var servers: [ServerRun]
    package internal(set) var jobs: [JobKey: JobRun] = [:]
    let positions: [SourceServerID: Int]

    /// Whether it can still change but for its clean-up.
    package enum Phase: Sendable {
        case active, cancelling, ended
    }

    package var phase: Phase {
        if endedAt != nil { return .ended }
        return control.cancellation == nil ? .active : .cancelling
    }

    /// The lowest wave that is not settled; nil once all are.
    package var currentWave: Int? {
        waves.first { !$0.status.isSettled }?.waveNumber
    }

    /// The server's run; nil when it is none of this execution's.
    package func server(_ id: SourceServerID) -> ServerRun? {
        positions[id].map { servers[$0] }
    }
}

extension Execution {
    /// What people asked for, and what became of the clean-up.
    package struct Control: Sendable, Hashable, Codable {
        /// A person asked for a pause before whichever wave comes next.
        package var isPauseRequested = false
        /// A pause "now": queued jobs are held back too.
        package var isHolding = false
        /// Since when they are held back.
        package var holdsSince: Instant?
        /// Queued jobs that are known to be held back; a spoke has the others, and may start them yet.
        package var held: Set<JobKey>?
        package var cancellation: Cancellation?
        /// A failed wave with `onFailure: STOP`: nothing more is started.
        package var isStopped = false
        package var cleanUp: CleanUp?
        /// When a drill's instances are terminated by themselves; nil: a person does it.
        package var cleanUpAt: Instant?

        package init() {}
    }

    package struct Cancellation: Sendable, Hashable, Codable {
        package var by: String
        package var code: Verdict.Reason
    }

    /// The termination of what the execution launched.
    package struct CleanUp: Sendable, Hashable, Codable {
        package enum State: String, Sendable, Codable, CaseIterable {
            case running = "RUNNING"
            case completed = "COMPLETED"
            /// Some instances are still there; it can be asked for again.
            case partial = "PARTIAL"
        }

        package var state: State
        /// How often it was asked for.
        package var attempt: Int
        /// Clean-up commands not ended yet.
        package var open: Set<String>
        /// A command of this attempt failed, so that instances nobody has seen may be left.
        package var hasProblem = false
    }

    /// One wave of the execution.
    package struct WaveRun: Sendable, Hashable {
        package enum Waiting: String, Sendable, Codable, CaseIterable {
            case pause = "PAUSE"
            case approval = "APPROVAL"
        }

        package let waveNumber: Int
        package internal(set) var status: WaveStatus = .pending
        package internal(set) var waitingFor: Waiting?
        package internal(set) var gate = Gate()
        package internal(set) var startedAt: Instant?
        package internal(set) var endedAt: Instant?
        /// Where its servers stand in `Execution.servers`.
        package let range: Range<Int>
    }

    /// What people decided about a wave's beginning.
    package struct Gate: Sendable, Hashable, Codable {
        /// A person let it begin.
        package var isOpen = false
        package var approvedBy: [String] = []
        /// Since when the wave waits for what it waits for.
        package var waitsSince: Instant?

        package init() {}
    }
}
