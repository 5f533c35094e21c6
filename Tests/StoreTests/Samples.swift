internal import Ambient
package import PostgreSQL
package import Recovery
internal import Store
internal import TestKit

extension Account {
    /// An account of its own for each number.
    package static func sample(_ number: Int = 0) -> Account {
        Account(
            accountId: Place.sample(number).accountId,
            accountName: "Account \(number)",
            regions: [Place.sample(number).region],
            spokePrincipals: ["arn:aws:iam::\(Place.sample(number).accountId):role/Spoke"],
            owner: nil,
            tags: [:],
            externalId: "secret",
            revision: 1
        )
    }
}

extension ProtectionGroup {
    /// A group of listed servers, unless it is given tags.
    package static func sample(
        _ number: Int,
        servers: [Int] = [],
        tags: [String: String] = [:],
        in place: Place = .sample()
    ) -> ProtectionGroup {
        ProtectionGroup(
            groupId: .sample(number),
            groupName: "Group \(number)",
            description: "",
            place: place,
            sourceServerIds: servers.map { .sample($0) },
            serverSelectionTags: tags,
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        )
    }
}

extension RecoveryPlan {
    /// A plan with a wave for each group.
    package static func sample(_ number: Int, groups: [Int] = [1]) -> RecoveryPlan {
        RecoveryPlan(
            planId: .sample(number),
            planName: "Plan \(number)",
            description: "",
            ordering: .sequential,
            recoveryTimeObjectiveMinutes: 60,
            recoveryPointObjectiveSeconds: nil,
            owner: nil,
            application: nil,
            waves: groups.enumerated().map {
                Wave(waveNumber: $0, name: "Wave \($0)", protectionGroupIds: [.sample($1)])
            },
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        )
    }
}

extension Pool {
    /// Starts an execution of a plan that claims servers, as far as the database sees it.
    package func begin(_ execution: Int, of plan: Int, claiming servers: [Int]) async throws {
        try await execute(
            Query(
                """
                INSERT INTO execution (execution_id, plan_id, plan_name, plan_revision, execution_type, status, started_by,
                                       started_at, version, control, journal_sequence, journal_head)
                VALUES (\(Execution.ID.sample(execution)), \(RecoveryPlan.ID.sample(plan)), 'p', 1, 'DRILL', 'RUNNING', 'ada',
                        \(Instant.sample), 1, '{}', 0, '')
                """
            ) as Statement
        )
        try await execute(ClaimStatements.claim(servers.map { .sample($0) }, for: .sample(execution)))
    }
}
