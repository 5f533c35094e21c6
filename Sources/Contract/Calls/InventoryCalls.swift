package import JSON
package import Recovery

extension Contract {
    static let inventory: [CallDescription] = [
        CallDescription(ListSourceServers.self), CallDescription(RefreshSourceServers.self),
        CallDescription(ListQuotas.self), CallDescription(ListRegions.self),
    ]
}

/// Lists source servers as the last inventory sync saw them, by identifier.
package struct ListSourceServers: Call {
    package typealias Answer = Page<SourceServerView>
    package static let route = Route.get("/drs/source-servers", of: .inventory)
    package static let permission: Permission? = .viewResources
    package static let summary = "List source servers"
    package static let parameters: [Parameter] =
        [
            .query("sourceServerId", Shapes.serverId, "Only this server."),
            .query("region", Shapes.region, "Only servers of this Region."),
            .query("accountId", Shapes.accountId, "Only servers of this account."),
            .query("assignment", .choice(Assignment.self), "Only servers that belong to a group, or to none."),
            .query("state", Shapes.awsWord, "Only servers in this replication state, such as CONTINUOUS."),
            .query("q", Shapes.search, "Part of the identifier, hostname or a tag's value."),
            .query("groupId", Shapes.identifier, "Only servers of this protection group."),
            .query(
                "sort",
                .choice(["sourceServerId", "-sourceServerId", "hostname", "-hostname"]),
                "The order; identifiers A–Z unless said."
            ),
        ] + Parameter.paging

    package var sourceServerId: SourceServerID?
    package var region: Region?
    package var accountId: AccountNumber?
    package var assignment: Assignment?
    package var state: String?
    package var q: String?
    package var groupId: ProtectionGroup.ID?
    package var sort: String?
    package var limit: Int?
    package var nextToken: String?

    package init(
        sourceServerId: SourceServerID? = nil,
        region: Region? = nil,
        accountId: AccountNumber? = nil,
        assignment: Assignment? = nil,
        state: String? = nil,
        q: String? = nil,
        groupId: ProtectionGroup.ID? = nil,
        sort: String? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.sourceServerId = sourceServerId
        self.region = region
        self.accountId = accountId
        self.assignment = assignment
        self.state = state
        self.q = q
        self.groupId = groupId
        self.sort = sort
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Asks the spokes to sync their inventory now.
package struct RefreshSourceServers: Call {
    package typealias Answer = InventoryRefresh
    package static let route = Route.post("/drs/source-servers/refresh", of: .inventory, answering: .accepted)
    package static let permission: Permission? = .viewResources
    package static let summary = "Refresh the inventory"
    package static let details = "Without a body every account and Region in the caller's scope is asked for."
    package static let bodyShape: Shape? = Shapes.place
    package static let isBodyOptional = true

    package var body: Body

    /// What to refresh: everything, unless it is narrowed.
    package struct Body: Codable, Sendable, Hashable {
        package var accountId: AccountNumber?
        package var region: Region?

        package init(
            accountId: AccountNumber? = nil,
            region: Region? = nil
        ) {
            self.accountId = accountId
            self.region = region
        }
    }

    package init(
        body: Body
    ) {
        self.body = body
    }
}

/// Shows the live use of DRS's quotas, an account and Region an item.
package struct ListQuotas: Call {
    package typealias Answer = Page<QuotaUse>
    package static let route = Route.get("/drs/quotas", of: .inventory)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show quotas and their use"
    package static let parameters: [Parameter] =
        [
            .query("accountId", Shapes.accountId, "Only this account."),
            .query("region", Shapes.region, "Only this Region."),
        ] + Parameter.paging

    package var accountId: AccountNumber?
    package var region: Region?
    package var limit: Int?
    package var nextToken: String?

    package init(
        accountId: AccountNumber? = nil,
        region: Region? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.accountId = accountId
        self.region = region
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Lists the Regions that are known, and where DRS is initialised.
package struct ListRegions: Call {
    package typealias Answer = Page<RegionView>
    package static let route = Route.get("/drs/regions", of: .inventory)
    package static let permission: Permission? = .viewResources
    package static let summary = "List Regions"
    package static let parameters = Parameter.paging

    package var limit: Int?
    package var nextToken: String?

    package init(
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.limit = limit
        self.nextToken = nextToken
    }
}
