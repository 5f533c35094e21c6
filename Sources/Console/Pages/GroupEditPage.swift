internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// A protection group, new or as it is, with the panel that finds servers.
package struct GroupEditPage: ConsolePage {
    package let group: ProtectionGroupView?
    package let accounts: [AccountView]
    package let panel: DiscoveryPanel
    /// Servers that were selected for a new group and cannot be in it with the others, for they are elsewhere.
    package let leftOut: Int

    package init(group: ProtectionGroupView?, accounts: [AccountView], panel: DiscoveryPanel, leftOut: Int = 0) {
        self.group = group
        self.accounts = accounts
        self.panel = panel
        self.leftOut = leftOut
    }

    /// A new group is where the servers are that it was begun with.
    private var place: (account: AccountNumber, region: Region)? {
        group.map { ($0.accountId, $0.region) } ?? panel.servers.first.map { ($0.accountId, $0.region) }
    }

    private var warning: HTML {
        guard leftOut > 0 else { return .empty }
        return Alert(
            .warning,
            leftOut == 1 ? "1 of the selected servers is left out" : "\(leftOut) of the selected servers are left out",
            "A group holds servers of one account and Region: those of the first one are chosen below."
        ).html
    }

    package var title: String { group.map { "Edit \($0.groupName)" } ?? "Create protection group" }
    package var section: Section? { .groups }
    package var trail: [Crumb] {
        [Crumb("Protection groups", "/protection-groups")]
            + (group.map { [Crumb($0.groupName, .group($0.groupId))] } ?? [])
    }

    private var isByTags: Bool { group.map { !$0.serverSelectionTags.isEmpty } ?? false }

    package func content(for viewer: Viewer) -> HTML {
        guard !accounts.isEmpty else {
            return """
                <section class="card narrow" aria-label="No accounts">\(Empty(
                    "No accounts yet",
                    "A group takes servers of an account: register one first.",
                    action: Button("Accounts", .primary, link: "/accounts").html
                ).html)</section>
                """
        }
        let action =
            group.map { Action(UpdateProtectionGroup.self, [$0.groupId.description]) }
            ?? Action(CreateProtectionGroup.self)
        return """
            \(warning)<form class="call narrow" action="\(action.path)" method="post" data-call="\(action.method)" data-guard \
            data-discovery\(attribute: "data-group", group?.groupId.description) data-done="The group is saved." \
            data-then="/protection-groups/{groupId}"\(attribute: "data-revision", group?.revision) novalidate>\
            <div class="form-error" role="alert" tabindex="-1"></div>\(general)\(servers)\
            <div class="form-foot"><a class="button" href="\(group.map { Link.group($0.groupId) } ?? "/protection-groups")">\
            Cancel</a><button class="button primary">\(group == nil ? "Create group" : "Save group")</button></div></form>
            """
    }

    private var general: HTML {
        let regions = Region.withDRS.map { (value: $0.rawValue, label: $0.rawValue) }
        return Card(
            "Group",
            """
            <div class="fields">\(Field.text("groupName", "Name", value: group?.groupName, isRequired: true))\
            \(Field.area("description", "Description", value: group?.description))\
            <div class="columns" data-looks>\(Field.select("accountId", "Account", value: place?.account.rawValue, options: accounts.map {
                ($0.accountId.rawValue, "\($0.accountName) (\($0.accountId.rawValue))")
            }))\(Field.select("region", "Region", value: place?.region.rawValue ?? accounts.first?.regions.first?.rawValue ?? "us-east-1", options: regions))</div></div>
            """
        ).html
    }

    private var servers: HTML {
        Card(
            "Servers",
            actions: "<button type=\"button\" class=\"button small\" data-refresh>Ask DRS now</button>",
            """
            <div class="fields"><div data-looks>\(Field.radios("by", "Choose", value: isByTags ? "tags" : "servers", options: [
                ("servers", "Servers one by one", "The group holds exactly these."),
                ("tags", "By tags", "Every server that has all of these tags, also later ones."),
            ], as: .none))</div>\
            <div data-when="servers" data-looks><label class="unseen" for="f-search">Find servers</label>\
            <span class="search-field">\(icon("search"))<input id="f-search" name="search" type="search" data-as="none" \
            placeholder="Find servers by name, identifier or tag" maxlength="128" autocomplete="off"></span></div>\
            <div data-when="tags" data-looks\(flag: "hidden", !isByTags)>\(Field.area(
                "serverSelectionTags",
                "Tags",
                value: group?.serverSelectionTags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"),
                as: .pairs,
                hint: "One a line, as key=value; a server must have them all."
            ))</div>\
            <div class="field" data-field="sourceServerIds"><p id="chosen" role="status" class="quiet"></p><p class="problem"></p></div>\
            \(panel.html)</div>
            """
        ).html
    }
}

/// The servers that could be chosen, or that tags would pick; a fragment of its own.
package struct DiscoveryPanel: Sendable {
    package let servers: [SourceServerView]
    /// The group that is being edited: its own servers are free to it.
    package let group: ProtectionGroup.ID?
    package let chosen: Set<SourceServerID>
    package let isByTags: Bool
    package let hasMore: Bool

    package init(
        servers: [SourceServerView],
        group: ProtectionGroup.ID? = nil,
        chosen: Set<SourceServerID> = [],
        isByTags: Bool = false,
        hasMore: Bool = false
    ) {
        self.servers = servers
        self.group = group
        self.chosen = chosen
        self.isByTags = isByTags
        self.hasMore = hasMore
    }

    package var html: HTML {
        """
        <div id="discovery" class="discovery">\(servers.isEmpty ? Empty(
            isByTags ? "The tags pick nothing" : "No servers here",
            isByTags
                ? "No server in this account and Region has all of these tags now."
                : "No server matches, or none replicates in this account and Region. Ask DRS if it is new."
        ).html : list)</div>
        """
    }

    private var list: HTML {
        let taken = servers.count { $0.groupId != nil && $0.groupId != group }
        let count = servers.count == 1 ? "1 server" : "\(servers.count)\(hasMore ? "+" : "") servers"
        return """
            <p class="quiet">\(count), \(servers.count - taken) available\
            \(if: taken > 0, ", \(taken) in other groups")\(if: hasMore, ". Search to see the others")</p>\
            \(if: !isByTags && servers.count - taken > 1, Selection.bar("All available that are shown", actions: .empty))\
            <ul class="pick">\(servers.html(item))</ul>
            """
    }

    private func item(_ server: SourceServerView) -> HTML {
        let isTaken = server.groupId != nil && server.groupId != group
        let holder: HTML =
            isTaken
            ? """
            <span class="status stopped">Assigned<span class="unseen"> to</span> \(server.groupName)</span>
            """
            : Status(.success, "Available").html
        let box: HTML =
            isByTags
            ? .empty
            : """
            <input type="checkbox" data-server data-select value="\(server.sourceServerId.rawValue)"\(flag: "disabled", isTaken)\
            \(flag: "checked", chosen.contains(server.sourceServerId))>
            """
        return """
            <li><label>\(box)<span>\(server.hostname)<span class="quiet detail">\(server.sourceServerId.rawValue), \
            \(Status(replication: server.replicationState).label.lowercased())</span></span>\(holder)</label></li>
            """
    }
}
