/// What a look at one server says that DRS's lists do not: how it would be launched, and from which recovery points.
package struct ServerFinding: Sendable, Hashable, Codable {
    package var sourceServerId: SourceServerID
    package var hasLaunchConfiguration: Bool
    /// Whether there is any point in time to recover to.
    package var hasRecoveryPoint: Bool
    /// Of the recovery points that plans pin, those that DRS has.
    package var foundSnapshotIds: [RecoverySnapshotID]
    /// Of the recovery points that plans pin, those that DRS does not have.
    package var goneSnapshotIds: [RecoverySnapshotID]

    package init(
        sourceServerId: SourceServerID,
        hasLaunchConfiguration: Bool,
        hasRecoveryPoint: Bool,
        foundSnapshotIds: [RecoverySnapshotID] = [],
        goneSnapshotIds: [RecoverySnapshotID] = []
    ) {
        self.sourceServerId = sourceServerId
        self.hasLaunchConfiguration = hasLaunchConfiguration
        self.hasRecoveryPoint = hasRecoveryPoint
        self.foundSnapshotIds = foundSnapshotIds
        self.goneSnapshotIds = goneSnapshotIds
    }
}

/// What is known of an account and Region when a plan is checked.
package struct PlaceStanding: Sendable, Hashable {
    /// Whether a spoke that is connected serves it.
    package var isServed: Bool
    /// Whether its inventory is too old to be believed, or was never read.
    package var isInventoryOld: Bool
    /// Why its inventory could not be read the last time.
    package var problem: String?
    package var quotas: Quotas
    /// What the last validation of access found; nil: none, or too long ago.
    package var access: Access?

    package struct Access: Sendable, Hashable {
        /// IAM actions that are missing.
        package var denied: [String]
        /// Whether the role can be assumed without the external ID, or with a wrong one.
        package var isTrustTooWide: Bool

        package init(denied: [String], isTrustTooWide: Bool) {
            self.denied = denied
            self.isTrustTooWide = isTrustTooWide
        }
    }

    package init(
        isServed: Bool,
        isInventoryOld: Bool,
        problem: String? = nil,
        quotas: Quotas = Quotas(),
        access: Access?
    ) {
        self.isServed = isServed
        self.isInventoryOld = isInventoryOld
        self.problem = problem
        self.quotas = quotas
        self.access = access
    }
}
