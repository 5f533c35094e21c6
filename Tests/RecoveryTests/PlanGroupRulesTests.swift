internal import Ambient
internal import Recovery
internal import Testing

@Suite struct `The rules of a protection group` {
    private func place(_ region: String = "eu-west-1") throws -> Place {
        Place(
            accountId: try #require(AccountNumber(rawValue: "111122223333")),
            region: try #require(Region(rawValue: region))
        )
    }

    private func server(_ letter: String) throws -> SourceServerID {
        try #require(SourceServerID(rawValue: "s-" + String(repeating: letter, count: 17)))
    }

    @Test func `want servers or tags, and not both`() throws {
        let (place, server) = (try place(), try server("a"))
        #expect(GroupRules(place: place, servers: [server], tags: [:]).refusal == nil)
        #expect(GroupRules(place: place, servers: [], tags: ["tier": "web"]).refusal == nil)
        #expect(GroupRules(place: place, servers: [], tags: [:]).refusal?.code == .ruleBroken)
        #expect(GroupRules(place: place, servers: [server], tags: ["tier": "web"]).refusal?.code == .ruleBroken)
    }

    @Test func `name each repeated server`() throws {
        let servers = [try server("a"), try server("b"), try server("a"), try server("a")]
        let problems = GroupRules(place: try place(), servers: servers, tags: [:]).problems
        #expect(problems.map(\.pointer) == ["/sourceServerIds/2", "/sourceServerIds/3"])
    }

    @Test func `know the Regions that have DRS`() throws {
        let rules = GroupRules(place: try place("cn-north-1"), servers: [try server("a")], tags: [:])
        #expect(rules.refusal?.code == .unknownRegion)
    }
}

@Suite struct `A selection by tags` {
    private func server(_ letter: String, in place: Place, _ tags: [String: String]) throws -> SourceServer {
        SourceServer(
            sourceServerId: try #require(SourceServerID(rawValue: "s-" + String(repeating: letter, count: 17))),
            place: place,
            hostname: letter,
            tags: tags,
            replicationState: "CONTINUOUS",
            lag: nil,
            recoveryInstanceId: nil,
            lastLaunch: nil,
            syncedAt: Instant(milliseconds: 0)
        )
    }

    @Test func `picks the servers of its place that have every tag`() throws {
        let account = try #require(AccountNumber(rawValue: "111122223333"))
        let here = Place(accountId: account, region: try #require(Region(rawValue: "eu-west-1")))
        let there = Place(accountId: account, region: try #require(Region(rawValue: "us-east-1")))
        let servers = [
            try server("c", in: here, ["tier": "web", "app": "shop", "more": ""]),
            try server("a", in: here, ["tier": "web", "app": "shop"]),
            try server("b", in: here, ["tier": "Web", "app": "shop"]),
            try server("d", in: here, ["tier": "web"]),
            try server("e", in: there, ["tier": "web", "app": "shop"]),
        ]
        let selection = try #require(TagSelection(["tier": "web", "app": "shop"]))
        #expect(selection.servers(among: servers, in: here) == [servers[1].sourceServerId, servers[0].sourceServerId])
        #expect(TagSelection([:]) == nil)
    }
}
