package import JSON
package import Recovery
package import Reporting

extension Contract {
    static let reports: [CallDescription] = [
        CallDescription(GetReport.self), CallDescription(ListReports.self), CallDescription(MakeReport.self),
        CallDescription(ListReportEntries.self), CallDescription(AddReportEntry.self),
        CallDescription(WithdrawReportEntry.self),
    ]
}

/// Shows the drill report of an execution.
package struct GetReport: Call {
    package typealias Answer = SealedReport
    package static let route = Route.get("/executions/{executionId}/report", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show an execution's drill report"
    package static let details = """
        The newest final version; while the execution runs, or with interim, a report as of this moment. All accounts of \
        the execution must be in the caller's scope. JSON has the evidence and the seal that muster report verify checks; \
        503 PDF_UNAVAILABLE where WeasyPrint is not installed.
        """
    package static let parameters: [Parameter] = [
        Parameter.execution,
        .query("format", .choice(ReportFormat.self), "The form; without it Accept decides."),
        .query("version", Shapes.reportVersion, "A version instead of the newest.", as: .integer),
        .query("interim", Shapes.flag, "true: as of this moment, whatever versions there are.", as: .flag),
    ]
    package static let otherTypes = ["text/html", "application/pdf", "text/csv"]

    package var executionId: Execution.ID
    package var format: ReportFormat?
    package var version: Int?
    package var interim: Bool?

    package init(
        executionId: Execution.ID,
        format: ReportFormat? = nil,
        version: Int? = nil,
        interim: Bool? = nil
    ) {
        self.executionId = executionId
        self.format = format
        self.version = version
        self.interim = interim
    }

    package var preferredType: String? { format?.mediaType }
}

/// The forms of a drill report.
package enum ReportFormat: String, Codable, Sendable, CaseIterable {
    case json, html, pdf, csv

    package var mediaType: String {
        switch self {
        case .json: "application/json"
        case .html: "text/html"
        case .pdf: "application/pdf"
        case .csv: "text/csv"
        }
    }
}

/// Lists the final versions of an execution's report, the newest first.
package struct ListReports: Call {
    package typealias Answer = Page<ReportVersionView>
    package static let route = Route.get("/executions/{executionId}/reports", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "List the versions of a drill report"
    package static let parameters = [Parameter.execution] + Parameter.paging

    package var executionId: Execution.ID
    package var limit: Int?
    package var nextToken: String?

    package init(executionId: Execution.ID, limit: Int? = nil, nextToken: String? = nil) {
        self.executionId = executionId
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Makes a new version of an ended execution's report, with what people entered since.
package struct MakeReport: Call {
    package typealias Answer = ReportVersionView
    package static let route = Route.post("/executions/{executionId}/reports", of: .reports, answering: .created)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Make a new version of a drill report"
    package static let details = """
        The first version makes itself when the execution ends, and another when its clean-up does. 409 EXECUTION_ACTIVE \
        while it runs: then a report is an interim one. Earlier versions stay as they are.
        """
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.newReport

    package static func location(of answer: ReportVersionView) -> String? {
        "\(Route.base)/executions/\(answer.executionId)/report?version=\(answer.version)"
    }

    package var executionId: Execution.ID
    package var body: Body

    package struct Body: Codable, Sendable, Hashable {
        /// Why there is another version; the version says it.
        package var why: String

        package init(why: String) {
            self.why = why
        }
    }

    package init(executionId: Execution.ID, body: Body) {
        self.executionId = executionId
        self.body = body
    }
}

/// Lists what people added to a report, the oldest first.
package struct ListReportEntries: Call {
    package typealias Answer = Page<ReportEntry>
    package static let route = Route.get("/executions/{executionId}/report-entries", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "List what people added to a drill report"
    package static let parameters = [Parameter.execution] + Parameter.paging

    package var executionId: Execution.ID
    package var limit: Int?
    package var nextToken: String?

    package init(executionId: Execution.ID, limit: Int? = nil, nextToken: String? = nil) {
        self.executionId = executionId
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Adds what only people know: objectives, scenario, participants, checks, signatures.
package struct AddReportEntry: Call {
    package typealias Answer = ReportEntry
    package static let route = Route.post("/executions/{executionId}/report-entries", of: .reports, answering: .created)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Add to a drill report"
    package static let details = """
        Before, during or after the run. It is in every report made from then on, with who entered it and when; a version \
        that was made before stays as it is.
        """
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.reportEntry

    package static func location(of answer: ReportEntry) -> String? {
        "\(Route.base)/executions/\(answer.executionId)/report-entries"
    }

    package var executionId: Execution.ID
    package var body: Body

    package struct Body: Codable, Sendable, Hashable {
        package var kind: ReportEntry.Kind
        package var text: String
        package var name: String?
        package var role: String?

        package init(kind: ReportEntry.Kind, text: String, name: String? = nil, role: String? = nil) {
            self.kind = kind
            self.text = text
            self.name = name
            self.role = role
        }
    }

    package init(executionId: Execution.ID, body: Body) {
        self.executionId = executionId
        self.body = body
    }
}

/// Takes an entry back; it stays on record as withdrawn.
package struct WithdrawReportEntry: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/executions/{executionId}/report-entries/{entryId}", of: .reports)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Withdraw an entry of a drill report"
    package static let details = "Reports made from then on show it as withdrawn; said again, it changes nothing."
    package static let parameters: [Parameter] = [
        Parameter.execution, .path("entryId", Shapes.identifier, "The entry."),
    ]

    package var executionId: Execution.ID
    package var entryId: ReportEntry.ID

    package init(executionId: Execution.ID, entryId: ReportEntry.ID) {
        self.executionId = executionId
        self.entryId = entryId
    }
}
