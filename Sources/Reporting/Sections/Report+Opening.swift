internal import Ambient
internal import Recovery

/// Sections 1 to 7.
extension Report {
    var identitySection: [ReportSection.Block] {
        [
            .facts([
                (
                    "Report",
                    "\(identity.reportId), \(identity.version == 0 ? "interim" : "version \(identity.version)")"
                ),
                ("Made", "\(Words.moment(identity.madeAt)) by \(identity.madeBy): \(identity.why)"),
                ("Execution", identity.executionId.description), ("Campaign", identity.campaign ?? "none"),
                ("Type", identity.typeWords),
                ("Status", identity.status.rawValue),
                ("Plan", "\(identity.planName), revision \(identity.planRevision)"),
                ("Plan ID", identity.planId.description), ("Plan hash (SHA-256)", identity.planHash),
                ("Application", identity.application ?? Words.notRecorded),
                ("Owner", identity.owner ?? Words.notRecorded), ("Reason", identity.reason ?? Words.notRecorded),
                ("Started by", identity.startedBy),
                ("Declared", identity.declaredAt.map { Words.moment($0) } ?? "with the start"),
                ("Started", Words.moment(identity.startedAt)),
                ("Ended", identity.endedAt.map { Words.moment($0) } ?? "it has not ended"),
                ("Journal", "\(evidence.journalSequence) events, head \(evidence.journalHead)"),
                ("Hub version", identity.hubVersion), ("Classification", identity.classification),
            ])
        ]
    }

    var summarySection: [ReportSection.Block] {
        var blocks: [ReportSection.Block] = []
        if let verdict = summary.verdict {
            blocks.append(.facts([("Verdict", verdict.result.rawValue)]))
        } else {
            blocks.append(.text("The execution has not ended: there is no verdict yet."))
        }
        let results = summary.results.map { result in
            ReportTable.Row([
                result.name, Words.duration(result.targetSeconds), Words.duration(result.actualSeconds),
                Words.duration(result.marginSeconds), result.words,
            ])
        }
        blocks.append(
            .table(
                ReportTable(
                    "Objectives against results",
                    ["Objective", "Target", "Actual", "Margin", "Result"],
                    results
                )
            )
        )
        let counts = summary.counts
        blocks.append(
            .facts([
                ("Servers", "\(counts.servers)"), ("Launched", "\(counts.launched)"), ("Failed", "\(counts.failed)"),
                ("Skipped", "\(counts.skipped)"), ("Cancelled", "\(counts.cancelled)"),
                ("Not settled", "\(counts.unsettled)"), ("Open findings", "\(summary.openFindings)"),
                ("Instances left", "\(cleanUp.left) of \(cleanUp.instances)"),
            ])
        )
        blocks.append(.facts([("Deviations (section 14)", "\(deviations.count)")]))
        let reasons = (summary.verdict?.reasons ?? []).map { ReportTable.Row([$0.code, $0.text]) }
        blocks.append(
            reasons.isEmpty
                ? .text("Nothing stands against the verdict.")
                : .table(
                    ReportTable("What stands against a plain pass", ["Code", "Reason"], Array(reasons.prefix(10)))
                )
        )
        let worst = findings.filter { $0.state != .closed }.prefix(3).map {
            ReportTable.Row([
                $0.severity.rawValue, $0.title, $0.owner ?? Words.notRecorded, $0.dueOn ?? Words.notRecorded,
            ])
        }
        if !worst.isEmpty {
            blocks.append(.table(ReportTable("Top findings", ["Severity", "Finding", "Owner", "Due"], Array(worst))))
        }
        let signatures = signOff.signatures.filter { $0.withdrawnAt == nil }
        let signed = signatures.map { "\($0.name ?? $0.by) (\($0.role ?? Words.notRecorded))" }.joined(separator: ", ")
        blocks.append(.facts([("Signed off by", signed.isEmpty ? Words.notRecorded : signed)]))
        return blocks
    }

    var objectiveSection: [ReportSection.Block] {
        let kinds: [ReportEntry.Kind] = [
            .purpose, .scenario, .riskReference, .assumption, .successCriterion, .expectedOutcome, .regulation,
        ]
        let said = Set(objectives.filter { $0.withdrawnAt == nil }.map(\.kind))
        let missing = kinds.filter { !said.contains($0) }
        return [
            .facts([
                ("Recovery time objective", Words.duration(recoveryTime.objectiveSeconds)),
                ("Recovery point objective", Words.duration(recoveryPoint.objectiveSeconds)),
                (
                    "Criterion of a pass",
                    "every server of the plan is launched, nothing is skipped, no objective is missed"
                ),
            ])
        ]
            + (objectives.isEmpty ? [] : entryBlocks(objectives, or: "", caption: "What was to be shown"))
            + missing.map { .notRecorded($0.words) }
    }

