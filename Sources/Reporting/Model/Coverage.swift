package import Ambient
package import JSON
package import Recovery

/// What of the enterprise is proven recoverable, when last, and what is overdue.
package struct Coverage: Codable, Sendable, Hashable {
    package var asOf: Instant
    /// How old a proof may be, in days.
    package var days: Int
    package var totals: Totals
    /// By account number.
    package var accounts: [AccountRow]
    /// By name.
    package var plans: [PlanRow]
    /// The last eight, the oldest first; a quarter without a run has none.
    package var quarters: [Quarter]
    package var findings: FindingAges
    /// Causes that findings of more than one run have.
    package var repeatedCauses: [Cause]

    package struct Totals: Codable, Sendable, Hashable {
        package var servers: Int
        /// Servers of a protection group that a plan names.
        package var serversInPlans: Int
        /// Servers that an execution launched within the days.
        package var serversProven: Int
        package var plans: Int
        package var plansOverdue: Int
        package var plansNeverProven: Int
    }

    package struct AccountRow: Codable, Sendable, Hashable {
        package var accountId: AccountNumber
        @Nullable package var accountName: String?
        @Nullable package var owner: String?
        package var servers: Int
        package var serversInPlans: Int
        package var serversProven: Int

        package init(
            accountId: AccountNumber,
            accountName: String?,
            owner: String?,
            servers: Int,
            serversInPlans: Int,
            serversProven: Int
        ) {
            self.accountId = accountId
            self.accountName = accountName
            self.owner = owner
            self.servers = servers
            self.serversInPlans = serversInPlans
            self.serversProven = serversProven
        }
    }

    package struct PlanRow: Codable, Sendable, Hashable {
        package var planId: RecoveryPlan.ID
        package var planName: String
        @Nullable package var application: String?
        @Nullable package var owner: String?
        @Nullable package var readiness: Readiness.State?
        /// When a run of it last ended as a pass, with deviations or without.
        @Nullable package var lastProvenAt: Instant?
        @Nullable package var lastResult: Verdict.Result?
        @Nullable package var recoverySeconds: Int?
        @Nullable package var objectiveSeconds: Int?
        /// What the last proof left of the objective; negative: by how much it was missed.
        @Nullable package var marginSeconds: Int?
        @Nullable package var dueAt: Instant?
        package var isOverdue: Bool

        /// When it is due again follows from the last proof, once it is known how old a proof may be.
        package init(
            planId: RecoveryPlan.ID,
            planName: String,
            application: String?,
            owner: String?,
            readiness: Readiness.State?,
            lastProvenAt: Instant?,
            lastResult: Verdict.Result?,
            recoverySeconds: Int?,
            objectiveSeconds: Int?
        ) {
            self.planId = planId
            self.planName = planName
            self.application = application
            self.owner = owner
            self.readiness = readiness
            self.lastProvenAt = lastProvenAt
            self.lastResult = lastResult
            self.recoverySeconds = recoverySeconds
            self.objectiveSeconds = objectiveSeconds
            marginSeconds = recoverySeconds.flatMap { taken in objectiveSeconds.map { $0 - taken } }
            dueAt = nil
            isOverdue = true
        }

        mutating func judge(after proof: Duration, at now: Instant) {
            dueAt = lastProvenAt.map { $0 + proof }
            isOverdue = dueAt.map { $0 <= now } ?? true
        }
    }

    package struct Quarter: Codable, Sendable, Hashable {
        /// `2026Q4`.
        package var quarter: String
        package var runs: Int
        package var passes: Int
        @Nullable package var passPercent: Int?

        package init(quarter: String, runs: Int, passes: Int) {
            self.quarter = quarter
            self.runs = runs
            self.passes = passes
            passPercent = runs == 0 ? nil : (passes * 100 + runs / 2) / runs
        }
    }

    /// Open findings by how long ago they were made.
    package struct FindingAges: Codable, Sendable, Hashable {
        package var open: Int
        package var under30Days: Int
        package var under90Days: Int
        package var older: Int
        package var overdue: Int
        package var accepted: Int

        package init(under30Days: Int, under90Days: Int, older: Int, overdue: Int, accepted: Int) {
            open = under30Days + under90Days + older
            self.under30Days = under30Days
            self.under90Days = under90Days
            self.older = older
            self.overdue = overdue
            self.accepted = accepted
        }
    }

    package struct Cause: Codable, Sendable, Hashable {
        package var cause: String
        package var executions: Int

        package init(cause: String, executions: Int) {
            self.cause = cause
            self.executions = executions
        }
    }

    /// Sums up what was found.
    package init(
        accounts: [AccountRow],
        plans: [PlanRow],
        quarters: [Quarter],
        findings: FindingAges,
        causes: [Cause],
        days: Int,
        at now: Instant
    ) {
        asOf = now
        self.days = days
        self.accounts = accounts
        self.plans = plans.map { plan in
            var plan = plan
            plan.judge(after: .seconds(days * 86_400), at: now)
            return plan
        }
        self.quarters = quarters
        self.findings = findings
        repeatedCauses = causes
        totals = Totals(
            servers: accounts.reduce(0) { $0 + $1.servers },
            serversInPlans: accounts.reduce(0) { $0 + $1.serversInPlans },
            serversProven: accounts.reduce(0) { $0 + $1.serversProven },
            plans: plans.count,
            plansOverdue: self.plans.count(where: \.isOverdue),
            plansNeverProven: plans.count { $0.lastProvenAt == nil }
        )
    }
}

extension Coverage {
    /// One row a plan (RFC 4180).
    package var csv: String {
        let columns = [
            "planName", "application", "owner", "readiness", "lastProvenAt", "lastResult", "recoverySeconds",
            "objectiveSeconds", "marginSeconds", "dueAt", "overdue",
        ]
        let rows = plans.map { plan in
            let texts: [String?] = [
                plan.planName, plan.application, plan.owner, plan.readiness?.rawValue, plan.lastProvenAt?.description,
                plan.lastResult?.rawValue, plan.recoverySeconds.map(String.init),
                plan.objectiveSeconds.map(String.init),
                plan.marginSeconds.map(String.init), plan.dueAt?.description, String(plan.isOverdue),
            ]
            return texts.map { CSVField.text(of: $0 ?? "") }.joined(separator: ",")
        }
        return ([columns.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
    }
}
