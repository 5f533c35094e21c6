internal import Ambient
internal import Recovery

extension CampaignReport.Summary {
    /// Sums up drills.
    ///
    /// - Parameters:
    ///   - drills: All of the campaign.
    ///   - identity: Its clock and its status.
    package init(of drills: [CampaignReport.Drill], _ identity: CampaignReport.Identity) {
        let outcomes = drills.map(\.outcome)
        func count(_ outcome: CampaignReport.Drill.Outcome) -> Int { outcomes.count { $0 == outcome } }
        let results = drills.compactMap(\.result)
        self.init(
            verdict: identity.endedAt == nil ? nil : Verdict(of: drills, identity),
            drills: drills.count,
            passed: count(.passed),
            passedWithDeviations: count(.passedWithDeviations),
            notPassed: count(.notPassed),
            skipped: count(.skipped),
            open: count(.open),
            servers: results.map(\.counts).reduce(.none) { $0.adding($1) },
            lastLaunchSeconds: results.compactMap(\.lastLaunchAt).max().map {
                max(0, Int(($0 - identity.startedAt).seconds.rounded()))
            },
            timeObjectives: CampaignReport.Objectives(results, at: 0),
            pointObjectives: CampaignReport.Objectives(results, at: 1),
            openFindings: results.flatMap(\.findings).count { $0.state == .open },
            instancesLeft: results.reduce(0) { $0 + $1.cleanUp.left },
            signed: results.count { $0.signatures > 0 }
        )
    }
}

extension CampaignReport.Drill {
    /// What a drill amounts to for its campaign.
    package enum Outcome: Sendable {
        case passed, passedWithDeviations, notPassed, skipped, open
    }

    package var outcome: Outcome {
        switch state {
        case .skipped: return .skipped
        case .waiting, .running: return .open
        case .passed, .failed:
            guard executionId != nil else { return .notPassed }
            guard let verdict = result?.verdict else { return .open }
            switch verdict.result {
            case .pass: return .passed
            case .passWithDeviations: return .passedWithDeviations
            case .partial, .fail, .aborted: return .notPassed
            }
        }
    }
}

extension Verdict {
    /// What stands against a plain pass of a campaign.
    private enum CampaignCode: String {
        case drillNotPassed = "DRILL_NOT_PASSED"
        case drillNotBegun = "DRILL_NOT_BEGUN"
        case drillDeviates = "DRILL_DEVIATES"
        case campaignStopped = "CAMPAIGN_STOPPED"
        case campaignCancelled = "CAMPAIGN_CANCELLED"
    }

    /// The verdict over a campaign that has ended.
    ///
    /// PASS: every drill passed. PASS_WITH_DEVIATIONS: every drill passed, some with deviations. FAIL: its own rule stopped
    /// it, or no drill passed. ABORTED: a person ended it before all had begun. PARTIAL: anything else.
    fileprivate init(of drills: [CampaignReport.Drill], _ identity: CampaignReport.Identity) {
        var reasons: [Reason] = []
        func add(_ code: CampaignCode, _ text: String) { reasons.append(Reason(code: code.rawValue, text: text)) }
        if identity.status == .failed { add(.campaignStopped, "Too much failed: its own rule stopped it.") }
        if identity.status == .cancelled { add(.campaignCancelled, "A person ended it.") }
        for drill in drills {
            let why = drill.detail ?? "no reason given"
            switch drill.outcome {
            case .passed: break
            case .passedWithDeviations:
                let codes = Set(drill.result?.verdict?.reasons.map(\.code) ?? []).sorted().joined(separator: ", ")
                add(.drillDeviates, "\(drill.planName): \(codes)")
            case .notPassed where drill.executionId != nil:
                add(.drillNotPassed, "\(drill.planName): \(drill.result?.verdict?.result.rawValue ?? why)")
            case .notPassed, .skipped: add(.drillNotBegun, "\(drill.planName): \(why)")
            case .open: add(.drillNotPassed, "\(drill.planName): its report is not made.")
            }
        }
        let passes = drills.count { $0.outcome == .passed || $0.outcome == .passedWithDeviations }
        let result: Result =
            if identity.status == .cancelled {
                .aborted
            } else if identity.status == .failed || passes == 0 {
                .fail
            } else if passes < drills.count {
                .partial
            } else {
                reasons.isEmpty ? .pass : .passWithDeviations
            }
        self.init(result: result, reasons: reasons)
    }
}

extension CampaignReport.Objectives {
    /// Counts an objective of drills: the first of a report's results is its time's, the second its data's.
    fileprivate init(_ results: [CampaignReport.Result], at index: Int) {
        let outcomes = results.compactMap { $0.results.indices.contains(index) ? $0.results[index].outcome : nil }
        let (met, missed) = (outcomes.count { $0 == .met }, outcomes.count { $0 == .missed })
        self.init(met: met, missed: missed, none: results.count - met - missed)
    }
}

extension Report.Counts {
    fileprivate static let none = Self(servers: 0, launched: 0, failed: 0, skipped: 0, cancelled: 0, unsettled: 0)

    fileprivate func adding(_ other: Self) -> Self {
        Self(
            servers: servers + other.servers,
            launched: launched + other.launched,
            failed: failed + other.failed,
            skipped: skipped + other.skipped,
            cancelled: cancelled + other.cancelled,
            unsettled: unsettled + other.unsettled
        )
    }
}