    var scopeSection: [ReportSection.Block] {
        let places = scope.places.map {
            ReportTable.Row([$0.accountId, $0.region, "\($0.servers)", "\($0.launched)"])
        }
        let untested = scope.notTested.map {
            ReportTable.Row([$0.hostname, $0.sourceServerId, "\($0.waveNumber)", $0.why], isException: true)
        }
        return [
            .facts([
                ("Application", identity.application ?? Words.notRecorded),
                ("Tiers", plan.waves.map(\.name).joined(separator: ", ")),
                ("Target Region", "the Region in which each server is protected"),
            ]),
            .table(ReportTable("Accounts and Regions", ["Account", "Region", "Servers", "Launched"], places)),
            untested.isEmpty
                ? .text("Every server of the plan was launched.")
                : .table(
                    ReportTable(
                        "In the plan, and not tested",
                        ["Host", "Server", "Wave", "Why"],
                        untested,
                        attachment: Self.table
                    )
                ),
        ] + entryBlocks(scope.thirdParties, or: "Third parties", caption: "Third parties")
    }

    var peopleSection: [ReportSection.Block] {
        let actors = people.actors.map {
            ReportTable.Row([$0.name, "\($0.acts)", Words.moment($0.firstAt), Words.moment($0.lastAt)])
        }
        func entered(_ kind: ReportEntry.Kind, _ missing: String, _ caption: String) -> [ReportSection.Block] {
            entryBlocks(people.entries.filter { $0.kind == kind }, or: missing, caption: caption)
        }
        return entered(.plannedParticipant, "Who was to take part", "Planned to take part")
            + entered(.participant, "Who took part, in which role and where", "Took part")
            + entered(.absence, "Absences, and who stood in", "Absent")
            + [
                actors.isEmpty
                    ? .notRecorded("Acts of people")
                    : .table(ReportTable("Who acted, by the journal", ["Name", "Acts", "First", "Last"], actors))
            ]
    }

    var planSection: [ReportSection.Block] {
        let waves = plan.waves.map { wave in
            ReportTable.Row([
                "\(wave.waveNumber)", wave.name, "\(wave.servers)",
                wave.dependsOnWaves.isEmpty ? "-" : wave.dependsOnWaves.map(String.init).joined(separator: ", "),
                wave.pauseBeforeWave ? "pause" : wave.approvals.map { "\($0) approvals" } ?? "-",
                "\(wave.timeoutMinutes) min", wave.onFailure,
            ])
        }
        let columns = ["Wave", "Name", "Servers", "Waits for", "Gate", "Time-out", "On failure"]
        var blocks: [ReportSection.Block] = [
            .facts([("Ordering", plan.ordering)]), .table(ReportTable("Waves as frozen at the start", columns, waves)),
        ]
        if let differences = plan.differences {
            let run = plan.comparedWith ?? "-"
            let revision = Words.number(plan.comparedRevision)
            blocks.append(
                differences.isEmpty
                    ? .text("Nothing differs from the plan as it ran before (execution \(run), revision \(revision)).")
                    : .table(
                        ReportTable(
                            "Different from the run before (execution \(run), revision \(revision))",
                            ["Difference"],
                            differences.map { ReportTable.Row([$0]) }
                        )
                    )
            )
        } else {
            blocks.append(.text("There is no earlier run of this plan to compare with."))
        }
        return blocks
            + remarkBlocks(.planApproval, or: "Who approved this version of the plan", caption: "Approval of the plan")
            + remarkBlocks(
                .launchSetting,
                or: "Launch settings and the network that keeps the drill apart",
                caption: "Launch settings as entered"
            )
    }

    var readinessSection: [ReportSection.Block] {
        let waivers = remarkBlocks(.waiver, or: "Waivers of checks that failed", caption: "Waivers")
        guard let readiness else { return [.notRecorded("The plan's readiness when it started")] + waivers }
        let known = Set(ReadinessCode.allCases.map(\.rawValue))
        let said = Dictionary(grouping: readiness.reasons, by: \.code)
        let checks = ReadinessCode.allCases.flatMap { code -> [ReportTable.Row] in
            guard let reasons = said[code.rawValue] else {
                return [ReportTable.Row([code.rawValue, code.question, "nothing against it", "-"])]
            }
            return reasons.map {
                ReportTable.Row(
                    [code.rawValue, code.question, $0.text, $0.servers > 0 ? "\($0.servers)" : "-"],
                    isException: true
                )
            }
        }
        let others = readiness.reasons.filter { !known.contains($0.code) }.map {
            ReportTable.Row([$0.code, "-", $0.text, $0.servers > 0 ? "\($0.servers)" : "-"], isException: true)
        }
        return [
            .facts([
                ("State", readiness.state), ("Noted", Words.moment(readiness.takenAt)),
                ("Last checked", Words.moment(readiness.checkedAt)),
            ]),
            .table(ReportTable("The checks", ["Check", "Asks", "Answer", "Concerned"], checks + others)),
        ] + waivers
    }
}

extension Report.Identity {
    /// What kind of exercise it was.
    var typeWords: String {
        switch executionType {
        case .drill: "DRILL: servers are launched beside production, which goes on"
        case .recovery: "RECOVERY: the real thing; its instances stay"
        }
    }
}
