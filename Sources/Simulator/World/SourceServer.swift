package import Ambient

/// A server that DRS replicates.
package struct SourceServer: Sendable {
    package let id: String
    package let hostname: String
    package var tags: [String: String]
    package var replication: Replication
    /// How far the replica is behind while it is neither stalled nor disconnected.
    package var lag: Duration
    /// When the replica stopped following its source, for a stalled, disconnected or stopped server.
    package var stoppedFollowing: Instant?
    package var disposition: Disposition
    package var recoveryMode: RecoveryMode
    package let platform: Platform
    /// The account that the server was extended from, where it is not this one.
    package let stagingAccount: String?
    /// What its next launches end in.
    package var failure: PlannedFailure?
    /// The latest launch; its job may still run.
    package var lastLaunch: Launch?
    /// The latest job of any kind that has this server.
    package var occupied: Occupation?

    /// States of replication (`dataReplicationState`).
    package enum Replication: String, Sendable, CaseIterable {
        case stopped = "STOPPED"
        case initiating = "INITIATING"
        case initialSync = "INITIAL_SYNC"
        case backlog = "BACKLOG"
        case creatingSnapshot = "CREATING_SNAPSHOT"
        case continuous = "CONTINUOUS"
        case paused = "PAUSED"
        case rescan = "RESCAN"
        case stalled = "STALLED"
        case disconnected = "DISCONNECTED"

        /// The initial synchronisation has not ended, so there is nothing to launch from.
        var isBeforeFirstSnapshot: Bool { self == .initiating || self == .initialSync }

        /// The replica does not follow its source.
        var isBroken: Bool { self == .stalled || self == .disconnected || self == .stopped || self == .paused }
    }

    /// Whether the instance runs once it is launched (`launchDisposition`).
    package enum Disposition: String, Sendable, CaseIterable {
        case started = "STARTED"
        case stopped = "STOPPED"
    }

    /// `FAST` launches without a conversion.
    package enum RecoveryMode: String, Sendable, CaseIterable {
        case optimal = "OPTIMAL"
        case fast = "FAST"
    }

    /// The operating system's family.
    package enum Platform: String, Sendable, CaseIterable {
        case linux = "LINUX"
        case windows = "WINDOWS"
    }

    /// A launch that was asked for.
    package struct Launch: Sendable {
        let job: String
        let asked: Duration
        let isDrill: Bool
        let participant: Participant
    }

    /// The job that has the server, and when it lets it go: a server is in one job at a time.
    package struct Occupation: Sendable {
        let job: String
        let until: Duration
    }

    /// Says whether the server is in a job that has not ended.
    func isOccupied(at moment: Duration) -> Bool {
        occupied.map { $0.until > moment } ?? false
    }
}

/// A failure that the world plans for a server's launches.
package struct PlannedFailure: Sendable, Hashable {
    /// How the launch ends: the name of the log event.
    package enum Ending: String, Sendable, CaseIterable {
        case snapshot = "SNAPSHOT_FAIL"
        case conversion = "CONVERSION_FAIL"
        case launch = "LAUNCH_FAILED"
    }

    package let ending: Ending
    /// How many launches fail still; nil: every one.
    package var launches: Int?
    /// The log's `rawError`.
    package let message: String

    package init(_ ending: Ending, launches: Int? = nil, message: String? = nil) {
        self.ending = ending
        self.launches = launches
        self.message = message ?? Self.message(of: ending)
    }

    private static func message(of ending: Ending) -> String {
        switch ending {
        case .snapshot: "Failed to create a snapshot of the source server's volumes."
        case .conversion: "The conversion server did not answer within the time allowed."
        case .launch: "InsufficientInstanceCapacity: there is not enough capacity for the requested instance type."
        }
    }
}
