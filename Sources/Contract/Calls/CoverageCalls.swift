internal import JSON
package import Recovery
package import Reporting

extension Contract {
    static let coverage: [CallDescription] = [CallDescription(GetCoverage.self)]
}

/// Shows what of the enterprise is proven recoverable, when last, and what is overdue.
package struct GetCoverage: Call {
    package typealias Answer = Coverage
    package static let route = Route.get("/reports/coverage", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show what is proven recoverable"
    package static let details = """
        Of the accounts in the caller's scope; of plans those with groups in it. A plan is proven by a run that ended as \
        PASS or PASS_WITH_DEVIATIONS, a server by a run that launched it. As CSV it has one row a plan; HTML and PDF say \
        all of it; 503 PDF_UNAVAILABLE where WeasyPrint is not installed.
        """
    package static let parameters: [Parameter] = [
        .query("accountId", Shapes.accountId, "Only this account, and plans with groups in it."),
        .query("region", Shapes.region, "Only this Region, and plans with groups in it."),
        .query("application", Shapes.name, "Only plans of this application."),
        .query("owner", Shapes.name, "Only plans of this owner."),
        .query("days", Shapes.proofDays, "How old a proof may be; 90 unless said.", as: .integer),
        .query("format", .choice(ReportFormat.self), "The form; without it Accept decides."),
    ]
    package static let otherTypes = ["text/html", "application/pdf", "text/csv"]

    /// A quarter, as `RecoveryPlan.drillInterval`.
    package static let usualDays = 90

    package var accountId: AccountNumber?
    package var region: Region?
    package var application: String?
    package var owner: String?
    package var days: Int?
    package var format: ReportFormat?

    package init(
        accountId: AccountNumber? = nil,
        region: Region? = nil,
        application: String? = nil,
        owner: String? = nil,
        days: Int? = nil,
        format: ReportFormat? = nil
    ) {
        self.accountId = accountId
        self.region = region
        self.application = application
        self.owner = owner
        self.days = days
        self.format = format
    }

    package var preferredType: String? { format?.mediaType }

    /// What it is narrowed to, in words.
    package var narrowing: [(name: String, value: String)] {
        let all: [(name: String, value: String?)] = [
            ("Account", accountId?.rawValue), ("Region", region?.rawValue), ("Application", application),
            ("Owner", owner),
        ]
        return all.compactMap { pair in pair.value.map { (pair.name, $0) } }
    }
}
