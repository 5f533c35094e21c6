import Ambient
import Hub
import JSON
import NIOHTTP1
import OrderedCollections
import PostgreSQL
import Recovery
import TestKit
import Testing

/// A hub with two accounts, objects of each, and objects of both: `here` is where limited callers may look.
struct AccessWorld: Sendable {
    /// Whose object it is.
    enum Owner: String, CaseIterable, Sendable {
        case here, there, both
    }

    let hub: HubUnderTest
    let here = Place.sample(0)
    let there = Place.sample(1)
    /// The values of placeholders, by owner.
    private(set) var names: [Owner: [String: String]] = [:]

    /// Servers of `here` are 1 to 3, those of `there` 4 to 6.
    init(_ hub: HubUnderTest) async throws {
        self.hub = hub
        for (place, name) in [(here, "Here"), (there, "There")] {
            try await make("/accounts", Self.account(place, name))
        }
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        try await pool.sync([1, 2, 3], in: here)
        try await pool.sync([4, 5, 6], in: there)
        let groups = [
            try await make("/protection-groups", Self.group("Here", [1, 2], here)),
            try await make("/protection-groups", Self.group("There", [4, 5], there)),
            try await make("/protection-groups", Self.group("Half here", [3], here)),
            try await make("/protection-groups", Self.group("Half there", [6], there)),
        ].map { $0["groupId"]?.string ?? "" }
        let plans: [(Owner, [String])] = [
            (.here, [groups[0]]), (.there, [groups[1]]), (.both, [groups[2], groups[3]]),
        ]
        for (owner, named) in plans {
            let plan = try await make("/recovery-plans", Self.plan(owner.rawValue, named))
            let id = plan["planId"]?.string ?? ""
            let execution = try await make("/executions", ["planId": .string(id), "executionType": "DRILL"])
            let executionId = execution["executionId"]?.string ?? ""
            let made = try await make("/executions/\(executionId)/wall-links", ["label": "Hall"])
            names[owner] = [
                "planId": id, "executionId": executionId, "waveNumber": "0", "revision": "1",
                "linkId": made["link"]?["linkId"]?.string ?? "",
                "serverId": SourceServerID.sample(owner == .there ? 4 : 1).rawValue,
            ]
        }
        for (owner, _) in plans {
            let schedule = try await make("/schedules", Self.schedule(owner.rawValue, name("planId", of: owner)))
            names[owner]?["scheduleId"] = schedule["scheduleId"]?.string
        }
        for (owner, _) in plans {
            let campaign = try await make("/campaigns", Self.campaign(owner.rawValue, [name("planId", of: owner)]))
            names[owner]?["campaignId"] = campaign["campaignId"]?.string
            // Its drills would begin as soon as the plan's servers are free, in the middle of a test.
            let path = "/api/v1/campaigns/\(name("campaignId", of: owner))/cancel"
            let cancelled = try await hub.ask(.POST, path, token: try hub.admin())
            try #require(cancelled.status == 202, "\(cancelled.said)")
        }
        // Of no account: those who do not manage them all do not see it.
        let sample = NotificationSample.webhook("here", "https://example.com/", isEnabled: false)
        let target = try await make("/notification-targets", sample)
        names[.here]?["targetId"] = target["targetId"]?.string
        names[.here]?["groupId"] = groups[0]
        names[.there]?["groupId"] = groups[1]
        names[.here]?["accountId"] = here.accountId.rawValue
        names[.there]?["accountId"] = there.accountId.rawValue
        try await addSpokes(pool)
        try await addBindings()
        try await addReports()
    }

    private mutating func addSpokes(_ pool: Pool) async throws {
        let served: [(Owner, [Place])] = [(.here, [here]), (.there, [there]), (.both, [here, there])]
        for (number, (owner, places)) in served.enumerated() {
            let id = Identifier<Spoke>.sample(900 + number)
            let session = Identifier<AccessWorld>.sample(950 + number)
            let now = SystemTime().now()
            try await pool.execute(
                Statement(
                    """
                    INSERT INTO spoke (spoke_id, name, principal, version, last_seen_at)
                    VALUES (\(id), \(owner.rawValue), \("arn:aws:iam::000000000000:role/\(owner.rawValue)"), '1', \(now))
                    """
                )
            )
            try await pool.execute(
                Statement(
                    """
                    INSERT INTO agent_session (session_id, spoke_id, token_hash, issued_at, expires_at, last_seen_at)
                    VALUES (\(session), \(id), \([UInt8(number)]), \(now), \(now + .seconds(3600)), \(now))
                    """
                )
            )
            for place in places {
                try await pool.execute(
                    Statement(
                        """
                        INSERT INTO agent_session_account (session_id, account_id, regions)
                        VALUES (\(session), \(place.accountId), \([place.region.rawValue]))
                        """
                    )
                )
            }
            names[owner]?["spokeId"] = id.description
        }
    }

