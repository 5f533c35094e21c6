internal import Ambient
internal import Audit
internal import Contract
internal import JSON
internal import PostgreSQL
internal import Recovery

extension ProtectionGroup {
    /// The audit event of a change of the group.
    func recorded(
        by deed: Deed?,
        before: ProtectionGroup? = nil,
        after: ProtectionGroup? = nil,
        old: Int? = nil,
        new: Int? = nil
    ) -> [Statement] {
        guard let deed else { return [] }
        let accounts = Set([before, after].compactMap { $0?.place.accountId }).sorted()
        let event = deed.done(
            to: "ProtectionGroup",
            groupId,
            accounts: accounts,
            old: old,
            new: new,
            before: before?.fields,
            after: after?.fields
        )
        return [event.insert]
    }

    private var fields: JSON {
        // The members of a tag group change by themselves: what somebody chose are the tags.
        let servers = serverSelectionTags.isEmpty ? sourceServerIds.sorted() : []
        return [
            "groupName": .string(groupName), "description": .string(description),
            "accountId": .string(place.accountId.rawValue), "region": .string(place.region.rawValue),
            "sourceServerIds": .array(servers.map { .string($0.rawValue) }),
            "serverSelectionTags": JSON(serverSelectionTags),
        ]
    }

    /// The group as it was shown.
    init(_ view: ProtectionGroupView) {
        self.init(
            groupId: view.groupId,
            groupName: view.groupName,
            description: view.description,
            place: Place(accountId: view.accountId, region: view.region),
            sourceServerIds: view.sourceServerIds,
            serverSelectionTags: view.serverSelectionTags,
            createdDate: view.createdDate,
            lastModifiedDate: view.lastModifiedDate,
            createdBy: view.createdBy,
            revision: view.revision
        )
    }
}
