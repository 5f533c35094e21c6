internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store
internal import TestKit

extension Examined {
    private static let execution = Execution.begin(
        .sample(),
        id: .sample(1),
        type: .drill,
        reason: nil,
        by: "ada",
        at: .sample
    ).execution

    private static let entry = ReportEntry(
        entryId: .sample(2),
        executionId: .sample(1),
        kind: .scenario,
        text: "a Region is gone",
        by: "ada",
        at: .sample
    )

    private static let finding = ReportFinding(
        findingId: .sample(3),
        executionId: .sample(1),
        planName: "",
        title: "a gap",
        severity: .high,
        dueOn: "2027-01-31",
        createdBy: "ada",
        createdAt: .sample,
        changedBy: "ada",
        changedAt: .sample
    )

    private static let filter = ReportFindingStatements.Filter(
        executionId: .sample(1),
        state: .open,
        severity: .high,
        dueBefore: .sample,
        scope: [Place.sample().accountId]
    )

    private static let asked = CoverageStatements.Filter(
        accountId: Place.sample().accountId,
        region: Place.sample().region,
        application: "Shop",
        owner: "ops",
        scope: [Place.sample().accountId]
    )

    static let reports: [Examined] = [
        Examined("baseline take", BaselineStatements.take(execution, at: .sample)),
        Examined("baseline", BaselineStatements.find(.sample(1))),
        Examined("baseline earlier", BaselineStatements.earlier(than: execution, limit: 5)),
        Examined("baseline plan", BaselineStatements.plan(of: .sample(1))),
        Examined("baseline labels", BaselineStatements.labels(of: .sample())),
        Examined("report lock", ReportStatements.lock(.sample(1))),
        Examined("report standing", ReportStatements.standing(of: .sample(1), "ENDED")),
        Examined("report versions", ReportStatements.versions(of: .sample(1), before: 3, limit: 1)),
        Examined("report document", ReportStatements.document(of: .sample(1), version: 1)),
        Examined("report newest", ReportStatements.document(of: .sample(1), version: nil)),
        Examined("report print", ReportStatements.pdf(of: .sample(1))),
        Examined("report keep", ReportStatements.keep([1], of: .sample(1), at: .sample)),
        Examined("report unprinted", ReportStatements.unprinted(after: .sample, limit: 1)),
        Examined("report due", ReportStatements.due(endedAfter: .sample, limit: 1)),
        Examined("entries", ReportEntryStatements.list(of: .sample(1), after: (.sample, .sample(1)), limit: 1)),
        Examined("entry", ReportEntryStatements.find(.sample(2), of: .sample(1))),
        Examined("entry insert", ReportEntryStatements.insert(entry)),
        Examined("entry withdraw", ReportEntryStatements.withdraw(.sample(2), by: "ada", at: .sample)),
        Examined("findings", ReportFindingStatements.list(filter, before: .sample(9), limit: 1), scans: true),
        Examined("finding", ReportFindingStatements.find(.sample(3), within: nil), scans: true),
        Examined("finding insert", ReportFindingStatements.insert(finding)),
        Examined("coverage accounts", CoverageStatements.accounts(asked, provenSince: .sample), scans: true),
        Examined("coverage plans", CoverageStatements.plans(asked), scans: true),
        Examined("coverage quarters", CoverageStatements.quarters(asked, since: .sample), scans: true),
        Examined("coverage findings", CoverageStatements.findings(asked, at: .sample), scans: true),
        Examined("coverage causes", CoverageStatements.causes(asked, limit: 1), scans: true),
        Examined("finding accounts", ReportFindingStatements.accounts(of: .sample(1))),
    ]
}
