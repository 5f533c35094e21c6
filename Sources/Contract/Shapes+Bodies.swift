internal import JSON
internal import Recovery

/// The shapes of request bodies.
///
/// How many servers a plan or group may have is a rule of the domain, not of one field: beyond it is 422.
extension Shapes {
    static func account(numberIsRequired: Bool) -> Shape {
        .object(
            name: numberIsRequired ? "NewAccount" : "ChangedAccount",
            [
                numberIsRequired
                    ? .required("accountId", accountId)
                    : .optional("accountId", accountId, "If given, the same as in the path."),
                .required("accountName", name),
                .required("regions", .list(region)),
                .required(
                    "spokePrincipals",
                    .list(principal),
                    "The role ARNs whose holders may serve the account as spokes."
                ),
                .optional("owner", name, nullable: true),
                .optional("tags", tags, default: [:], nullable: true),
            ]
        )
    }

    /// The ARN of an IAM role, in any partition.
    static let principal = Shape.text(
        maximum: 2048,
        pattern: Shape.Pattern(
            name: "the ARN of an IAM role",
            regex: "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$"
        ) { text in
            text.wholeMatch(of: /arn:aws[a-z\-]*:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_\/\-]+/) != nil
        }
    )

    static let roleBinding = Shape.object(
        name: "RoleBinding",
        [
            .required("kind", .choice(RoleBinding.Kind.self)),
            .required("name", .line(Limits.bindingNameLength), "The group, the principal or the scope."),
            .required("role", .choice(Role.self)),
            .optional(
                "accountIds",
                .array(of: accountId, count: Limits.accountsPerBinding),
                "Null or left out: all accounts.",
                nullable: true
            ),
            .optional("description", longText, default: "", nullable: true),
        ]
    )

    static let protectionGroup = Shape.object(
        name: "ProtectionGroup",
        [
            .required("groupName", name),
            .optional("description", longText, default: "", nullable: true),
            .required("accountId", accountId),
            .required("region", region),
            .optional("sourceServerIds", .list(serverId), "The members; or tags.", nullable: true),
            .optional("serverSelectionTags", tags, "All must match; or listed servers.", nullable: true),
        ]
    )

    static let selection = Shape.object([
        .required("accountId", accountId), .required("region", region), .required("serverSelectionTags", tags),
    ])

    static let place = Shape.object([
        .optional("accountId", accountId, nullable: true), .optional("region", region, nullable: true),
    ])

    static let startExecution = Shape.object([
        .required("planId", identifier),
        .required("executionType", .choice(ExecutionType.self)),
        .optional("reason", longText, nullable: true),
        .optional("declaredAt", time, "When the disaster was declared.", nullable: true),
        .optional("cancelDrills", flag, "RECOVERY only.", default: false, nullable: true),
        .optional(
            "cleanUpAfterHours",
            .whole(Limits.cleanUpHours),
            "DRILL only: so long after its start its instances are terminated by themselves.",
            nullable: true
        ),
    ])

    static let schedule = Shape.object(
        name: "Schedule",
        [
            .required("scheduleName", name),
            .required("planId", identifier),
            .optional("description", longText, "Why; each drill has it as its reason.", default: "", nullable: true),
            .required(
                "cron",
                .line(Limits.cronLength),
                "minute hour day-of-month month day-of-week; L is a month's last day, SAT#1 its first Saturday."
            ),
            .optional("timeZone", .line(Limits.timeZoneLength), "An IANA name.", default: "UTC", nullable: true),
            .optional("isEnabled", flag, default: true, nullable: true),
            .optional(
                "blackouts",
                .array(
                    of: .object([
                        .required("from", time), .required("until", time),
                        .required("reason", .line(Limits.nameLength)),
                    ]),
                    count: Limits.blackoutsPerSchedule
                ),
                "Times in which nothing begins.",
                nullable: true
            ),
            .optional("whenBusy", .choice(Schedule.WhenBusy.self), default: "WAIT", nullable: true),
            .optional("whenMissed", .choice(Schedule.WhenMissed.self), default: "START", nullable: true),
            .optional(
                "patienceMinutes",
                .whole(Limits.patienceMinutes),
                "So late a drill may begin: for servers that are busy, or after an outage.",
                default: .integer(Int64(Limits.defaultPatienceMinutes)),
                nullable: true
            ),
            cleanUpAfterHours,
            .optional(
                "noticeMinutes",
                .whole(Limits.noticeMinutes),
                "So long before a drill people are told of it (SCHEDULE_COMING); 0: they are not.",
                default: .integer(Int64(Limits.defaultNoticeMinutes)),
                nullable: true
            ),
        ]
    )

    static let pause = Shape.object([.optional("mode", .choice(Execution.PauseMode.self), default: "NEXT_WAVE")])
    /// A text that says something.
    private static let saying = Shape.text(minimum: 1, maximum: Limits.textLength.upperBound, isMultiline: true)
    static let skip = Shape.object([.required("reason", saying, "Why; the journal and the verdict say it.")])
    static let note = Shape.object([.required("text", saying)])
    static let recoveryPoint = Shape.object([
        .required("recoverySnapshotId", .nullable(snapshotId), "Null: the server's latest data."),
        .required("reason", saying, "Why; the journal says it."),
    ])
    static let wallLink = Shape.object([
        .optional(
            "hours",
            .whole(Limits.wallLinkHours),
            "How long it is good; \(Limits.defaultWallLinkHours) unless said."
        ),
        .optional("label", name, "Where it hangs.", nullable: true),
    ])
    static let comment = Shape.object([.optional("comment", longText, nullable: true)])
    static let terminate = Shape.object([
        .optional("confirm", longText, "The plan's name; required for a recovery.", nullable: true)
    ])
    static let resume = Shape.object([
        .optional("waveNumber", waveNumber, "Which wave, where several wait.", nullable: true),
        .optional("comment", longText, nullable: true),
    ])
}
