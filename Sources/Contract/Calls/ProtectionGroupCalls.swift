package import JSON
package import Recovery

extension Contract {
    static let protectionGroups: [CallDescription] = [
        CallDescription(ListProtectionGroups.self), CallDescription(CreateProtectionGroup.self),
        CallDescription(GetProtectionGroup.self), CallDescription(UpdateProtectionGroup.self),
        CallDescription(DeleteProtectionGroup.self), CallDescription(ResolveSelection.self),
    ]
}

/// Lists protection groups, newest first.
package struct ListProtectionGroups: Call {
    package typealias Answer = Page<ProtectionGroupView>
    package static let route = Route.get("/protection-groups", of: .protectionGroups)
    package static let permission: Permission? = .viewResources
    package static let summary = "List protection groups"
    package static let parameters: [Parameter] =
        [
            .query("accountId", Shapes.accountId, "Only groups of this account."),
            .query("region", Shapes.region, "Only groups of this Region."),
            .query("planId", Shapes.identifier, "Only groups that this recovery plan names."),
            .query("q", Shapes.search, "Part of the name or description."),
            .query("include", .choice(["servers"]), "servers: with each group's servers."),
            .query(
                "sort",
                .choice(["-createdDate", "createdDate", "groupName", "-groupName"]),
                "The order; newest first unless said."
            ),
        ] + Parameter.paging

    package var accountId: AccountNumber?
    package var region: Region?
    package var planId: RecoveryPlan.ID?
    package var q: String?
    package var include: String?
    package var sort: String?
    package var limit: Int?
    package var nextToken: String?

    package init(
        accountId: AccountNumber? = nil,
        region: Region? = nil,
        planId: RecoveryPlan.ID? = nil,
        q: String? = nil,
        include: String? = nil,
        sort: String? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.accountId = accountId
        self.region = region
        self.planId = planId
        self.q = q
        self.include = include
        self.sort = sort
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Creates a protection group of listed servers, or of those that tags pick.
package struct CreateProtectionGroup: Call {
    package typealias Answer = ProtectionGroupView
    package static let route = Route.post("/protection-groups", of: .protectionGroups, answering: .created)
    package static let permission: Permission? = .createProtectionGroup
    package static let summary = "Create a protection group"
    package static let details =
        "Exactly one of sourceServerIds and serverSelectionTags. A server belongs to at most one group: 409 SERVER_ASSIGNED."
    package static let bodyShape: Shape? = Shapes.protectionGroup

    package static func location(of answer: ProtectionGroupView) -> String? {
        "\(Route.base)/protection-groups/\(answer.groupId)"
    }

    package var body: ProtectionGroupBody

    package init(
        body: ProtectionGroupBody
    ) {
        self.body = body
    }
}

/// Shows one protection group with its servers.
package struct GetProtectionGroup: Call {
    package typealias Answer = ProtectionGroupView
    package static let route = Route.get("/protection-groups/{groupId}", of: .protectionGroups)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a protection group"
    package static let parameters = [Parameter.group]

    package var groupId: ProtectionGroup.ID

    package init(
        groupId: ProtectionGroup.ID
    ) {
        self.groupId = groupId
    }
}

/// Replaces what is said of a protection group.
package struct UpdateProtectionGroup: Call {
    package typealias Answer = ProtectionGroupView
    package static let route = Route.put("/protection-groups/{groupId}", of: .protectionGroups)
    package static let permission: Permission? = .updateProtectionGroup
    package static let summary = "Change a protection group"
    package static let details = "409 GROUP_IN_ACTIVE_EXECUTION while an execution uses it."
    package static let parameters = [Parameter.group]
    package static let bodyShape: Shape? = Shapes.protectionGroup

    package var groupId: ProtectionGroup.ID
    package var body: ProtectionGroupBody

    package init(
        groupId: ProtectionGroup.ID,
        body: ProtectionGroupBody
    ) {
        self.groupId = groupId
        self.body = body
    }
}

/// Deletes a protection group that no plan uses.
package struct DeleteProtectionGroup: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/protection-groups/{groupId}", of: .protectionGroups)
    package static let permission: Permission? = .deleteProtectionGroup
    package static let summary = "Delete a protection group"
    package static let details = "409 GROUP_IN_USE, with the plans, while a plan names it."
    package static let parameters = [Parameter.group]

    package var groupId: ProtectionGroup.ID

    package init(
        groupId: ProtectionGroup.ID
    ) {
        self.groupId = groupId
    }
}

/// Shows which servers a tag selection picks now.
package struct ResolveSelection: Call {
    package typealias Answer = ResolvedSelection
    package static let route = Route.post("/protection-groups/resolve", of: .protectionGroups, answering: .ok)
    package static let permission: Permission? = .viewResources
    package static let summary = "Preview a tag selection"
    package static let details =
        "Which servers the tags pick now, and which of them are taken by whom; nothing is stored."
    package static let bodyShape: Shape? = Shapes.selection

    package var body: Body

    /// The selection to try.
    package struct Body: Codable, Sendable, Hashable {
        package var accountId: AccountNumber
        package var region: Region
        package var serverSelectionTags: [String: String]

        package init(
            accountId: AccountNumber,
            region: Region,
            serverSelectionTags: [String: String]
        ) {
            self.accountId = accountId
            self.region = region
            self.serverSelectionTags = serverSelectionTags
        }
    }

    package init(
        body: Body
    ) {
        self.body = body
    }
}

extension Parameter {
    fileprivate static let group = Parameter.path("groupId", Shapes.identifier, "The protection group.")
}
