internal import JSON
internal import Recovery
internal import Reporting

/// The shapes of what people add to reports.
extension Shapes {
    /// Days that a proof may be old: ten years at most.
    static let proofDays = Shape.whole(1...3650)
    static let reportVersion = Shape.whole(1...Int(Int32.max))
    /// A text that says something.
    private static let saying = Shape.text(minimum: 1, maximum: Limits.textLength.upperBound, isMultiline: true)

    static let newReport = Shape.object([.required("why", saying, "Why there is another version.")])

    static let reportEntry = Shape.object(
        name: "NewReportEntry",
        [
            .required("kind", .choice(ReportEntry.Kind.self), "Where in the report it stands."),
            .required("text", saying),
            .optional("name", name, "Whom or what it is about.", nullable: true),
            .optional("role", name, "What they are in the drill.", nullable: true),
        ]
    )

    /// A day of the calendar: one that every month has or, of the longer months, one that they have too; never February 29,
    /// which most years lack.
    static let day = Shape.text(
        minimum: 10,
        maximum: 10,
        pattern: Shape.Pattern(
            name: "a day such as 2027-01-31",
            regex: "^2[0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$"
        ) { text in
            text.wholeMatch(
                of: /2[0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)/
            ) != nil
        }
    )

    private static let finding: [Shape.Field] = [
        .required("title", name), .optional("detail", longText, nullable: true),
        .required("severity", .choice(ReportFinding.Severity.self)),
        .optional("cause", name, "The class of cause, by which repeats are found.", nullable: true),
        .optional("owner", name, "Who closes it.", nullable: true),
        .optional("dueOn", day, "Until when.", nullable: true),
        .optional("ticket", name, nullable: true),
    ]

    static let newFinding = Shape.object(
        name: "NewFinding",
        [.required("executionId", identifier, "The execution that showed it.")] + finding
    )

    static let changedFinding = Shape.object(
        name: "ChangedFinding",
        finding + [
            .optional("riskAcceptance", longText, "Who takes the risk, why, and until when.", nullable: true),
            .optional("retestExecutionId", identifier, "The run that showed it closed.", nullable: true),
            .required("state", .choice(ReportFinding.State.self)),
        ]
    )
}
