package import Ambient
package import JSON
package import Recovery

/// A protection group as the API shows it.
package struct ProtectionGroupView: Codable, Sendable, Hashable, Revisioned {
    package var groupId: ProtectionGroup.ID
    package var groupName: String
    package var description: String
    package var accountId: AccountNumber
    package var region: Region
    /// The members: as listed, or as the tags picked at the last inventory sync.
    package var sourceServerIds: [SourceServerID]
    package var serverSelectionTags: [String: String]
    package var serverCount: Int
    /// The members enriched from the inventory; null in a list that was not asked to include them.
    @Nullable package var servers: [SourceServerView]?
    /// Servers that the tags pick and another group holds.
    package var conflicts: [ServerHolder]
    package var usedByPlans: [PlanReference]
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        groupId: ProtectionGroup.ID,
        groupName: String,
        description: String,
        accountId: AccountNumber,
        region: Region,
        sourceServerIds: [SourceServerID],
        serverSelectionTags: [String: String],
        serverCount: Int,
        servers: [SourceServerView]?,
        conflicts: [ServerHolder],
        usedByPlans: [PlanReference],
        createdDate: Instant,
        lastModifiedDate: Instant,
        createdBy: String,
        revision: Int
    ) {
        self.groupId = groupId
        self.groupName = groupName
        self.description = description
        self.accountId = accountId
        self.region = region
        self.sourceServerIds = sourceServerIds
        self.serverSelectionTags = serverSelectionTags
        self.serverCount = serverCount
        self.servers = servers
        self.conflicts = conflicts
        self.usedByPlans = usedByPlans
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }
}

/// What a client says of a protection group: exactly one of listed servers and tags.
package struct ProtectionGroupBody: Codable, Sendable, Hashable {
    package var groupName: String
    package var description: String?
    package var accountId: AccountNumber
    package var region: Region
    package var sourceServerIds: [SourceServerID]?
    package var serverSelectionTags: [String: String]?

    package init(
        groupName: String,
        description: String?,
        accountId: AccountNumber,
        region: Region,
        sourceServerIds: [SourceServerID]?,
        serverSelectionTags: [String: String]?
    ) {
        self.groupName = groupName
        self.description = description
        self.accountId = accountId
        self.region = region
        self.sourceServerIds = sourceServerIds
        self.serverSelectionTags = serverSelectionTags
    }
}

/// Which group holds a server.
package struct ServerHolder: Codable, Sendable, Hashable {
    package var serverId: SourceServerID
    package var groupId: ProtectionGroup.ID
    package var groupName: String

    package init(
        serverId: SourceServerID,
        groupId: ProtectionGroup.ID,
        groupName: String
    ) {
        self.serverId = serverId
        self.groupId = groupId
        self.groupName = groupName
    }
}

/// A plan by name, where an object says that a plan uses it.
package struct PlanReference: Codable, Sendable, Hashable {
    package var planId: RecoveryPlan.ID
    package var planName: String

    package init(
        planId: RecoveryPlan.ID,
        planName: String
    ) {
        self.planId = planId
        self.planName = planName
    }
}

/// Which servers a tag selection picks now.
package struct ResolvedSelection: Codable, Sendable, Hashable {
    package var servers: [SourceServerView]
    /// Those of them that a group holds already, and which.
    package var conflicts: [ServerHolder]

    package init(
        servers: [SourceServerView],
        conflicts: [ServerHolder]
    ) {
        self.servers = servers
        self.conflicts = conflicts
    }
}
