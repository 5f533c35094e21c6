package import JSON
package import Recovery

extension Contract {
    static let recoveryPlans: [CallDescription] = [
        CallDescription(ListRecoveryPlans.self), CallDescription(CreateRecoveryPlan.self),
        CallDescription(GetRecoveryPlan.self), CallDescription(UpdateRecoveryPlan.self),
        CallDescription(DeleteRecoveryPlan.self), CallDescription(ValidateRecoveryPlan.self),
        CallDescription(ListRecoveryPlanVersions.self), CallDescription(GetRecoveryPlanVersion.self),
        CallDescription(ExportRecoveryPlan.self), CallDescription(ImportRecoveryPlan.self),
    ]
}

/// Lists recovery plans, newest first.
package struct ListRecoveryPlans: Call {
    package typealias Answer = Page<RecoveryPlanView>
    package static let route = Route.get("/recovery-plans", of: .recoveryPlans)
    package static let permission: Permission? = .viewResources
    package static let summary = "List recovery plans"
    package static let parameters: [Parameter] =
        [
            .query("accountId", Shapes.accountId, "Only plans with servers of this account."),
            .query("groupId", Shapes.identifier, "Only plans that name this protection group."),
            .query("q", Shapes.search, "Part of the name, description, owner or application."),
            .query("readiness", .choice(["VERIFIED", "NEEDS_CHECK", "NOT_READY"]), "Only plans that stand so."),
            .query(
                "sort",
                .choice(["-createdDate", "createdDate", "planName", "-planName"]),
                "The order; newest first unless said."
            ),
        ] + Parameter.paging

    package var accountId: AccountNumber?
    package var groupId: ProtectionGroup.ID?
    package var q: String?
    package var readiness: Readiness.State?
    package var sort: String?
    package var limit: Int?
    package var nextToken: String?

    package init(
        accountId: AccountNumber? = nil,
        groupId: ProtectionGroup.ID? = nil,
        q: String? = nil,
        readiness: Readiness.State? = nil,
        sort: String? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.accountId = accountId
        self.groupId = groupId
        self.q = q
        self.readiness = readiness
        self.sort = sort
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Creates a recovery plan.
package struct CreateRecoveryPlan: Call {
    package typealias Answer = RecoveryPlanView
    package static let route = Route.post("/recovery-plans", of: .recoveryPlans, answering: .created)
    package static let permission: Permission? = .createRecoveryPlan
    package static let summary = "Create a recovery plan"
    package static let bodyShape: Shape? = Shapes.recoveryPlan

    package static func location(of answer: RecoveryPlanView) -> String? {
        "\(Route.base)/recovery-plans/\(answer.planId)"
    }

    package var body: RecoveryPlanBody

    package init(
        body: RecoveryPlanBody
    ) {
        self.body = body
    }
}

/// Shows one recovery plan.
package struct GetRecoveryPlan: Call {
    package typealias Answer = RecoveryPlanView
    package static let route = Route.get("/recovery-plans/{planId}", of: .recoveryPlans)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a recovery plan"
    package static let parameters = [Parameter.plan]

    package var planId: RecoveryPlan.ID

    package init(
        planId: RecoveryPlan.ID
    ) {
        self.planId = planId
    }
}

/// Replaces a recovery plan.
package struct UpdateRecoveryPlan: Call {
    package typealias Answer = RecoveryPlanView
    package static let route = Route.put("/recovery-plans/{planId}", of: .recoveryPlans)
    package static let permission: Permission? = .updateRecoveryPlan
    package static let summary = "Change a recovery plan"
    package static let details = "409 PLAN_IN_ACTIVE_EXECUTION while an execution of it runs."
    package static let parameters = [Parameter.plan]
    package static let bodyShape: Shape? = Shapes.recoveryPlan

    package var planId: RecoveryPlan.ID
    package var body: RecoveryPlanBody

    package init(
        planId: RecoveryPlan.ID,
        body: RecoveryPlanBody
    ) {
        self.planId = planId
        self.body = body
    }
}

/// Deletes a recovery plan; its executions stay.
package struct DeleteRecoveryPlan: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/recovery-plans/{planId}", of: .recoveryPlans)
    package static let permission: Permission? = .deleteRecoveryPlan
    package static let summary = "Delete a recovery plan"
    package static let details = "409 PLAN_IN_ACTIVE_EXECUTION while an execution of it runs. Its executions stay."
    package static let parameters = [Parameter.plan]

    package var planId: RecoveryPlan.ID

    package init(
        planId: RecoveryPlan.ID
    ) {
        self.planId = planId
    }
}

/// Checks everything that the start of a plan would check, without starting.
package struct ValidateRecoveryPlan: Call {
    package typealias Answer = PlanValidation
    package static let route = Route.post(
        "/recovery-plans/{planId}/validate",
        of: .recoveryPlans,
        answering: .ok
    )
    package static let permission: Permission? = .viewResources
    package static let summary = "Validate a recovery plan"
    package static let details = """
        Everything that the start would check, without starting: every problem at once. The plan's standing readiness \
        is what this finds.
        """
    package static let parameters = [Parameter.plan]
    package static let bodyShape: Shape? = Shapes.nothing
    package static let isBodyOptional = true

    package var planId: RecoveryPlan.ID

    package init(
        planId: RecoveryPlan.ID
    ) {
        self.planId = planId
    }
}

extension Parameter {
    static let plan = Parameter.path("planId", Shapes.identifier, "The recovery plan.")
}
