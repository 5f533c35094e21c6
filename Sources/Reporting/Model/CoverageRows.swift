package import Ambient
package import JSON
package import Recovery

extension Coverage {
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
        /// When a run of it last ended, whatever came of it.
        @Nullable package var lastTestedAt: Instant?
        /// When a run of it last ended as a pass, with deviations or without.
        @Nullable package var lastProvenAt: Instant?
        @Nullable package var lastResult: Verdict.Result?
        @Nullable package var recoverySeconds: Int?
        @Nullable package var objectiveSeconds: Int?
        /// What the last proof left of the objective; negative: by how much it was missed.
        @Nullable package var marginSeconds: Int?
        @Nullable package var dueAt: Instant?
        package var isOverdue: Bool
        /// When a schedule starts it next; null: none does.
        @Nullable package var nextScheduledAt: Instant?

        /// When it is due again follows from the last proof, once it is known how old a proof may be.
        package init(
            planId: RecoveryPlan.ID,
            planName: String,
            application: String?,
            owner: String?,
            readiness: Readiness.State?,
            lastTestedAt: Instant?,
            lastProvenAt: Instant?,
            lastResult: Verdict.Result?,
            recoverySeconds: Int?,
            objectiveSeconds: Int?,
            nextScheduledAt: Instant?
        ) {
            self.planId = planId
            self.planName = planName
            self.application = application
            self.owner = owner
            self.readiness = readiness
            self.lastTestedAt = lastTestedAt
            self.lastProvenAt = lastProvenAt
            self.lastResult = lastResult
            self.recoverySeconds = recoverySeconds
            self.objectiveSeconds = objectiveSeconds
            self.nextScheduledAt = nextScheduledAt
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
        /// Different servers that its runs launched.
        package var serversLaunched: Int

        package init(quarter: String, runs: Int, passes: Int, serversLaunched: Int) {
            self.quarter = quarter
            self.runs = runs
            self.passes = passes
            self.serversLaunched = serversLaunched
            passPercent = runs == 0 ? nil : (passes * 100 + runs / 2) / runs
        }

        /// The names of so many quarters, the one of a moment last.
        static func last(_ count: Int, until now: Instant) -> [String] {
            let date = now.description
            let year = Int(date.prefix(4)) ?? 0
            let month = Int(date.dropFirst(5).prefix(2)) ?? 1
            let latest = year * 4 + (month - 1) / 3
            return (0..<count).map { latest - (count - 1) + $0 }.map { "\($0 / 4)Q\($0 % 4 + 1)" }
        }
    }

    /// What one source asks of all drills together, and how far it is answered.
    package struct Demand: Codable, Sendable, Hashable {
        package var source: String
        /// What it asks for, in words.
        package var demand: String
        /// What is counted for it.
        package var measure: String
        package var answered: Int
        package var of: Int
        /// Nothing to count is nothing shown: not met.
        package var isMet: Bool

        init(_ source: String, _ demand: String, _ measure: String, _ answered: Int, of: Int, orNothing: Bool = false) {
            self.source = source
            self.demand = demand
            self.measure = measure
            self.answered = answered
            self.of = of
            isMet = answered == of && (of > 0 || orNothing)
        }
    }
}

extension Coverage.Demand {
    /// What DORA, SOC 2 and PCI DSS call yearly.
    private static let year = Duration.seconds(366 * 86_400)

    /// The sources of the report's control mapping, as far as they ask of all drills together.
    static func all(
        _ plans: [Coverage.PlanRow],
        _ totals: Coverage.Totals,
        _ findings: Coverage.FindingAges,
        days: Int,
        at now: Instant
    ) -> [Self] {
        let yearly = plans.count { plan in plan.lastTestedAt.map { $0 > now - year } ?? false }
        let passed = plans.count { plan in plan.lastProvenAt.map { $0 > now - year } ?? false }
        let fresh = plans.count { !$0.isOverdue }
        let measured = plans.filter { $0.objectiveSeconds != nil && $0.lastProvenAt != nil }
        let within = measured.count { ($0.marginSeconds ?? -1) >= 0 }
        let assigned = findings.open - findings.unassigned
        let ran = "plans of which a run ended within a year"
        return [
            Self("DORA (EU) 2022/2554 Art. 11(6)", "Plans tested at least yearly", ran, yearly, of: plans.count),
            Self(
                "DORA RTS (EU) 2024/1774 Art. 25",
                "Switchover to redundant capacity shown",
                "plans with a run that passed within a year",
                passed,
                of: plans.count
            ),
            Self(
                "FFIEC BCM VII.K",
                "Results against recovery objectives",
                "plans whose last proof met its time objective",
                within,
                of: plans.count
            ),
            Self(
                "FFIEC BCM VII.K",
                "Responsibility for timely resolution",
                "open findings with an owner and a day",
                assigned,
                of: findings.open,
                orNothing: true
            ),
            Self(
                "FFIEC BCM VII.K",
                "Corrective action in time",
                "open findings whose day has not passed",
                findings.open - findings.overdue,
                of: findings.open,
                orNothing: true
            ),
            Self("SOC 2 A1.3", "Recovery plan procedures tested yearly", ran, yearly, of: plans.count),
            Self(
                "PCI DSS 4.0.1 12.10.2",
                "All elements tested within 12 months",
                "servers of plans that a run launched within \(days) days",
                totals.serversProven,
                of: totals.serversInPlans
            ),
            Self(
                "NIST SP 800-84",
                "Action items with named people",
                "open findings with an owner and a day",
                assigned,
                of: findings.open,
                orNothing: true
            ),
            Self(
                "ISO 22301:2019 8.5",
                "Exercises at planned intervals",
                "plans proven within \(days) days",
                fresh,
                of: plans.count
            ),
        ]
    }
}
