package import Ambient
package import JSON
internal import Recovery

/// What of the enterprise is proven recoverable, when last, and what is overdue.
package struct Coverage: Codable, Sendable, Hashable {
    package var asOf: Instant
    /// How old a proof may be, in days.
    package var days: Int
    package var totals: Totals
    /// By account number.
    package var accounts: [AccountRow]
    /// By name; plans that name no application together at the end.
    package var applications: [ShareRow]
    /// By name; plans that name no owner together at the end.
    package var owners: [ShareRow]
    /// By name.
    package var plans: [PlanRow]
    /// The last eight, the oldest first.
    package var quarters: [Quarter]
    /// How the last proofs' times stood to the plans' objectives.
    package var margins: Margins
    package var findings: FindingAges
    /// Causes that findings of more than one run have.
    package var repeatedCauses: [Cause]
    /// What regulators and auditors ask of all drills together.
    package var demands: [Demand]

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

    /// Plans of one application or of one owner.
    package struct ShareRow: Codable, Sendable, Hashable {
        @Nullable package var name: String?
        package var plans: Int
        package var plansOverdue: Int
        /// Plans whose last run passed, with deviations or without.
        package var plansPassing: Int
        /// Plans whose last proof took longer than their objective.
        package var objectivesMissed: Int
    }

    package struct Margins: Codable, Sendable, Hashable {
        package var met: Int
        package var missed: Int
        /// Proven plans without an objective.
        package var notSet: Int
        /// The smallest margin; negative: by how much an objective was missed.
        @Nullable package var worstSeconds: Int?
        /// Half of the margins are larger.
        @Nullable package var medianSeconds: Int?
    }

    /// Open findings by how long ago they were made.
    package struct FindingAges: Codable, Sendable, Hashable {
        package var open: Int
        package var under30Days: Int
        package var under90Days: Int
        package var older: Int
        package var overdue: Int
        /// Open ones without an owner or without a day.
        package var unassigned: Int
        package var accepted: Int

        package init(under30Days: Int, under90Days: Int, older: Int, overdue: Int, unassigned: Int, accepted: Int) {
            open = under30Days + under90Days + older
            self.under30Days = under30Days
            self.under90Days = under90Days
            self.older = older
            self.overdue = overdue
            self.unassigned = unassigned
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

    /// Sums up what was found; of the last eight quarters those without a run are added.
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
        let judged = plans.map { plan in
            var plan = plan
            plan.judge(after: .seconds(days * 86_400), at: now)
            return plan
        }
        self.plans = judged
        applications = ShareRow.all(judged, by: \.application)
        owners = ShareRow.all(judged, by: \.owner)
        self.quarters = Quarter.last(Self.quartersShown, until: now).map { name in
            quarters.first { $0.quarter == name } ?? Quarter(quarter: name, runs: 0, passes: 0, serversLaunched: 0)
        }
        margins = Margins(judged)
        self.findings = findings
        repeatedCauses = causes
        totals = Totals(
            servers: accounts.reduce(0) { $0 + $1.servers },
            serversInPlans: accounts.reduce(0) { $0 + $1.serversInPlans },
            serversProven: accounts.reduce(0) { $0 + $1.serversProven },
            plans: plans.count,
            plansOverdue: judged.count(where: \.isOverdue),
            plansNeverProven: plans.count { $0.lastProvenAt == nil }
        )
        demands = Demand.all(judged, totals, findings, days: days, at: now)
    }

    /// Two years, so that each quarter has its counterpart of the year before.
    package static let quartersShown = 8

    /// Plans that are overdue, or will be within a month; the one that waits longest first.
    package var drillsDue: [PlanRow] {
        let horizon = asOf + Self.notice
        return plans.filter { $0.isOverdue || ($0.dueAt.map { $0 <= horizon } ?? true) }
            .sorted { left, right in
                (left.dueAt ?? Self.never, left.planName) < (right.dueAt ?? Self.never, right.planName)
            }
    }

    /// What was never proven waits since before anything else.
    private static let never = Instant(milliseconds: .min)

    /// How long before its day a drill is listed as due: a month is what a change board needs.
    private static let notice = Duration.seconds(30 * 86_400)
}

extension Coverage.ShareRow {
    fileprivate static func all(_ plans: [Coverage.PlanRow], by name: (Coverage.PlanRow) -> String?) -> [Self] {
        let groups = Dictionary(grouping: plans, by: name)
        let names = groups.keys.compactMap { $0 }.sorted().map(Optional.some) + (groups[nil] == nil ? [] : [nil])
        return names.map { name in
            let plans = groups[name] ?? []
            return Self(
                name: name,
                plans: plans.count,
                plansOverdue: plans.count(where: \.isOverdue),
                plansPassing: plans.count { $0.lastResult == .pass || $0.lastResult == .passWithDeviations },
                objectivesMissed: plans.count { ($0.marginSeconds ?? 0) < 0 }
            )
        }
    }
}

extension Coverage.Margins {
    fileprivate init(_ plans: [Coverage.PlanRow]) {
        let margins = plans.compactMap(\.marginSeconds).sorted()
        self.init(
            met: margins.count { $0 >= 0 },
            missed: margins.count { $0 < 0 },
            notSet: plans.count { $0.lastProvenAt != nil && $0.objectiveSeconds == nil },
            worstSeconds: margins.first,
            medianSeconds: margins.isEmpty ? nil : margins[(margins.count - 1) / 2]
        )
    }
}

extension Coverage {
    /// One row a plan (RFC 4180).
    package var csv: String {
        let columns = [
            "planName", "application", "owner", "readiness", "lastTestedAt", "lastResult", "lastProvenAt",
            "recoverySeconds", "objectiveSeconds", "marginSeconds", "dueAt", "overdue", "nextScheduledAt", "asOf",
        ]
        let rows = plans.map { plan in
            let texts: [String?] = [
                plan.planName, plan.application, plan.owner, plan.readiness?.rawValue, plan.lastTestedAt?.description,
                plan.lastResult?.rawValue, plan.lastProvenAt?.description, plan.recoverySeconds.map(String.init),
                plan.objectiveSeconds.map(String.init), plan.marginSeconds.map(String.init),
                plan.dueAt?.description, String(plan.isOverdue), plan.nextScheduledAt?.description, asOf.description,
            ]
            return texts.map { CSVField.text(of: $0 ?? "") }.joined(separator: ",")
        }
        return ([columns.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
    }
}
