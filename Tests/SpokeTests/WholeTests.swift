import AWS
import Ambient
import AsyncHTTPClient
import Conductor
import Contract
import JSON
import PostgreSQL
import Recovery
import Schema
import Spoke
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A spoke with its hub` {
    /// A spoke of the name, for this hub and cloud.
    private func spoke(_ name: String, _ hub: HubUnderTest, _ cloud: Cloud) throws -> SpokeProgram {
        let account = ReachableAccount(
            accountId: Cloud.account,
            roleArn: "arn:aws:iam::\(Cloud.account):role/MusterRecovery",
            externalId: "secret",
            regions: [Cloud.home.region, Cloud.bare.region]
        )
        return SpokeProgram(
            configuration: SpokeConfiguration(
                name: name,
                hubs: try HubAddress.list(hub.origin),
                accounts: [account],
                homeRegion: Cloud.home.region,
                cadence: Cloud.cadence,
                endpoints: try cloud.endpoints
            ),
            credentials: FixedCredentials(Cloud.credentials),
            client: .shared,
            streaming: .shared,
            logger: .silent
        )
    }

    private func serve(
        role: String = "{name: MusterRecovery}",
        _ body: @escaping @Sendable (HubUnderTest, Cloud) async throws -> Void
    ) async throws {
        try await Cloud.serve(role: role) { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                try await body(hub, cloud)
            }
        }
    }

    private func insert(_ work: AgentCommand.Work, key: String, _ hub: HubUnderTest) async throws {
        func text(_ body: some Encodable) throws -> String { try JSON(encoding: body).text }
        let new = CommandStatements.New(
            commandId: Ambient().identifier(),
            key: key,
            kind: work.kind.rawValue,
            place: Cloud.home,
            executionId: nil,
            state: "READY",
            isRecovery: false,
            serverCount: 0,
            body: try text(work.body)
        )
        try await hub.pool.execute(CommandStatements.insert(new, at: Ambient().now))
    }

    private func state(of key: String, _ hub: HubUnderTest) async throws -> String? {
        try await hub.pool.first(CommandStatements.standing(ofKey: key))?.state
    }

    @Test func `shows the inventory of both Regions, the uninitialised one as such`() async throws {
        try await serve { hub, cloud in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("one", hub, cloud).run() }
                try await eventually("two places are synced") {
                    try await hub.count("SELECT count(*) FROM inventory_sync WHERE synced_at IS NOT NULL") == 2
                }
                let count = try await hub.count(
                    "SELECT count(*) FROM source_server WHERE region = 'us-east-1' AND replication_state = 'CONTINUOUS'"
                )
                #expect(count == 3)
                #expect(try await hub.count("SELECT count(*) FROM inventory_sync WHERE NOT is_initialized") == 1)
                #expect(try await hub.count("SELECT count(*) FROM inventory_sync WHERE quotas IS NOT NULL") == 1)
                group.cancelAll()
            }
        }
    }

    @Test func `answers whether it may do what it must`() async throws {
        try await serve { hub, cloud in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("one", hub, cloud).run() }
                try await eventually("the spoke is connected") {
                    try await hub.count("SELECT count(*) FROM agent_session WHERE stream_closed_at IS NULL") == 1
                }
                let answer = try #require(try await hub.conductor.validateAccess(in: Cloud.home))
                let results = Dictionary(answer.checks.map { ($0.action, $0.result) }) { first, _ in first }
                #expect(answer.problem == nil)
                #expect(results["sts:AssumeRole"] == .allowed)
                #expect(results["AssumeRoleWithoutExternalId"] == .denied)
                #expect(results["AssumeRoleWithWrongExternalId"] == .denied)
                #expect(results["drs:StartRecovery"] == .allowed)
                group.cancelAll()
            }
        }
    }

    @Test func `names every action that its role lacks, and no other`() async throws {
        let lacking: Set = ["drs:DescribeJobs", "drs:StartRecovery", "ec2:RunInstances", "iam:PassRole"]
        let role = "{name: MusterRecovery, denied: [\(lacking.sorted().joined(separator: ", "))]}"
        try await serve(role: role) { hub, cloud in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("one", hub, cloud).run() }
                try await eventually("the spoke is connected") {
                    try await hub.count("SELECT count(*) FROM agent_session WHERE stream_closed_at IS NULL") == 1
                }
                let answer = try #require(try await hub.conductor.validateAccess(in: Cloud.home))
                let denied = answer.checks.filter { $0.result == .denied && $0.action.contains(":") }.map(\.action)
                #expect(Set(denied) == lacking)
                #expect(Set(answer.checks.map(\.action)).isSuperset(of: RequiredActions.all))
                group.cancelAll()
            }
        }
    }

    @Test func `looks servers up that the hub asks for`() async throws {
        try await serve { hub, cloud in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("one", hub, cloud).run() }
                try await eventually("the inventory is there") {
                    try await hub.count("SELECT count(*) FROM source_server") == 3
                }
                let server = cloud.servers()[0]
                try await hub.pool.execute(.init("DELETE FROM source_server WHERE source_server_id = \(server)"))
                #expect(try await hub.conductor.lookUp([server], in: Cloud.home))
                #expect(try await hub.count("SELECT count(*) FROM source_server") == 3)
                group.cancelAll()
            }
        }
    }

    @Test func `that dies in the middle of a launch leaves it to another, and one job is started`() async throws {
        try await serve { hub, cloud in
            let key = "x/1/y/1"
            let launch = Launch(
                key: key,
                executionId: Ambient().identifier(),
                waveNumber: 1,
                isDrill: true,
                servers: cloud.servers().map { .init(sourceServerId: $0, recoverySnapshotId: nil) },
                settleSeconds: 0
            )
            try await insert(.launch(launch), key: key, hub)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("one", hub, cloud).run() }
                try await eventually("the job is started") { !cloud.starts(of: key).isEmpty }
                group.cancelAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("two", hub, cloud).run() }
                try await eventually("the command is done") { try await state(of: key, hub) == "DONE" }
                group.cancelAll()
            }
            #expect(cloud.starts(of: key).count == 1)
            #expect(try await hub.count("SELECT attempt FROM command WHERE key = \(key)") >= 1)
        }
    }

    @Test func `publishes to SNS`() async throws {
        try await serve { hub, cloud in
            let topic = "arn:aws:sns:us-east-1:111122223333:drills"
            let message = Publish(topicArn: topic, subject: "Drill", message: "It is over.")
            try await insert(.publish(message), key: "p", hub)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spoke("one", hub, cloud).run() }
                try await eventually("the message is published") { try await state(of: "p", hub) == "DONE" }
                group.cancelAll()
            }
            #expect(cloud.publications == ["It is over."])
        }
    }
}

@Suite(.database(Schema.migrations)) struct `A sync of an inventory` {
    private func page(_ servers: [InventoryPage.Server], number: Int = 0, isLast: Bool = true) -> InventoryPage {
        InventoryPage(
            accountId: Cloud.account,
            region: Cloud.home.region,
            syncToken: "token",
            page: number,
            isLast: isLast,
            isInitialized: true,
            lookedUp: nil,
            sourceServers: servers,
            recoveryInstances: [
                .init(
                    recoveryInstanceId: "i-0",
                    sourceServerId: .sample(1),
                    jobId: "j",
                    isDrill: true,
                    state: "RUNNING"
                )
            ],
            jobs: [
                .init(
                    jobId: "j",
                    type: "LAUNCH",
                    status: "STARTED",
                    startedAt: .sample,
                    sourceServerIds: [.sample(1)],
                    commandKey: nil
                )
            ],
            quotas: nil
        )
    }

    private func server(_ number: Int, tier: String = "web", lag: Int = 0) -> InventoryPage.Server {
        .init(
            sourceServerId: .sample(number),
            hostname: "host-\(number)",
            tags: ["tier": tier],
            replicationState: "CONTINUOUS",
            lagSeconds: lag,
            recoveryInstanceId: nil,
            lastLaunch: .init(type: "DRILL", at: .sample, status: "LAUNCHED")
        )
    }

    private func pool() async throws -> Pool {
        let pool = try TestDatabase.current.pool()
        let account = Account(
            accountId: Cloud.account,
            accountName: "a",
            regions: [Cloud.home.region],
            spokePrincipals: [],
            owner: nil,
            tags: [:],
            externalId: "x",
            revision: 1
        )
        try await account.create(through: pool, at: .sample)
        return pool
    }

    /// How many servers were removed, changed and added.
    private func apply(_ pages: [InventoryPage], _ pool: Pool) async throws -> [Int] {
        let sync = try #require(InventorySync(pages))
        let changes = try await sync.apply(through: pool, at: .sample)
        return [changes.removed, changes.changed, changes.added]
    }

    @Test func `writes what changed and nothing else`() async throws {
        let pool = try await pool()
        #expect(try await apply([page([server(1), server(2)])], pool) == [0, 0, 2])
        func versions() async throws -> [String] {
            try await pool.run(
                Query(
                    """
                    SELECT xmin::text FROM source_server UNION ALL SELECT xmin::text FROM recovery_instance
                     UNION ALL SELECT xmin::text FROM observed_job
                    """,
                    as: String.self
                )
            )
        }
        let before = try await versions()
        #expect(try await apply([page([server(1), server(2)])], pool) == [0, 0, 0])
        #expect(try await versions() == before)
        #expect(try await apply([page([server(1, lag: 9), server(3)])], pool) == [1, 1, 1])
    }

    @Test func `that lacks a page changes nothing`() async throws {
        #expect(InventorySync([page([], number: 0, isLast: false), page([], number: 2)]) == nil)
        #expect(InventorySync([page([], number: 0, isLast: false)]) == nil)
        #expect(InventorySync([page([], number: 1)]) == nil)
        #expect(InventorySync([]) == nil)
    }

    @Test func `leaves the servers of other places alone`() async throws {
        let pool = try await pool()
        _ = try await apply([page([server(1)])], pool)
        var elsewhere = page([server(1, tier: "stolen")])
        elsewhere.region = Cloud.bare.region
        #expect(try await apply([elsewhere], pool) == [0, 0, 0])
        let tier = try await pool.first(Query("SELECT tags->>'tier' FROM source_server", as: String.self))
        #expect(tier == "web")
    }

    @Test func `makes the members of tag groups what their tags pick now`() async throws {
        let pool = try await pool()
        _ = try await apply([page([server(1), server(2, tier: "db")])], pool)
        for (number, name) in [(1, "first"), (2, "second")] {
            let id: ProtectionGroup.ID = .sample(number)
            try await pool.execute(
                .init(
                    """
                    INSERT INTO protection_group (group_id, group_name, description, account_id, region, selection_tags,
                                                  created_at, modified_at, created_by)
                    VALUES (\(id), \(name), '', \(Cloud.account), \(Cloud.home.region), '{"tier": "web"}',
                            \(Instant.sample), \(Instant.sample), 'test')
                    """
                )
            )
        }
        _ = try await apply([page([server(1), server(2)])], pool)
        let held = try await pool.first(
            Query("SELECT count(*) FROM group_member JOIN protection_group USING (group_id)", as: Int.self)
        )
        #expect(held == 2)
        #expect(try await pool.first(Query("SELECT count(*) FROM group_conflict", as: Int.self)) == 2)
        _ = try await apply([page([server(1, tier: "db"), server(2)])], pool)
        #expect(try await pool.first(Query("SELECT count(*) FROM group_member", as: Int.self)) == 1)
    }
}
