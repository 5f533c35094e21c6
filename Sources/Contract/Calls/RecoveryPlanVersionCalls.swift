package import JSON
package import Recovery

/// Lists the versions of a plan, the newest first.
package struct ListRecoveryPlanVersions: Call {
    package typealias Answer = Page<RecoveryPlanVersionSummary>
    package static let route = Route.get("/recovery-plans/{planId}/versions", of: .recoveryPlans)
    package static let permission: Permission? = .viewResources
    package static let summary = "List the versions of a recovery plan"
    package static let parameters = [Parameter.plan] + Parameter.paging

    package var planId: RecoveryPlan.ID
    package var limit: Int?
    package var nextToken: String?

    package init(planId: RecoveryPlan.ID, limit: Int? = nil, nextToken: String? = nil) {
        self.planId = planId
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Shows a plan as one revision of it was saved.
package struct GetRecoveryPlanVersion: Call {
    package typealias Answer = RecoveryPlanVersionView
    package static let route = Route.get("/recovery-plans/{planId}/versions/{revision}", of: .recoveryPlans)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a version of a recovery plan"
    package static let parameters = [
        Parameter.plan, Parameter.path("revision", Shapes.sequence, "Which version, from 1.", as: .integer),
    ]

    package var planId: RecoveryPlan.ID
    package var revision: Int

    package init(planId: RecoveryPlan.ID, revision: Int) {
        self.planId = planId
        self.revision = revision
    }
}

/// Writes a plan as a file that another hub can read.
package struct ExportRecoveryPlan: Call {
    package typealias Answer = RecoveryPlanFile
    package static let route = Route.get("/recovery-plans/{planId}/file", of: .recoveryPlans)
    package static let permission: Permission? = .viewResources
    package static let summary = "Export a recovery plan"
    package static let details = """
        Everything that makes the plan, its protection groups by name; the import takes it, and so does `muster plan create \
        --file`. Who sees only some of the plan's accounts gets none of it (403): half a plan is none.
        """
    package static let parameters = [Parameter.plan]

    package var planId: RecoveryPlan.ID

    package init(planId: RecoveryPlan.ID) {
        self.planId = planId
    }
}

/// Makes a plan of a file.
package struct ImportRecoveryPlan: Call {
    package typealias Answer = RecoveryPlanView
    package static let route = Route.post("/recovery-plans/import", of: .recoveryPlans, answering: .created)
    package static let permission: Permission? = .createRecoveryPlan
    package static let summary = "Import a recovery plan"
    package static let details = """
        A new plan from what an export wrote. Protection groups are found by name; those that are not there are all named \
        (422 UNKNOWN_GROUP), and nothing is made. 409 NAME_TAKEN when a plan has the name already.
        """
    package static let bodyShape: Shape? = Shapes.recoveryPlanFile

    package static func location(of answer: RecoveryPlanView) -> String? {
        "\(Route.base)/recovery-plans/\(answer.planId)"
    }

    package var body: RecoveryPlanFile

    package init(body: RecoveryPlanFile) {
        self.body = body
    }
}
