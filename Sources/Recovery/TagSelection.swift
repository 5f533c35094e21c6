/// A choice of servers by their tags: a server is picked when it has every one of them with exactly that value.
///
/// Keys and values are compared as AWS compares them, case and all. The database picks by the same rule (`tags @> …`).
package struct TagSelection: Sendable, Hashable {
    package let tags: [String: String]

    /// Nil without tags: every server would match, which nobody means.
    package init?(_ tags: [String: String]) {
        guard !tags.isEmpty else { return nil }
        self.tags = tags
    }

    package func picks(_ server: SourceServer) -> Bool {
        tags.allSatisfy { server.tags[$0.key] == $0.value }
    }

    /// The servers of one place that are picked, in the order of their identifiers.
    package func servers(among servers: [SourceServer], in place: Place) -> [SourceServerID] {
        servers.filter { $0.place == place && picks($0) }.map(\.sourceServerId).sorted()
    }
}
