package import Ambient

/// Servers of one account and Region that are recovered together: listed one by one, or picked by tags.
package struct ProtectionGroup: Sendable, Hashable {
    package typealias ID = Identifier<ProtectionGroup>

    package var groupId: ID
    package var groupName: String
    package var description: String
    package var place: Place
    /// The members: as listed, or as the tags picked at the last inventory sync.
    package var sourceServerIds: [SourceServerID]
    /// All of these must match; empty for a group of listed servers.
    package var serverSelectionTags: [String: String]
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        groupId: ID,
        groupName: String,
        description: String,
        place: Place,
        sourceServerIds: [SourceServerID],
        serverSelectionTags: [String: String],
        createdDate: Instant,
        lastModifiedDate: Instant,
        createdBy: String,
        revision: Int
    ) {
        self.groupId = groupId
        self.groupName = groupName
        self.description = description
        self.place = place
        self.sourceServerIds = sourceServerIds
        self.serverSelectionTags = serverSelectionTags
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }
}
