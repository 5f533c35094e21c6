import Ambient
import Console
import Contract
import Recovery

extension Sample {
    static func spokes(_ text: String? = nil) -> [SpokeView] {
        [(0, Spoke.State.connected), (1, .lost)].map { number, state in
            SpokeView(
                spokeId: id(number),
                name: text ?? "recovery-east-\(number)",
                version: text ?? "1.0.0",
                principal: text ?? "arn:aws:sts::111122223333:assumed-role/MusterSpoke/i-1",
                accounts: [
                    ServedAccount(accountId: label("111122223333"), regions: [label("us-east-1"), label("us-west-2")])
                ],
                state: state,
                lastSeenAt: instant("2026-11-23T07:46:1\(number).000Z")
            )
        }
    }

    static func quotas() -> [QuotaUse] {
        ["us-east-1", "us-west-2"].enumerated().map { index, region in
            QuotaUse(
                accountId: label("111122223333"),
                region: label(region),
                concurrentJobs: .init(used: 2 + 17 * index, limit: 20),
                serversInJobs: .init(used: 120, limit: 500),
                replicatingServers: .init(used: 290, limit: 300),
                totalServers: .init(used: 310, limit: 4000),
                serversPerJob: 100,
                syncedAt: now
            )
        }
    }

    static func plans(_ text: String? = nil) -> [RecoveryPlanView] {
        let states: [Readiness.State] = [.verified, .needsCheck, .notReady]
        return states.enumerated().map { index, state in
            RecoveryPlanView(
                planId: id(index + 1),
                planName: text ?? ["Payments", "Orders and invoices", "Identity"][index],
                description: text ?? "Everything that takes money.",
                ordering: index == 1 ? .dependencies : .sequential,
                recoveryTimeObjectiveMinutes: 27,
                recoveryPointObjectiveSeconds: 300,
                owner: text ?? "payments@example.com",
                application: text ?? "payments",
                waves: [
                    planWave(0, text ?? "Databases"), planWave(1, text ?? "Middleware"),
                    planWave(2, text ?? "Web tier"),
                ],
                totalWaves: 3,
                totalServers: 45,
                readiness: PlanReadiness(
                    state: state,
                    reasons: state == .verified
                        ? []
                        : [
                            .init(
                                code: text ?? "REPLICATION_STALLED",
                                text: text ?? "2 servers: Replication is STALLED."
                            )
                        ]
                ),
                hasServerConflict: index == 0,
                conflictInfo: index == 0
                    ? .init(
                        conflictingExecutionId: text ?? "\(id(7) as Execution.ID)",
                        conflictingStatus: "RUNNING",
                        conflictingServers: [server(1)]
                    )
                    : nil,
                latestExecution: index == 0
                    ? .init(
                        executionId: id(7),
                        status: .running,
                        executionType: .drill,
                        startedAt: instant("2026-11-23T07:31:55.000Z"),
                        endedAt: nil
                    )
                    : nil,
                lastDrillAt: index == 2 ? nil : instant("2026-09-01T10:00:00.000Z"),
                drillDue: index == 2,
                createdDate: instant("2026-01-05T10:00:00.000Z"),
                lastModifiedDate: instant("2026-11-01T10:00:00.000Z"),
                createdBy: text ?? "ana@example.com",
                revision: 14
            )
        }
    }

    static func planWave(_ number: Int, _ name: String) -> WaveView {
        WaveView(
            waveNumber: number,
            name: name,
            description: "",
            protectionGroupIds: [id(20 + number)],
            serverIds: number == 1 ? [server(3)] : [],
            dependsOnWaves: number == 0 ? [] : [number - 1],
            pauseBeforeWave: number == 1,
            timeoutMinutes: 60,
            onFailure: number == 2 ? .continue : .stop,
            approvals: number == 2 ? .init(count: 2, groups: ["dba-oncall"], excludeStarter: true) : nil,
            servers: []
        )
    }
}

extension Sample {
    static func standing(_ text: String? = nil, plans: [RecoveryPlanView]? = nil) -> DashboardView {
        let plans = plans ?? Self.plans(text)
        func count(_ state: Readiness.State) -> Int { plans.count { $0.readiness.state == state } }
        return DashboardView(
            plans: DashboardView.Plans(
                verified: count(.verified),
                needsCheck: count(.needsCheck),
                notReady: count(.notReady),
                drillDue: plans.count(where: \.drillDue)
            ),
            notReadyPlans: plans.filter { $0.readiness.state == .notReady }.map {
                DashboardView.PlanSummary(planId: $0.planId, planName: $0.planName, readiness: $0.readiness)
            },
            executions: DashboardView.Executions(active: 1, waitingForPerson: 1),
            spokes: DashboardView.Spokes(connected: 1, draining: 0, lost: 1)
        )
    }
}

extension Sample {
    static func access(_ text: String? = nil) -> AccountValidation {
        AccountValidation(
            accountId: label("111122223333"),
            results: [
                .init(
                    region: label("us-west-2"),
                    spokeId: "1",
                    checks: [
                        AccessCheck(action: "sts:AssumeRole", result: .allowed),
                        AccessCheck(action: text ?? "AssumeRoleWithoutExternalId", result: .denied),
                        AccessCheck(action: text ?? "drs:StartRecovery", result: .denied, detail: text ?? "Denied"),
                    ],
                    error: nil
                ),
                .init(region: label("eu-west-1"), spokeId: nil, checks: [], error: text ?? "No spoke is connected."),
            ]
        )
    }
}
