package import JSON
package import Recovery
package import Reporting

extension Contract {
    static let findings: [CallDescription] = [
        CallDescription(ListFindings.self), CallDescription(CreateFinding.self), CallDescription(GetFinding.self),
        CallDescription(UpdateFinding.self),
    ]
}

/// Lists findings of drills, the newest first.
package struct ListFindings: Call {
    package typealias Answer = Page<ReportFinding>
    package static let route = Route.get("/findings", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "List findings"
    package static let parameters: [Parameter] =
        [
            .query("executionId", Shapes.identifier, "Only findings of this execution."),
            .query("state", .choice(ReportFinding.State.self), "Only findings in this state."),
            .query("severity", .choice(ReportFinding.Severity.self), "Only findings so severe."),
            .query("overdue", Shapes.flag, "true: only open ones whose day has passed.", as: .flag),
        ] + Parameter.paging

    package var executionId: Execution.ID?
    package var state: ReportFinding.State?
    package var severity: ReportFinding.Severity?
    package var overdue: Bool?
    package var limit: Int?
    package var nextToken: String?

    package init(
        executionId: Execution.ID? = nil,
        state: ReportFinding.State? = nil,
        severity: ReportFinding.Severity? = nil,
        overdue: Bool? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.executionId = executionId
        self.state = state
        self.severity = severity
        self.overdue = overdue
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Records a gap that an execution showed.
package struct CreateFinding: Call {
    package typealias Answer = ReportFinding
    package static let route = Route.post("/findings", of: .reports, answering: .created)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Record a finding"
    package static let bodyShape: Shape? = Shapes.newFinding

    package static func location(of answer: ReportFinding) -> String? {
        "\(Route.base)/findings/\(answer.findingId)"
    }

    package var body: Body

    package struct Body: Codable, Sendable, Hashable {
        package var executionId: Execution.ID
        package var title: String
        package var detail: String?
        package var severity: ReportFinding.Severity
        package var cause: String?
        package var owner: String?
        package var dueOn: String?
        package var ticket: String?

        package init(
            executionId: Execution.ID,
            title: String,
            detail: String? = nil,
            severity: ReportFinding.Severity,
            cause: String? = nil,
            owner: String? = nil,
            dueOn: String? = nil,
            ticket: String? = nil
        ) {
            self.executionId = executionId
            self.title = title
            self.detail = detail
            self.severity = severity
            self.cause = cause
            self.owner = owner
            self.dueOn = dueOn
            self.ticket = ticket
        }
    }

    package init(body: Body) {
        self.body = body
    }
}

/// Shows one finding.
package struct GetFinding: Call {
    package typealias Answer = ReportFinding
    package static let route = Route.get("/findings/{findingId}", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a finding"
    package static let parameters = [Parameter.finding]

    package var findingId: ReportFinding.ID

    package init(findingId: ReportFinding.ID) {
        self.findingId = findingId
    }
}

/// Replaces what is said of a finding; how it stood before stays on record.
package struct UpdateFinding: Call {
    package typealias Answer = ReportFinding
    package static let route = Route.put("/findings/{findingId}", of: .reports)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Change a finding"
    package static let details = """
        CLOSED needs a retest, an execution that ended after it was found; ACCEPTED needs riskAcceptance: who takes the \
        risk, why, and until when (422 RULE_BROKEN).
        """
    package static let parameters = [Parameter.finding]
    package static let bodyShape: Shape? = Shapes.changedFinding

    package var findingId: ReportFinding.ID
    package var body: Body

    package struct Body: Codable, Sendable, Hashable {
        package var title: String
        package var detail: String?
        package var severity: ReportFinding.Severity
        package var cause: String?
        package var owner: String?
        package var dueOn: String?
        package var ticket: String?
        package var riskAcceptance: String?
        package var retestExecutionId: Execution.ID?
        package var state: ReportFinding.State

        package init(
            title: String,
            detail: String? = nil,
            severity: ReportFinding.Severity,
            cause: String? = nil,
            owner: String? = nil,
            dueOn: String? = nil,
            ticket: String? = nil,
            riskAcceptance: String? = nil,
            retestExecutionId: Execution.ID? = nil,
            state: ReportFinding.State
        ) {
            self.title = title
            self.detail = detail
            self.severity = severity
            self.cause = cause
            self.owner = owner
            self.dueOn = dueOn
            self.ticket = ticket
            self.riskAcceptance = riskAcceptance
            self.retestExecutionId = retestExecutionId
            self.state = state
        }
    }

    package init(findingId: ReportFinding.ID, body: Body) {
        self.findingId = findingId
        self.body = body
    }
}

extension ReportFinding: Revisioned {}

extension Parameter {
    fileprivate static let finding = Parameter.path("findingId", Shapes.identifier, "The finding.")
}
