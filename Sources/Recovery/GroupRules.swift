/// What must hold of a protection group beyond its form.
package struct GroupRules: Sendable {
    let place: Place
    let servers: [SourceServerID]
    let tags: [String: String]

    package init(place: Place, servers: [SourceServerID], tags: [String: String]) {
        self.place = place
        self.servers = servers
        self.tags = tags
    }

    /// Every broken rule, by its place in the body.
    package var problems: [Refusal.Pointer] {
        var problems: [Refusal.Pointer] = []
        switch (servers.isEmpty, tags.isEmpty) {
        case (true, true):
            problems.append(
                Refusal.Pointer("/sourceServerIds", "a group has either servers or selection tags; both are missing")
            )
        case (false, false):
            problems.append(
                Refusal.Pointer("/serverSelectionTags", "a group has either servers or selection tags, not both")
            )
        case (true, false), (false, true): break
        }
        if servers.count > Limits.serversPerGroup {
            problems.append(
                Refusal.Pointer(
                    "/sourceServerIds",
                    "\(servers.count) servers; a group has at most \(Limits.serversPerGroup)"
                )
            )
        }
        var seen: Set<SourceServerID> = []
        for (position, server) in servers.enumerated() where !seen.insert(server).inserted {
            problems.append(Refusal.Pointer("/sourceServerIds/\(position)", "\(server) is named twice"))
        }
        if tags.count > Limits.selectionTags {
            problems.append(
                Refusal.Pointer("/serverSelectionTags", "\(tags.count) tags; at most \(Limits.selectionTags)")
            )
        }
        return problems
    }

    /// The answer to the caller; nil when every rule holds.
    package var refusal: Refusal? {
        let problems = problems
        if let first = problems.first {
            let detail = problems.count == 1 ? first.message : "\(problems.count) rules are broken"
            return Refusal(.ruleBroken, detail, .pointers(problems))
        }
        guard Region.withDRS.contains(place.region) else {
            return Refusal(.unknownRegion, "DRS is not offered in \(place.region)")
        }
        return nil
    }
}
