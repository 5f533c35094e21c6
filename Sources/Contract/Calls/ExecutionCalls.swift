package import Ambient
package import JSON
package import Recovery

extension Contract {
    static let executions: [CallDescription] = [
        CallDescription(StartExecution.self), CallDescription(ListExecutions.self),
        CallDescription(GetExecution.self), CallDescription(HideExecutions.self),
    ]
}

/// Starts a drill or a real recovery of a plan.
package struct StartExecution: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post("/executions", of: .executions, answering: .accepted)
    package static let permission: Permission? = .executeRecovery
    package static let summary = "Start an execution"
    package static let details = """
        409 SERVER_CONFLICT, with every conflict, while something else uses servers of the plan. cancelDrills (RECOVERY \
        only) cancels conflicting drills that have no job running.
        """
    package static let bodyShape: Shape? = Shapes.startExecution

    package static func location(of answer: ExecutionView) -> String? {
        "\(Route.base)/executions/\(answer.executionId)"
    }

    package var body: Body

    /// What to start, and why.
    package struct Body: Codable, Sendable, Hashable {
        package var planId: RecoveryPlan.ID
        package var executionType: ExecutionType
        package var reason: String?
        /// When the disaster was declared: the recovery time counts from here.
        package var declaredAt: Instant?
        package var cancelDrills: Bool?
        package var cleanUpAfterHours: Int?

        package init(
            planId: RecoveryPlan.ID,
            executionType: ExecutionType,
            reason: String? = nil,
            declaredAt: Instant? = nil,
            cancelDrills: Bool? = nil,
            cleanUpAfterHours: Int? = nil
        ) {
            self.planId = planId
            self.executionType = executionType
            self.reason = reason
            self.declaredAt = declaredAt
            self.cancelDrills = cancelDrills
            self.cleanUpAfterHours = cleanUpAfterHours
        }
    }

    package init(
        body: Body
    ) {
        self.body = body
    }
}

/// Lists executions, newest first; their waves are shown by each execution itself.
package struct ListExecutions: Call {
    package typealias Answer = Page<ExecutionView>
    package static let route = Route.get("/executions", of: .executions)
    package static let permission: Permission? = .viewResources
    package static let summary = "List executions"
    package static let parameters: [Parameter] =
        [
            .query("status", .choice(ExecutionStatus.self), "Only executions in this status."),
            .query("planId", Shapes.identifier, "Only executions of this plan."),
            .query("executionType", .choice(ExecutionType.self), "Only drills, or only recoveries."),
            .query("accountId", Shapes.accountId, "Only executions with servers of this account."),
            .query("active", Shapes.flag, "true: only those that have not ended; false: only ended ones.", as: .flag),
            .query("from", Shapes.time, "Only executions that started at or after this time."),
            .query("to", Shapes.time, "Only executions that started before this time."),
            .query("sort", .choice(["-startedAt", "startedAt"]), "The order; newest first unless said."),
        ] + Parameter.paging

    package var status: ExecutionStatus?
    package var planId: RecoveryPlan.ID?
    package var executionType: ExecutionType?
    package var accountId: AccountNumber?
    package var active: Bool?
    package var from: Instant?
    package var to: Instant?
    package var sort: String?
    package var limit: Int?
    package var nextToken: String?

    package init(
        status: ExecutionStatus? = nil,
        planId: RecoveryPlan.ID? = nil,
        executionType: ExecutionType? = nil,
        accountId: AccountNumber? = nil,
        active: Bool? = nil,
        from: Instant? = nil,
        to: Instant? = nil,
        sort: String? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.status = status
        self.planId = planId
        self.executionType = executionType
        self.accountId = accountId
        self.active = active
        self.from = from
        self.to = to
        self.sort = sort
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Shows one execution with its waves, servers and jobs.
package struct GetExecution: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.get("/executions/{executionId}", of: .executions)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show an execution"
    package static let parameters = [Parameter.execution]

    package var executionId: Execution.ID

    package init(
        executionId: Execution.ID
    ) {
        self.executionId = executionId
    }
}

/// Hides ended executions from lists; journal, audit and reports stay.
package struct HideExecutions: Call {
    package typealias Answer = HiddenExecutions
    package static let route = Route.delete("/executions", of: .executions, answering: .ok)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Hide ended executions"
    package static let details = "Lists omit them and GET is 404 from then on. Journal, audit and final reports stay."
    package static let parameters: [Parameter] = [
        .query("olderThan", Shapes.time, "Only those that ended before this time; now unless said.")
    ]

    package var olderThan: Instant?

    package init(
        olderThan: Instant? = nil
    ) {
        self.olderThan = olderThan
    }
}
