internal import Ambient
internal import Contract
internal import Recovery
internal import Store
internal import TestKit

/// What the standing check of plans asks of the database.
extension Examined {
    private static let taken = PlanReadinessStatements.Taken(planId: .sample(1), doubts: 1)
    private static let verdict = Readiness(state: .verified)
    private static let finding = ServerFinding(
        sourceServerId: .sample(1),
        hasLaunchConfiguration: true,
        hasRecoveryPoint: true
    )

    static let readiness: [Examined] =
        [
            Examined("readiness begin", PlanReadinessStatements.begin(.sample(1), at: .sample)),
            Examined("readiness reset", PlanReadinessStatements.reset(.sample(1), at: .sample)),
            Examined("readiness reset by group", PlanReadinessStatements.reset(using: .sample(1), at: .sample)),
            Examined(
                "readiness reset by account",
                PlanReadinessStatements.reset(in: Place.sample().accountId, at: .sample)
            ),
            Examined("readiness recheck", PlanReadinessStatements.recheck([.sample(1)], at: .sample)),
            Examined("readiness recheck by place", PlanReadinessStatements.recheck(in: .sample(), at: .sample)),
            Examined("readiness recheck by server", PlanReadinessStatements.recheck(having: [.sample(1)], at: .sample)),
            Examined("readiness take", PlanReadinessStatements.take(limit: 1, until: .sample, at: .sample)),
            Examined("readiness doubts", PlanReadinessStatements.doubts(of: .sample(1))),
            Examined("readiness store", PlanReadinessStatements.store(verdict, of: taken, under: nil, at: .sample)),
            // Every place is looked at: there are hundreds.
            Examined("readiness places", PlanReadinessStatements.notePlaces(at: .sample), scans: true),
            Examined("readiness concerned", ConcernedPlans.ofSync(page)),
            Examined("looks keep", FindingStatements.keep([finding], in: .sample(), at: .sample)),
            Examined("looks", FindingStatements.find([.sample(1)], at: .sample)),
            Examined("places standing", FindingStatements.standing(of: [.sample()], at: .sample)),
            Examined("access forget", FindingStatements.forgetAccess(to: Place.sample().accountId)),
            // The whole is counted.
            Examined("dashboard plans", DashboardStatements.plans(within: nil, at: .sample), scans: true),
            Examined("dashboard executions", DashboardStatements.executions(within: nil), scans: true),
            Examined("dashboard spokes", Spoke.counts(within: nil, at: .sample), scans: true),
            // All places and all pins are wanted.
            Examined("places to try", LookStatements.placesToTry(at: .sample), scans: true),
            Examined("servers to look at", LookStatements.serversToLookAt(limit: 1, at: .sample), scans: true),
        ] + each("access keep", FindingStatements.keep([AccessCheck](), in: .sample(), at: .sample))
}
