internal import Ambient
internal import Console
internal import Contract
internal import Hummingbird
internal import Hypertext
internal import Recovery

extension Pages {
    func bindGroups(_ calls: inout Bindings) {
        page("/protection-groups", &calls) { visit in try await Self.groups(visit) }
        page("/protection-groups/new", &calls) { visit in
            let selected = try await Self.selected(visit)
            let first = selected.first
            let servers = selected.filter { $0.accountId == first?.accountId && $0.region == first?.region }
            return GroupEditPage(
                group: nil,
                accounts: try await Self.allAccounts(visit),
                panel: DiscoveryPanel(servers: servers, chosen: Set(servers.map(\.sourceServerId))),
                leftOut: selected.count - servers.count
            )
        }
        page("/protection-groups/{groupId}", &calls) { visit in GroupPage(group: try await Self.group(visit)) }
        page("/protection-groups/{groupId}/edit", &calls) { visit in
            let group = try await Self.group(visit)
            let panel = DiscoveryPanel(
                servers: group.servers ?? [],
                group: group.groupId,
                chosen: Set(group.sourceServerIds),
                isByTags: !group.serverSelectionTags.isEmpty
            )
            return GroupEditPage(group: group, accounts: try await Self.allAccounts(visit), panel: panel)
        }
        fragment("/ui/discovery", &calls) { visit in try await Self.discovery(visit).html }
    }

    /// The servers that somebody has selected in the list, as many as a page of it has; those of a group are none.
    private static func selected(_ visit: Visit) async throws -> [SourceServerView] {
        var servers: [SourceServerView] = []
        for text in visit.values("server").prefix(Limits.pageSize.upperBound) {
            guard let id = SourceServerID(rawValue: text) else { continue }
            let found = try await visit.ask(ListSourceServers(sourceServerId: id)).items
            servers += found.filter { $0.groupId == nil }
        }
        return servers
    }

    private static func group(_ visit: Visit) async throws -> ProtectionGroupView {
        let id: ProtectionGroup.ID = try visit.parameter("groupId", of: "protection group")
        return try await visit.ask(GetProtectionGroup(groupId: id))
    }

    private static func groups(_ visit: Visit) async throws -> GroupsPage {
        let sort = visit.query["sort"].flatMap { ["groupName", "-groupName"].contains($0) ? $0 : nil } ?? "groupName"
        let account: AccountNumber? = visit.choice("accountId")
        let answer = try await visit.ask(
            ListProtectionGroups(
                accountId: account,
                q: visit.text("q"),
                sort: sort,
                limit: visit.rows,
                nextToken: visit.query["nextToken"]
            )
        )
        let query = ListQuery(
            "/protection-groups",
            sort: "groupName",
            given: sort,
            text: visit.text("q"),
            filters: [("accountId", account?.rawValue)],
            token: visit.query["nextToken"],
            nextToken: answer.nextToken
        )
        return GroupsPage(groups: answer.items, query: query, accounts: try await allAccounts(visit))
    }

    /// The accounts that the visitor sees, as many as a list to choose from can hold.
    static func allAccounts(_ visit: Visit) async throws -> [AccountView] {
        try await visit.ask(ListAccounts(limit: Limits.pageSize.upperBound)).items
    }

    /// What the panel shows of an account and Region: what matches the search, or what tags would pick.
    private static func discovery(_ visit: Visit) async throws -> DiscoveryPanel {
        let group = visit.text("groupId").flatMap(ProtectionGroup.ID.init)
        guard let account: AccountNumber = visit.choice("accountId"), let region: Region = visit.choice("region") else {
            return DiscoveryPanel(servers: [], group: group)
        }
        if let tags = visit.query["tags"] {
            let selection = Self.tags(tags)
            guard !selection.isEmpty else { return DiscoveryPanel(servers: [], group: group, isByTags: true) }
            let body = ResolveSelection.Body(accountId: account, region: region, serverSelectionTags: selection)
            let resolved = try await visit.ask(ResolveSelection(body: body))
            return DiscoveryPanel(servers: resolved.servers, group: group, isByTags: true)
        }
        let answer = try await visit.ask(
            ListSourceServers(
                region: region,
                accountId: account,
                q: visit.text("q"),
                sort: "hostname",
                limit: Limits.pageSize.upperBound
            )
        )
        return DiscoveryPanel(servers: answer.items, group: group, hasMore: answer.nextToken != nil)
    }

    private static func tags(_ text: String) -> [String: String] {
        var tags: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline).prefix(Limits.selectionTags) {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].trimmingBlanks
            if !key.isEmpty { tags[key] = parts.count == 2 ? parts[1].trimmingBlanks : "" }
        }
        return tags
    }
}
