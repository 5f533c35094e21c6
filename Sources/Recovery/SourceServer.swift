package import Ambient

/// A server that replicates into DRS, as the last inventory sync saw it.
package struct SourceServer: Sendable, Hashable {
    package var sourceServerId: SourceServerID
    package var place: Place
    package var hostname: String
    package var tags: [String: String]
    /// DRS's word, kept as text: its enums grow (`CONTINUOUS`, `STALLED`, …).
    package var replicationState: String
    package var lag: Duration?
    package var recoveryInstanceId: String?
    package var lastLaunch: LastLaunch?
    package var syncedAt: Instant

    package struct LastLaunch: Sendable, Hashable, Codable {
        package var type: String
        package var at: Instant?
        package var status: String?

        package init(type: String, at: Instant?, status: String?) {
            self.type = type
            self.at = at
            self.status = status
        }
    }

    package init(
        sourceServerId: SourceServerID,
        place: Place,
        hostname: String,
        tags: [String: String],
        replicationState: String,
        lag: Duration?,
        recoveryInstanceId: String?,
        lastLaunch: LastLaunch?,
        syncedAt: Instant
    ) {
        self.sourceServerId = sourceServerId
        self.place = place
        self.hostname = hostname
        self.tags = tags
        self.replicationState = replicationState
        self.lag = lag
        self.recoveryInstanceId = recoveryInstanceId
        self.lastLaunch = lastLaunch
        self.syncedAt = syncedAt
    }
}

/// The identifier that DRS gives a source server: `s-` and 17 letters or digits.
package struct SourceServerID: Label {
    package static let rule = "s- and 17 lower-case letters or digits"
    package static let pattern = "^s-[0-9a-z]{17}$"
    package let rawValue: String

    package init?(rawValue: String) {
        guard rawValue.utf8.count == 19, rawValue.hasPrefix("s-"), rawValue.dropFirst(2).isLowerAlphanumeric else {
            return nil
        }
        self.rawValue = rawValue
    }
}

/// The identifier of a point in time that DRS can recover a server to: `pit-` and 17 letters or digits.
package struct RecoverySnapshotID: Label {
    package static let rule = "pit- and 17 lower-case letters or digits"
    package static let pattern = "^pit-[0-9a-z]{17}$"
    package let rawValue: String

    package init?(rawValue: String) {
        guard rawValue.utf8.count == 21, rawValue.hasPrefix("pit-"), rawValue.dropFirst(4).isLowerAlphanumeric else {
            return nil
        }
        self.rawValue = rawValue
    }
}
