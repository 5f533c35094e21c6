internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations)) struct `Every statement` {
    @Test func `about accounts, spokes and inventory fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.accounts + Examined.spokes + Examined.inventory)
    }

    @Test func `about groups and plans fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.groups + Examined.plans + Examined.readiness)
    }

    @Test func `about schedules fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.schedules())
    }

    @Test func `about notifications fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.notifications)
    }

    @Test func `about executions and commands fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.executions + Examined.commands)
    }

    @Test func `about agents and requests fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.agents + Examined.requests)
    }

    @Test func `about role bindings and the audit fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.bindings + Examined.audit)
    }

    @Test func `about metrics fits the schema`() async throws {
        try await examine(Examined.measures)
    }

    @Test func `about people who sign in fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.signIn)
    }

    @Test func `about drill reports fits the schema and finds its rows by an index`() async throws {
        try await examine(Examined.reports)
    }

    /// All in one database, for making one takes longer than asking about a hundred statements.
    private func examine(_ statements: [Examined]) async throws {
        let connection = try await TestDatabase.current.connect()
        for statement in statements {
            do {
                let plan = try await connection.plan(of: statement)
                let scans = plan.contains { $0.contains("Seq Scan") }
                #expect(statement.scans || !scans, "\(statement.name):\n\(plan.joined(separator: "\n"))")
            } catch let failure as PostgresFailure {
                Issue.record("\(statement.name): \(failure)")
            }
        }
        connection.close()
    }
}

extension Examined {
    private static let scope: [AccountNumber]? = [Place.sample().accountId]

    static let accounts: [Examined] =
        Account.Sort.allCases.flatMap { sort in
            [nil, "key"].map { key in
                Examined(
                    "accounts \(sort) after \(key ?? "nothing")",
                    Account.list(text: "a", scope: scope, sort: sort, after: key, limit: 1)
                )
            }
        } + [
            Examined("account", Account.find(Place.sample().accountId)),
            Examined("account lock", Account.lock(Place.sample().accountId)),
            Examined("account insert", Account.sample().insert(at: .sample)),
            Examined("account update", Account.sample().update(at: .sample)),
            Examined("account delete", Account.delete(Place.sample().accountId)),
            Examined("account groups", Account.groups(in: Place.sample().accountId, limit: 1)),
        ]

    static let spokes: [Examined] = [
        Examined(
            "spokes",
            Spoke.list(account: nil, state: nil, scope: nil, after: nil, limit: 1, at: .sample),
            scans: true
        ),
        Examined(
            "spokes after one",
            Spoke.list(account: nil, state: .lost, scope: nil, after: ("a", .sample(1)), limit: 1, at: .sample)
        ),
        Examined("spoke", Spoke.find(.sample(1), within: scope, at: .sample)),
        Examined("spoke drain", Spoke.drain(.sample(1))),
    ]

    static let inventory: [Examined] =
        SourceServer.Sort.allCases.flatMap { sort in
            [nil, ("host", SourceServerID.sample(1))].map { last in
                Examined(
                    "source servers \(sort) after \(last?.0 ?? "nothing")",
                    SourceServer.list(SourceServer.Filter(), sort: sort, after: last, limit: 1)
                )
            }
        } + [
            Examined(
                "source server alone",
                SourceServer.list(SourceServer.Filter(serverId: .sample(1)), sort: .number, after: nil, limit: 1)
            ),
            Examined("source servers of groups", SourceServer.members(of: [.sample(1)])),
            Examined("source servers by tags", SourceServer.picked(by: ["a": "b"], in: .sample())),
            Examined("source servers", SourceServer.find([.sample(1)])),
            Examined("source servers known", SourceServer.known([.sample(1)], in: .sample())),
            Examined("places", SyncedPlace.all(accountId: nil, region: nil, scope: scope, at: .sample), scans: true),
            Examined("place served", SyncedPlace.isServed(.sample(), at: .sample)),
            Examined("quotas", SourceServer.quotas(accountId: nil, region: nil, scope: scope, after: nil, limit: 1)),
            Examined(
                "quotas after one",
                SourceServer.quotas(accountId: nil, region: nil, scope: scope, after: .sample(), limit: 1)
            ),
        ]

