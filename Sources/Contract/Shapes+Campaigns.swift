internal import JSON
internal import Recovery

/// The shape of a campaign, and what drills that begin by themselves have in common.
extension Shapes {
    static let cleanUpAfterHours = Shape.Field.optional(
        "cleanUpAfterHours",
        .whole(Limits.cleanUpHours),
        "So long after its start a drill's instances are terminated by themselves; null: a person does it.",
        nullable: true
    )

    static let campaign = Shape.object(
        name: "Campaign",
        [
            .required("campaignName", name),
            .optional("reason", longText, "Each drill has it as its reason.", default: "", nullable: true),
            .required(
                "planIds",
                .array(of: identifier, count: Limits.plansPerCampaign, unique: true),
                "In the order in which their drills begin."
            ),
            .optional(
                "maxConcurrent",
                .whole(Limits.drillsAtOnce),
                "Drills at once.",
                default: .integer(Int64(Limits.defaultDrillsAtOnce)),
                nullable: true
            ),
            .optional(
                "maxConcurrentPerAccount",
                .whole(Limits.drillsAtOnce),
                "Drills at once that touch the same account; null: no matter.",
                nullable: true
            ),
            .optional(
                "stopAfterFailures",
                .whole(1...Limits.plansPerCampaign.upperBound),
                "Nothing more begins once so many drills were not completed; null: it goes through all.",
                nullable: true
            ),
            .optional(
                "patienceMinutes",
                .whole(Limits.patienceMinutes),
                "So long a plan whose servers are in use is waited for.",
                default: .integer(Int64(Limits.defaultPatienceMinutes)),
                nullable: true
            ),
            cleanUpAfterHours,
        ]
    )
}
