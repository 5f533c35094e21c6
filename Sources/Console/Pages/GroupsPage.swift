internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Every protection group.
package struct GroupsPage: ConsolePage {
    package let groups: [ProtectionGroupView]
    package let query: ListQuery
    package let accounts: [AccountView]

    package init(
        groups: [ProtectionGroupView],
        query: ListQuery = ListQuery("/protection-groups", sort: "groupName"),
        accounts: [AccountView] = []
    ) {
        self.groups = groups
        self.query = query
        self.accounts = accounts
    }

    package var title: String { "Protection groups" }
    package var section: Section? { .groups }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(groups.count),
            note: "Servers that are recovered together; each server belongs to one group at most.",
            actions: Button.create("Create group", "/protection-groups/new", CreateProtectionGroup.permission, viewer)
                .html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            if groups.isEmpty {
                query.isNarrowed
                    ? Empty.noMatch("/protection-groups").html
                    : Empty(
                        "No protection groups",
                        "A group takes servers of one account and Region, by name or by tag.",
                        action: Button.create(
                            "Create group",
                            "/protection-groups/new",
                            CreateProtectionGroup.permission,
                            viewer
                        ).html
                    ).html
            } else {
                Table(
                    title,
                    columns: Self.columns,
                    rows: groups.map(row),
                    sorting: query.sorting,
                    hiding: viewer.preferences.hidden(in: "groups")
                ).html
            }
        let tools = ListTools(
            here: query.here,
            table: ("groups", Self.columns),
            preferences: viewer.preferences
        ).html
        return """
            <section class="card" aria-label="List"><div class="list-bar">\(filter)\(tools)</div>\(list)\
            \(query.pagination(groups.count))</section>
            """
    }

    private static let columns: [Table.Column] = [
        .init("Group", sort: "groupName"), .init("Account, Region"), .init("Selection"), .init("Servers", .end),
        .init("Used by"), .init("Changed"),
    ]

    private var filter: HTML {
        Filter(
            "/protection-groups",
            search: ("Find groups", query.text),
            choices: [
                .init(
                    "accountId",
                    "Account",
                    value: query.filters.first { $0.name == "accountId" }?.value,
                    options: accounts.map { ($0.accountId.rawValue, $0.accountName) }
                )
            ],
            kept: [("sort", query.keptSort)]
        ).html
    }

    private func row(_ group: ProtectionGroupView) -> Table.Row {
        let byTags = !group.serverSelectionTags.isEmpty
        let conflicts: HTML =
            group.conflicts.isEmpty
            ? .empty : "<span class=\"detail\">\(Status(.warning, "\(group.conflicts.count) in conflict").html)</span>"
        let plans = group.usedByPlans.prefix(3).map { plan -> HTML in
            "<a href=\"\(Link.plan(plan.planId))\">\(plan.planName)</a>"
        }.joined(by: ", ")
        return Table.Row([
            "<a href=\"\(Link.group(group.groupId))\" data-row-link>\(group.groupName)</a>",
            "<span class=\"id\">\(group.accountId.rawValue)</span><span class=\"quiet detail id\">\(group.region.rawValue)</span>",
            "\(byTags ? "By tags" : "Chosen servers")\(conflicts)", "\(group.serverCount)",
            group.usedByPlans.isEmpty ? "-" : plans, Times.moment(group.lastModifiedDate),
        ])
    }
}

/// One protection group: its servers, and the plans that use it.
package struct GroupPage: ConsolePage {
    package let group: ProtectionGroupView

    package init(group: ProtectionGroupView) {
        self.group = group
    }

    package var title: String { group.groupName }
    package var section: Section? { .groups }
    package var trail: [Crumb] { [Crumb("Protection groups", "/protection-groups")] }

    package func heading(for viewer: Viewer) -> HTML {
        let why = "This needs a permission that your roles do not have."
        let used = group.usedByPlans.isEmpty ? nil : "Plans use it: take it out of their waves first."
        let edit = Button(
            "Edit",
            .primary,
            link: .groupEdit(group.groupId),
            disabledBecause: viewer.may(UpdateProtectionGroup.permission) ? nil : why
        )
        let delete = Button(
            "Delete",
            .danger,
            opens: "delete",
            disabledBecause: viewer.may(DeleteProtectionGroup.permission) ? used : why
        )
        return Heading(
            title,
            note: "\(group.description.isEmpty ? "No description" : group.description)",
            actions: "\(edit.html)\(delete.html)"
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(Staleness.inventory(of: group.servers ?? [], at: viewer.now).html(at: viewer.now))\(conflicts)\(facts)\(Card(
            "Servers",
            count: "\(group.serverCount)",
            (group.servers ?? []).isEmpty
                ? Empty("No servers", "The tags pick nothing now, or the servers are gone.").html
                : ServersTable(servers: group.servers ?? [], viewer: viewer, showsGroup: false).html
        ).html)\(if: viewer.may(DeleteProtectionGroup.permission), deletion)
        """
    }

    private var conflicts: HTML {
        guard !group.conflicts.isEmpty else { return .empty }
        let list = group.conflicts.prefix(20).html {
            "<li>\($0.serverId.rawValue): held by <a href=\"\(Link.group($0.groupId))\">\($0.groupName)</a></li>"
        }
        return Alert(
            .warning,
            "Other groups hold servers that these tags pick",
            "<p>The first group keeps a server. Plans that use this group are not ready until this is settled.</p><ul>\(list)</ul>"
        ).html
    }

    private var facts: HTML {
        let tags = group.serverSelectionTags.sorted { $0.key < $1.key }.html {
            "<span class=\"badge\">\($0.key) = \($0.value)</span> "
        }
        let plans = group.usedByPlans.map { "<a href=\"\(Link.plan($0.planId))\">\($0.planName)</a>" as HTML }.joined(
            by: ", "
        )
        return Card(
            "Summary",
            KeyValues([
                ("Account", "<a href=\"\(Link.account(group.accountId))\">\(group.accountId.rawValue)</a>"),
                ("Region", "\(group.region.rawValue)"),
                ("Selection", group.serverSelectionTags.isEmpty ? "Chosen servers" : tags),
                ("Used by", group.usedByPlans.isEmpty ? "No plan" : plans),
                (
                    "Revision",
                    "\(group.revision), by \(group.createdBy), changed \(Times.moment(group.lastModifiedDate))"
                ),
            ]).html
        ).html
    }

    private var deletion: HTML {
        Dialog(
            "delete",
            "Delete group",
            """
            <p>The group <strong>\(group.groupName)</strong> is deleted; its \(group.serverCount) servers are free again.</p>\
            \(Alert(.warning, "This cannot be undone.").html)\(CallForm(
                Action(DeleteProtectionGroup.self, [group.groupId.description]),
                submit: "Delete",
                .danger,
                then: "/protection-groups",
                done: "The group \(group.groupName) is deleted.",
                revision: group.revision
            ).html)
            """
        ).html
    }
}
