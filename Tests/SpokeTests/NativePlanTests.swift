import AWS
import Ambient
import AsyncHTTPClient
import Conductor
import Contract
import JSON
import PostgreSQL
import Recovery
import Schema
import Simulator
import Spoke
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A spoke beside native recovery plans` {
    private func spoke(_ hub: HubUnderTest, _ cloud: Cloud) throws -> SpokeProgram {
        let account = ReachableAccount(
            accountId: Cloud.account,
            roleArn: "arn:aws:iam::\(Cloud.account):role/MusterRecovery",
            externalId: "secret",
            regions: [Cloud.home.region]
        )
        return SpokeProgram(
            configuration: SpokeConfiguration(
                name: "one",
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

    /// Starts a native execution with a wait of two hours behind its first step; answers its ARN.
    private func begin(_ servers: [SourceServerID], in cloud: Cloud) throws -> String {
        let arn = "arn:aws:drs:us-east-1:\(Cloud.account):source-server/"
        func step(_ server: SourceServerID) -> JSON {
            ["serverStepConfiguration": ["servers": [["serverArn": .string(arn + server.rawValue)]]]]
        }
        let plan = try cloud.drs("CreateRecoveryPlan", ["name": "Payroll"])["recoveryPlan"]?["recoveryPlanArn"] ?? .null
        let wait: JSON = ["waitStepConfiguration": ["waitDurationMinutes": 120]]
        for work in [step(servers[0]), wait, step(servers[1])] {
            _ = try cloud.drs(
                "CreateRecoveryPlanStep",
                ["recoveryPlanArn": plan, "stepName": "a step", "configuration": work]
            )
        }
        let started = try cloud.drs("StartRecoveryPlanExecution", ["recoveryPlanArn": plan, "mode": "DRILL"])
        return started["recoveryPlanExecution"]?["recoveryPlanExecutionArn"]?.string ?? ""
    }

    @Test func `reports what they use with every step, and that they have ended`() async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                let servers = cloud.servers()
                let execution = try begin(Array(servers.prefix(2)), in: cloud)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await spoke(hub, cloud).run() }
                    let find = NativeExecutionStatements.conflicts(with: servers)
                    try await eventually("the hub knows of it") { try await hub.pool.run(find).count == 1 }
                    let conflict = try #require(try await hub.pool.first(find))
                    #expect(conflict.kind == .nativePlan && conflict.id == execution && conflict.planName == "Payroll")
                    #expect(conflict.serverIds == Array(servers.prefix(2)))
                    let cancelled: JSON = ["recoveryPlanExecutionArn": .string(execution)]
                    _ = try cloud.drs("CancelRecoveryPlanExecution", cancelled)
                    try await eventually("the hub knows that it is over") {
                        _ = try await hub.conductor.synchronise(nil, in: nil)
                        return try await hub.pool.run(find).isEmpty
                    }
                    group.cancelAll()
                }
            }
        }
    }

    @Test func `shows the inventory where its role may not ask about them`() async throws {
        let denied = #"["drs:ListRecoveryPlans", "drs:ListRecoveryPlanExecutions"]"#
        try await Cloud.serve(role: "{name: MusterRecovery, denied: \(denied)}") { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await spoke(hub, cloud).run() }
                    try await eventually("the inventory is there") {
                        try await hub.count("SELECT count(*) FROM source_server") == 3
                    }
                    #expect(cloud.calls("drs:ListRecoveryPlans") >= 1)
                    #expect(try await hub.count("SELECT count(*) FROM native_execution") == 0)
                    #expect(
                        try await hub.count("SELECT count(*) FROM inventory_sync WHERE problem_code IS NOT NULL") == 0
                    )
                    group.cancelAll()
                }
            }
        }
    }
}
