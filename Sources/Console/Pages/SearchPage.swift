package import Contract
package import Hypertext
internal import Recovery

/// What a search in the top bar finds.
package struct SearchPage: ConsolePage {
    package let text: String
    package let plans: [RecoveryPlanView]
    package let groups: [ProtectionGroupView]
    package let servers: [SourceServerView]

    package init(text: String, plans: [RecoveryPlanView], groups: [ProtectionGroupView], servers: [SourceServerView]) {
        self.text = text
        self.plans = plans
        self.groups = groups
        self.servers = servers
    }

    package var title: String { text.isEmpty ? "Search" : "Search: \(text)" }
    package var section: Section? { nil }

    package func content(for viewer: Viewer) -> HTML {
        guard !(plans.isEmpty && groups.isEmpty && servers.isEmpty) else {
            return """
                <section class="card" aria-label="Nothing found">\(Empty(
                    "No matches",
                    "Plans, groups and servers are searched by name, identifier, owner and tag."
                ).html)</section>
                """
        }
        func list(_ title: String, _ items: [(name: String, link: Link, note: String)], _ all: Link) -> HTML {
            guard !items.isEmpty else { return .empty }
            return Card(
                title,
                actions: "<a href=\"\(all.with([("q", text)]))\">View all \(title.lowercased())</a>",
                "<ul class=\"items\">\(items.html { "<li><a href=\"\($0.link)\">\($0.name)</a><span class=\"quiet\">\($0.note)</span></li>" })</ul>"
            ).html
        }
        return """
            \(list("Recovery plans", plans.map { ($0.planName, .plan($0.planId), "\($0.totalServers) servers") }, "/recovery-plans"))\
            \(list("Protection groups", groups.map { ($0.groupName, .group($0.groupId), "\($0.serverCount) servers") }, "/protection-groups"))\
            \(list("Servers", servers.map { ($0.hostname, .server($0.sourceServerId), $0.sourceServerId.rawValue) }, "/servers"))
            """
    }
}
