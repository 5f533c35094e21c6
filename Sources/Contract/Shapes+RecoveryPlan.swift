internal import JSON
internal import Recovery

/// The shape of a plan's body.
extension Shapes {
    static let recoveryPlan = plan("RecoveryPlan", waves: wave("Wave", groups: .list(identifier)))

    /// The same as it is written to a file, where groups stand by name.
    static let recoveryPlanFile = plan(
        "ImportedRecoveryPlan",
        waves: wave("ImportedWave", groups: .list(name), "Their names, or their identifiers.")
    )

    private static func plan(_ called: String, waves: Shape) -> Shape {
        .object(
            name: called,
            [
                .required("planName", name),
                .optional("description", longText, default: "", nullable: true),
                .optional("ordering", .choice(RecoveryPlan.Ordering.self), default: "SEQUENTIAL"),
                .optional("recoveryTimeObjectiveMinutes", .whole(Limits.objectiveMinutes), nullable: true),
                .optional("recoveryPointObjectiveSeconds", .whole(Limits.objectiveSeconds), nullable: true),
                .optional("owner", name, nullable: true),
                .optional("application", name, nullable: true),
                .required("waves", .array(of: waves, count: 1...Int.max)),
            ]
        )
    }

    private static func wave(_ called: String, groups: Shape, _ meaning: String = "") -> Shape {
        .object(
            name: called,
            [
                .required("waveNumber", waveNumber, "From 0 without gaps."),
                .optional("name", name),
                .optional("description", longText, default: "", nullable: true),
                .required("protectionGroupIds", groups, meaning),
                .optional(
                    "serverIds",
                    .list(serverId),
                    "Empty: every server of the groups.",
                    default: [],
                    nullable: true
                ),
                .optional("dependsOnWaves", .list(waveNumber), default: [], nullable: true),
                .optional("pauseBeforeWave", flag, default: false),
                .optional("timeoutMinutes", .whole(Limits.timeoutMinutes), default: 60),
                .optional("onFailure", .choice(Wave.FailurePolicy.self), default: "STOP"),
                .optional("approvals", approvals, nullable: true),
                .optional("servers", .list(serverChoice), default: [], nullable: true),
            ]
        )
    }

    private static let approvals = Shape.object(
        name: "Approvals",
        [
            .optional("count", .whole(Limits.approvalsPerWave), default: 1),
            .optional("groups", .list(name), default: [], nullable: true),
            .optional("excludeStarter", flag, default: true),
        ]
    )

    private static let serverChoice = Shape.object(
        name: "ServerChoice",
        [
            .required("serverId", serverId),
            .optional("impact", .choice(Wave.Impact.self), default: "CRITICAL"),
            .optional("recoverySnapshotId", snapshotId, "The latest data unless given.", nullable: true),
        ]
    )
}
