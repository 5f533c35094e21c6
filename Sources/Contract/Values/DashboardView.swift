package import Recovery

/// What somebody wants to know first: whether a disaster could be met now, and what needs a person.
package struct DashboardView: Codable, Sendable, Hashable {
    package var plans: Plans
    /// Plans that are NOT_READY, by name, ten of them; `GET /recovery-plans?readiness=NOT_READY` has all.
    package var notReadyPlans: [PlanSummary]
    package var executions: Executions
    package var spokes: Spokes

    /// How many recovery plans there are, and how they stand.
    package struct Plans: Codable, Sendable, Hashable {
        package var total: Int
        package var verified: Int
        package var needsCheck: Int
        package var notReady: Int
        /// Not drilled for 90 days, or never.
        package var drillDue: Int

        package init(verified: Int, needsCheck: Int, notReady: Int, drillDue: Int) {
            self.total = verified + needsCheck + notReady
            self.verified = verified
            self.needsCheck = needsCheck
            self.notReady = notReady
            self.drillDue = drillDue
        }
    }

    /// A plan with what stands against it.
    package struct PlanSummary: Codable, Sendable, Hashable {
        package var planId: RecoveryPlan.ID
        package var planName: String
        package var readiness: PlanReadiness

        package init(planId: RecoveryPlan.ID, planName: String, readiness: PlanReadiness) {
            self.planId = planId
            self.planName = planName
            self.readiness = readiness
        }
    }

    /// Executions that have not ended.
    package struct Executions: Codable, Sendable, Hashable {
        package var active: Int
        /// Those of them with a wave that waits for a resume or an approval.
        package var waitingForPerson: Int

        package init(active: Int, waitingForPerson: Int) {
            self.active = active
            self.waitingForPerson = waitingForPerson
        }
    }

    /// How many spokes there are, by state.
    package struct Spokes: Codable, Sendable, Hashable {
        package var connected: Int
        package var draining: Int
        package var lost: Int

        package init(connected: Int, draining: Int, lost: Int) {
            self.connected = connected
            self.draining = draining
            self.lost = lost
        }
    }

    package init(plans: Plans, notReadyPlans: [PlanSummary], executions: Executions, spokes: Spokes) {
        self.plans = plans
        self.notReadyPlans = notReadyPlans
        self.executions = executions
        self.spokes = spokes
    }
}
