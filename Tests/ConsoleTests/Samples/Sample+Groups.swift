import Ambient
import Console
import Contract
import JSON
import Recovery

extension Sample {
    static func sourceServers(_ text: String? = nil) -> [SourceServerView] {
        let states = ["CONTINUOUS", "INITIAL_SYNC", "STALLED", "BACKLOG", "CONTINUOUS", "SOMETHING_NEW"]
        return states.enumerated().map { index, state in
            SourceServerView(
                sourceServerId: server(index),
                accountId: label("111122223333"),
                region: label("us-west-2"),
                hostname: text ?? "db-0\(index).corp.example",
                tags: [text ?? "tier": text ?? "database", "environment": "production"],
                replicationState: text ?? state,
                lagSeconds: index == 3 ? 5400 : index == 1 ? nil : 0,
                assignment: index < 3 ? .assigned : .available,
                groupId: index < 3 ? id(20) : nil,
                groupName: index < 3 ? text ?? "Databases" : nil,
                readiness: state == "CONTINUOUS"
                    ? Readiness(state: .ready)
                    : Readiness(
                        state: state == "STALLED" ? .needsCheck : .notReady,
                        reasons: [.init(code: text ?? state, text: text ?? "Replication is \(state).")]
                    ),
                lastLaunch: index == 0
                    ? .init(type: text ?? "DRILL", at: instant("2026-11-01T10:00:00.000Z"), status: "LAUNCHED") : nil,
                recoveryInstanceId: index == 0 ? text ?? "i-0abc00000000000" : nil,
                syncedAt: instant("2026-11-23T07:46:01.000Z")
            )
        }
    }

    static func group(_ text: String? = nil, byTags: Bool = false) -> ProtectionGroupView {
        ProtectionGroupView(
            groupId: id(20),
            groupName: text ?? "Databases",
            description: text ?? "Primary databases of payments.",
            accountId: label("111122223333"),
            region: label("us-west-2"),
            sourceServerIds: (0..<3).map { server($0) },
            serverSelectionTags: byTags ? [text ?? "tier": text ?? "database"] : [:],
            serverCount: 3,
            servers: Array(sourceServers(text).prefix(3)),
            conflicts: byTags
                ? [ServerHolder(serverId: server(4), groupId: id(21), groupName: text ?? "Middleware")] : [],
            usedByPlans: [PlanReference(planId: id(1), planName: text ?? "Payments")],
            createdDate: instant("2026-01-05T10:00:00.000Z"),
            lastModifiedDate: instant("2026-11-01T10:00:00.000Z"),
            createdBy: text ?? "ana@example.com",
            revision: 3
        )
    }

    static func accounts(_ text: String? = nil) -> [AccountView] {
        [
            AccountView(
                accountId: label("111122223333"),
                accountName: text ?? "Payments production",
                regions: [label("us-east-1"), label("us-west-2")],
                spokePrincipals: [text ?? "arn:aws:iam::111122223333:role/MusterSpoke"],
                owner: text ?? "payments@example.com",
                tags: [:],
                externalId: text ?? "7c1f0d6a51b34b0e9e8a6c1f0d6a51b3",
                revision: 2
            ),
            AccountView(
                accountId: label("444455556666"),
                accountName: text ?? "Orders production",
                regions: [label("eu-west-1")],
                spokePrincipals: [],
                owner: nil,
                tags: [:],
                externalId: nil,
                revision: 1
            ),
        ]
    }

    static func regions() -> [RegionView] {
        ["us-east-1", "us-west-2"].enumerated().map { index, region in
            RegionView(
                region: label(region),
                accounts: [
                    .init(
                        accountId: label("111122223333"),
                        initialized: index == 0 ? true : nil,
                        syncedAt: index == 0 ? now : nil
                    )
                ]
            )
        }
    }

    static func validation(_ text: String? = nil, blocking: Bool = false) -> PlanValidation {
        PlanValidation(
            planId: id(1),
            startable: !blocking,
            readiness: PlanReadiness(state: .needsCheck),
            problems: [
                .init(
                    code: text ?? "REPLICATION_STALLED",
                    detail: text ?? "2 servers: Replication is STALLED.",
                    blocking: false,
                    waveNumber: 1,
                    serverIds: [server(1)]
                )
            ]
                + (blocking
                    ? [
                        .init(
                            code: "SERVER_CONFLICT",
                            detail: text ?? "One server is used by another run.",
                            blocking: true,
                            waveNumber: nil,
                            serverIds: (0..<8).map { server($0) }
                        )
                    ] : [])
        )
    }

    static func user(_ text: String? = nil) -> CurrentUser {
        CurrentUser(
            subject: text ?? "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
            principal: text ?? "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed@https://idp.example",
            name: text ?? "ana@example.com",
            kind: .person,
            groups: [text ?? "DRSOrchestrationAdmin"],
            roles: [.admin],
            permissions: Permission.allCases,
            scope: .init(allAccounts: false, accountIds: [label("111122223333")]),
            grants: [.init(role: .admin, scope: .init(allAccounts: false, accountIds: [label("111122223333")]))]
        )
    }
}