    static let groups: [Examined] =
        ProtectionGroup.Sort.allCases.flatMap { sort in
            [nil, ("name", ProtectionGroup.ID.sample(1))].map { last in
                Examined(
                    "groups \(sort) after \(last?.0 ?? "nothing")",
                    ProtectionGroup.list(ProtectionGroup.Filter(), sort: sort, after: last, limit: 1)
                )
            }
        } + [
            Examined(
                "groups of a plan",
                ProtectionGroup.list(ProtectionGroup.Filter(planId: .sample(1)), sort: .name, after: nil, limit: 1)
            ),
            Examined("group", ProtectionGroup.find(.sample(1), within: scope)),
            Examined("group lock", ProtectionGroup.lock(.sample(1), within: scope)),
            Examined("group insert", ProtectionGroup.sample(1).insert()),
            Examined("group update", ProtectionGroup.sample(1).update()),
            Examined("group delete", ProtectionGroup.delete(.sample(1))),
            Examined("group plans", ProtectionGroup.plans(using: .sample(1))),
            Examined("group plans lock", ProtectionGroup.lockPlans(using: .sample(1))),
            Examined("group execution", ProtectionGroup.activeExecution(of: .sample(1))),
            Examined(
                "group members add",
                ProtectionGroup.addMembers([.sample(1)], to: .sample(1), in: .sample(), at: .sample)
            ),
            Examined("group holders", ProtectionGroup.holders(of: [.sample(1)], except: .sample(1))),
        ]
        + each("group members remove", ProtectionGroup.removeMembers(of: .sample(1), except: [.sample(1)]))
        + each("group reselect", ProtectionGroup.reselect(in: .sample(), only: .sample(1), at: .sample))

    static let plans: [Examined] =
        RecoveryPlan.Sort.allCases.flatMap { sort in
            [nil, ("name", RecoveryPlan.ID.sample(1))].map { last in
                Examined(
                    "plans \(sort) after \(last?.0 ?? "nothing")",
                    RecoveryPlan.list(
                        RecoveryPlan.Filter(readiness: .verified, scope: scope),
                        sort: sort,
                        after: last,
                        limit: 1
                    )
                )
            }
        } + [
            Examined("plan", RecoveryPlan.find(.sample(1), within: scope)),
            Examined("plan saved", RecoveryPlan.saved(.sample(1), within: scope)),
            Examined("plan hold", RecoveryPlan.hold(.sample(1))),
            Examined("plan memberships", RecoveryPlan.memberships(of: [.sample(1)])),
            Examined("plan quotas", RecoveryPlan.quotas(of: [.sample()])),
            Examined("plan accounts", RecoveryPlan.accounts(of: .sample(1))),
            Examined("plan lock", RecoveryPlan.lock(.sample(1), within: scope)),
            Examined("plan insert", RecoveryPlan.sample(1).insert()),
            Examined("plan update", RecoveryPlan.sample(1).update()),
            Examined("plan delete", RecoveryPlan.delete(.sample(1))),
            Examined("plan version", RecoveryPlan.sample(1).keepVersion(1, by: "ada")),
            Examined("plan versions", RecoveryPlan.versions(of: .sample(1), before: nil, limit: 1)),
            Examined("plan versions before one", RecoveryPlan.versions(of: .sample(1), before: 9, limit: 1)),
            Examined("a version of a plan", RecoveryPlan.version(1, of: .sample(1))),
            Examined("names of groups", ProtectionGroup.names(of: [.sample(1)], within: scope)),
            Examined("groups by name", ProtectionGroup.identifiers(named: ["a"], within: scope)),
            Examined("plan execution", RecoveryPlan.activeExecution(of: .sample(1))),
            Examined("plan members", RecoveryPlan.members(of: [.sample(1)], within: scope)),
        ] + each("plan groups", RecoveryPlan.sample(1).nameGroups())
}