    private mutating func addBindings() async throws {
        let accounts: [(Owner, [Place])] = [(.here, [here]), (.there, [there]), (.both, [here, there])]
        for (owner, places) in accounts {
            let made = try await make("/role-bindings", Self.binding("of \(owner.rawValue)", .readOnly, places))
            names[owner]?["bindingId"] = made["bindingId"]?.string
        }
        for role in Role.allCases {
            try await make("/role-bindings", Self.binding("limited \(role.rawValue)", role, [here]))
        }
    }

    private mutating func addReports() async throws {
        for owner in Owner.allCases {
            let id = name("executionId", of: owner)
            let entry = try await make(
                "/executions/\(id)/report-entries",
                ["kind": "SCENARIO", "text": .string("of \(owner.rawValue)")]
            )
            names[owner]?["entryId"] = entry["entryId"]?.string
            let finding = try await make(
                "/findings",
                ["executionId": .string(id), "title": .string("of \(owner.rawValue)"), "severity": "LOW"]
            )
            names[owner]?["findingId"] = finding["findingId"]?.string
        }
    }

    /// A token of somebody who has the role in `here` only.
    func limited(_ role: Role) throws -> String {
        try hub.issuer.token(
            name: "limited-\(role.rawValue)",
            changing: ["cognito:groups": [.string("limited \(role.rawValue)")]]
        )
    }

    /// The path with an object of this owner; nil where there is none.
    func path(_ template: String, of owner: Owner) -> String? {
        var path = template
        for placeholder in template.split(separator: "/").filter({ $0.hasPrefix("{") }) {
            let name = String(placeholder.dropFirst().dropLast())
            guard let value = names[owner]?[name] else { return nil }
            path = path.replacing(placeholder, with: value)
        }
        return path
    }

    func name(_ name: String, of owner: Owner) -> String { names[owner]?[name] ?? "" }

    /// What nobody may read who is limited to `here`.
    var secrets: [String] {
        [there.accountId.rawValue, name("groupId", of: .there)] + [4, 5, 6].map { SourceServerID.sample($0).rawValue }
    }

    @discardableResult
    func make(_ path: String, _ body: JSON) async throws -> JSON {
        let answer = try await hub.ask(.POST, "/api/v1" + path, token: try hub.admin(), body: body.text)
        try #require((200..<300).contains(answer.status), "\(path): \(String(decoding: answer.bytes, as: UTF8.self))")
        return try answer.json
    }

    static func account(_ place: Place, _ name: String) -> JSON {
        [
            "accountId": .string(place.accountId.rawValue), "accountName": .string(name),
            "regions": [.string(place.region.rawValue)], "spokePrincipals": [],
        ]
    }

    static func schedule(_ name: String, _ plan: String, changing changes: [String: JSON] = [:]) -> JSON {
        var members: OrderedDictionary<String, JSON> = [
            "scheduleName": .string(name), "planId": .string(plan), "cron": "0 0 1 JAN *",
        ]
        for (name, value) in changes { members[name] = value }
        return .object(members)
    }

    static func campaign(_ name: String, _ plans: [String]) -> JSON {
        ["campaignName": .string(name), "planIds": .array(plans.map { .string($0) })]
    }

    static func group(_ name: String, _ servers: [Int], _ place: Place) -> JSON {
        [
            "groupName": .string(name), "accountId": .string(place.accountId.rawValue),
            "region": .string(place.region.rawValue),
            "sourceServerIds": .array(servers.map { .string(SourceServerID.sample($0).rawValue) }),
        ]
    }

    static func plan(_ name: String, _ groups: [String]) -> JSON {
        [
            "planName": .string(name),
            "waves": [["waveNumber": 0, "protectionGroupIds": .array(groups.map { .string($0) })]],
        ]
    }

    static func binding(_ name: String, _ role: Role, _ places: [Place]?) -> JSON {
        [
            "kind": "GROUP", "name": .string(name), "role": .string(role.rawValue),
            "accountIds": places.map { .array($0.map { .string($0.accountId.rawValue) }) } ?? .null,
        ]
    }
}
