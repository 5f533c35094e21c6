import Console
import Contract
import Recovery

extension Sample {
    static func versions(_ text: String? = nil) -> [RecoveryPlanVersionSummary] {
        [14, 13, 1].map {
            RecoveryPlanVersionSummary(
                revision: $0,
                savedAt: now,
                savedBy: text ?? "ana@example.com",
                planName: text ?? "Payments",
                totalWaves: 3
            )
        }
    }

    /// Revision 14 differs from every other in one setting and in each way that a wave can.
    static func version(_ revision: Int, _ text: String? = nil, waves: [WaveView]? = nil) -> RecoveryPlanVersionView {
        let isNew = revision == 14
        let (same, web) = (planWave(0, text ?? "Databases"), planWave(2, text.map { "\($0) web" } ?? "Web tier"))
        var changed = planWave(1, text.map { "\($0) middle" } ?? "Middleware")
        if isNew {
            changed.protectionGroupIds = [id(20), id(23)]
            changed.serverIds = (0..<30).map { server($0) }
            changed.timeoutMinutes = 45
            changed.outsideScope = OutsideScope(servers: 2, groups: 1)
        }
        return RecoveryPlanVersionView(
            planId: id(1),
            revision: revision,
            savedAt: now,
            savedBy: text ?? "ana@example.com",
            planName: text ?? "Payments",
            description: text ?? "Everything that takes money.",
            ordering: isNew ? .dependencies : .sequential,
            recoveryTimeObjectiveMinutes: isNew ? 27 : nil,
            recoveryPointObjectiveSeconds: 300,
            owner: isNew ? text : "payments@example.com",
            application: text ?? "payments",
            waves: waves ?? (isNew ? [same, changed, planWave(3, text ?? "Reports")] : [same, changed, web]),
            groups: [20, 21, 22].map { .init(groupId: id($0), groupName: text ?? "Group \($0)") }
        )
    }
}
