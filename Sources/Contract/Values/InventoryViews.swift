package import Ambient
package import JSON
package import Recovery

/// Whether a server belongs to a group.
package enum Assignment: String, Codable, Sendable, CaseIterable {
    case available = "AVAILABLE"
    case assigned = "ASSIGNED"
}

/// A source server as the API shows it.
package struct SourceServerView: Codable, Sendable, Hashable {
    package var sourceServerId: SourceServerID
    package var accountId: AccountNumber
    package var region: Region
    package var hostname: String
    package var tags: [String: String]
    /// DRS's word, kept as text: its enums grow.
    package var replicationState: String
    @Nullable package var lagSeconds: Int?
    package var assignment: Assignment
    @Nullable package var groupId: ProtectionGroup.ID?
    @Nullable package var groupName: String?
    package var readiness: Readiness
    @Nullable package var lastLaunch: LastLaunch?
    @Nullable package var recoveryInstanceId: String?
    package var syncedAt: Instant

    /// The last launch of the server, by whomever.
    package struct LastLaunch: Codable, Sendable, Hashable {
        package var type: String
        @Nullable package var at: Instant?
        @Nullable package var status: String?

        package init(
            type: String,
            at: Instant?,
            status: String?
        ) {
            self.type = type
            self.at = at
            self.status = status
        }
    }

    package init(
        sourceServerId: SourceServerID,
        accountId: AccountNumber,
        region: Region,
        hostname: String,
        tags: [String: String],
        replicationState: String,
        lagSeconds: Int?,
        assignment: Assignment,
        groupId: ProtectionGroup.ID?,
        groupName: String?,
        readiness: Readiness,
        lastLaunch: LastLaunch?,
        recoveryInstanceId: String?,
        syncedAt: Instant
    ) {
        self.sourceServerId = sourceServerId
        self.accountId = accountId
        self.region = region
        self.hostname = hostname
        self.tags = tags
        self.replicationState = replicationState
        self.lagSeconds = lagSeconds
        self.assignment = assignment
        self.groupId = groupId
        self.groupName = groupName
        self.readiness = readiness
        self.lastLaunch = lastLaunch
        self.recoveryInstanceId = recoveryInstanceId
        self.syncedAt = syncedAt
    }
}

/// Where the inventory of an account and Region stands after spokes were asked to sync.
package struct InventoryRefresh: Codable, Sendable, Hashable {
    package var items: [Place]

    /// The state of one account and Region.
    package struct Place: Codable, Sendable, Hashable {
        package var accountId: AccountNumber
        package var region: Region
        package var state: RefreshState
        /// When it was last complete.
        @Nullable package var syncedAt: Instant?

        package init(
            accountId: AccountNumber,
            region: Region,
            state: RefreshState,
            syncedAt: Instant?
        ) {
            self.accountId = accountId
            self.region = region
            self.state = state
            self.syncedAt = syncedAt
        }
    }

    package init(
        items: [Place]
    ) {
        self.items = items
    }
}

/// Whether a sync was asked for.
package enum RefreshState: String, Codable, Sendable, CaseIterable {
    /// A command waits for a spoke, or runs.
    case requested = "REQUESTED"
    /// No spoke that serves the account is connected; the command waits for one.
    case noSpoke = "NO_SPOKE"
}

/// The live use of DRS's quotas in one account and Region.
package struct QuotaUse: Codable, Sendable, Hashable {
    package var accountId: AccountNumber
    package var region: Region
    package var concurrentJobs: Measure
    package var serversInJobs: Measure
    package var replicatingServers: Measure
    package var totalServers: Measure
    /// Servers that one job may hold.
    package var serversPerJob: Int
    @Nullable package var syncedAt: Instant?

    /// How much of a quota is used.
    package struct Measure: Codable, Sendable, Hashable {
        package var used: Int
        package var limit: Int

        package init(
            used: Int,
            limit: Int
        ) {
            self.used = used
            self.limit = limit
        }
    }

    package init(
        accountId: AccountNumber,
        region: Region,
        concurrentJobs: Measure,
        serversInJobs: Measure,
        replicatingServers: Measure,
        totalServers: Measure,
        serversPerJob: Int,
        syncedAt: Instant?
    ) {
        self.accountId = accountId
        self.region = region
        self.concurrentJobs = concurrentJobs
        self.serversInJobs = serversInJobs
        self.replicatingServers = replicatingServers
        self.totalServers = totalServers
        self.serversPerJob = serversPerJob
        self.syncedAt = syncedAt
    }
}

/// A Region that is known, and in which accounts DRS is initialised there.
package struct RegionView: Codable, Sendable, Hashable {
    package var region: Region
    package var accounts: [AccountState]

    /// One account in the Region.
    package struct AccountState: Codable, Sendable, Hashable {
        package var accountId: AccountNumber
        /// Null until a spoke has looked.
        @Nullable package var initialized: Bool?
        @Nullable package var syncedAt: Instant?

        package init(
            accountId: AccountNumber,
            initialized: Bool?,
            syncedAt: Instant?
        ) {
            self.accountId = accountId
            self.initialized = initialized
            self.syncedAt = syncedAt
        }
    }

    package init(
        region: Region,
        accounts: [AccountState]
    ) {
        self.region = region
        self.accounts = accounts
    }
}
