internal import Ambient
internal import Hypertext
internal import Recovery

/// A campaign's sections, as every form that people read shows them.
extension CampaignReport {
    package var sections: [ReportSection] {
        let contents: [(String, [ReportSection.Block])] = [
            ("Identity and rules", identitySection), ("Executive summary", summarySection),
            ("Drills", drillSection), ("Timeline on one clock", timelineSection),
            ("Objectives against results", objectiveSection), ("In the campaign, and not proven", notProvenSection),
            ("Findings", findingSection), ("Clean-up", cleanUpSection), ("Sign-off", signOffSection),
            ("Evidence annex", evidenceSection),
        ]
        return contents.enumerated().map { index, content in
            ReportSection(number: index + 1, title: content.0, blocks: content.1)
        }
    }

    /// Where all rows are, when they are too many to print.
    package static let table = "drills.csv"

    private var identitySection: [ReportSection.Block] {
        [
            .facts([
                ("Report", "\(identity.reportId), \(isInterim ? "interim" : "version \(identity.version)")"),
                ("Made", "\(Words.moment(identity.madeAt)) by \(identity.madeBy): \(identity.why)"),
                ("Campaign", "\(identity.campaignName), \(identity.campaignId)"),
                ("Status", identity.status.rawValue), ("Started by", identity.startedBy),
                ("Reason", identity.reason.isEmpty ? Words.notRecorded : identity.reason),
                ("Started", Words.moment(identity.startedAt)),
                ("Ended", identity.endedAt.map { Words.moment($0) } ?? "it has not ended"),
                ("Drills at once", "\(identity.maxConcurrent)"),
                ("Of them in the same account", identity.maxConcurrentPerAccount.map(String.init) ?? "no matter"),
                ("Stops after", identity.stopAfterFailures.map { "\($0) not completed" } ?? "goes through all"),
                ("Waits for busy servers", "\(identity.patienceMinutes) min"),
                (
                    "Instances are terminated",
                    identity.cleanUpAfterHours.map { "\($0) h after a drill's start" } ?? "by a person"
                ),
                ("Hub version", identity.hubVersion), ("Classification", identity.classification),
            ])
        ]
    }

    private var summarySection: [ReportSection.Block] {
        let verdict: ReportSection.Block =
            summary.verdict.map { .facts([("Verdict", $0.result.rawValue)]) }
            ?? .text("The campaign has not ended: there is no verdict yet.")
        let ended = (identity.endedAt ?? identity.madeAt) - identity.startedAt
        let facts: [(name: String, value: String)] = [
            ("Drills", "\(summary.drills)"), ("Passed", "\(summary.passed)"),
            ("Passed with deviations", "\(summary.passedWithDeviations)"), ("Not passed", "\(summary.notPassed)"),
            ("Not begun", "\(summary.skipped)"), ("Without a report yet", "\(summary.open)"),
            ("Servers in the drills", "\(summary.servers.servers)"), ("Launched", "\(summary.servers.launched)"),
            ("Failed", "\(summary.servers.failed)"),
            ("From the campaign's start to its last launch", Words.duration(summary.lastLaunchSeconds)),
            ("From its start to its end", Words.duration(Int(ended.seconds.rounded()))),
            ("Open findings", "\(summary.openFindings)"), ("Instances left", "\(summary.instancesLeft)"),
        ]
        let reasons = (summary.verdict?.reasons ?? []).map { ReportTable.Row([$0.code, $0.text], isException: true) }
        return [verdict, .facts(facts)]
            + (reasons.isEmpty ? [] : [.table(ReportTable("What stands against a pass", ["Code", "What"], reasons))])
    }

    private var drillSection: [ReportSection.Block] {
        let rows = drills.map { drill in
            ReportTable.Row(
                [
                    "\(drill.number)", drill.planName, drill.result?.application ?? Words.notRecorded,
                    drill.accountIds.joined(separator: ", "), drill.state.rawValue, drill.verdictWords,
                    drill.result.map { "\($0.counts.launched) of \($0.counts.servers)" } ?? "-",
                    Words.moment(drill.begunAt), Words.moment(drill.endedAt),
                ],
                isException: drill.outcome != .passed
            )
        }
        let columns = ["No.", "Plan", "Application", "Accounts", "State", "Verdict", "Launched", "Started", "Ended"]
        return [.table(ReportTable("Drills in their order", columns, rows, attachment: Self.table))]
    }

    private var timelineSection: [ReportSection.Block] {
        guard drills.contains(where: { $0.begunAt != nil }) else { return [.text("No drill began.")] }
        return [.chart(timelineChart, words: "Each drill from its start to its end; section 3 has the moments.")]
    }

    private var objectiveSection: [ReportSection.Block] {
        let rows = drills.flatMap { drill in
            (drill.result?.results ?? []).map { result in
                ReportTable.Row(
                    [
                        drill.planName, result.name, Words.duration(result.targetSeconds),
                        Words.duration(result.actualSeconds), Words.duration(result.marginSeconds), result.words,
                    ],
                    isException: result.outcome == .missed
                )
            }
        }
        guard !rows.isEmpty else { return [.text("No drill has a report yet.")] }
        let columns = ["Plan", "Objective", "Target", "Actual", "Margin", "Result"]
        return [
            .facts([
                ("Time objectives met", "\(summary.timeObjectives.met)"),
                ("Time objectives missed", "\(summary.timeObjectives.missed)"),
                ("Without, or not known", "\(summary.timeObjectives.none)"),
                ("Data objectives met", "\(summary.pointObjectives.met)"),
                ("Data objectives missed", "\(summary.pointObjectives.missed)"),
            ]),
            .table(ReportTable("By plan", columns, rows, attachment: "campaign.json")),
        ]
    }

    private var notProvenSection: [ReportSection.Block] {
        let rows = drills.filter { $0.outcome != .passed && $0.outcome != .passedWithDeviations }.map { drill in
            let reasons = (drill.result?.verdict?.reasons ?? []).map { "\($0.code): \($0.text)" }
            return ReportTable.Row(
                [
                    drill.planName, drill.state.rawValue, drill.verdictWords, drill.detail ?? "-",
                    reasons.isEmpty ? "-" : reasons.joined(separator: " "),
                ],
                isException: true
            )
        }
        guard !rows.isEmpty else { return [.text("Every plan of the campaign was proven.")] }
        return [.table(ReportTable("Not proven", ["Plan", "State", "Verdict", "Why", "Reasons"], rows))]
    }

    private var findingSection: [ReportSection.Block] {
        let rows = drills.flatMap { $0.result?.findings ?? [] }.map { finding in
            ReportTable.Row(
                [
                    finding.planName, finding.severity.rawValue, finding.title + (finding.isRepeat ? " (again)" : ""),
                    finding.cause ?? Words.notRecorded, finding.owner ?? Words.notRecorded,
                    finding.dueOn ?? Words.notRecorded, finding.state.rawValue,
                ],
                isException: finding.state != .closed
            )
        }
        guard !rows.isEmpty else { return [.notRecorded("Findings")] }
        let columns = ["Plan", "Severity", "Finding", "Cause", "Owner", "Due", "State"]
        return [.table(ReportTable("Findings of the drills", columns, rows, attachment: "campaign.json"))]
    }

    private var cleanUpSection: [ReportSection.Block] {
        let rows = drills.compactMap { drill in
            drill.result.map { result in
                ReportTable.Row(
                    [
                        drill.planName, result.cleanUp.state ?? "nobody asked for it", "\(result.cleanUp.instances)",
                        "\(result.cleanUp.terminated)", "\(result.cleanUp.left)", Words.moment(result.cleanUp.endedAt),
                    ],
                    isException: result.cleanUp.left > 0
                )
            }
        }
        guard !rows.isEmpty else { return [.text("No drill has a report yet.")] }
        let columns = ["Plan", "Clean-up", "Instances", "Terminated", "Left", "Ended"]
        return [.table(ReportTable("Instances by drill", columns, rows, attachment: Self.table))]
    }

    private var signOffSection: [ReportSection.Block] {
        let unsigned = drills.filter { $0.result != nil && $0.result?.signatures == 0 }.map(\.planName)
        let missing = unsigned.isEmpty ? "every drill that has a report" : unsigned.joined(separator: ", ")
        return [
            .facts([
                ("Drills that somebody signed off", "\(summary.signed) of \(summary.drills)"),
                (unsigned.isEmpty ? "Signed off" : "Not signed off", missing),
            ]),
            .text("People sign off drills, each in its own report."),
        ]
    }

    private var evidenceSection: [ReportSection.Block] {
        let rows = drills.compactMap { drill in
            drill.result.map {
                ReportTable.Row([
                    drill.planName, drill.executionId?.description ?? "-", "\($0.version)", $0.reportId, $0.contentHash,
                ])
            }
        }
        let sentence = """
            Each drill's figures are those of its own report in the version named here, which has its journal and its plan. \
            A file of it proves itself; and it is the one that is meant when the SHA-256 of its content is this one. With \
            the verification keys of the hub: muster report verify campaign.json --keys keys.json --drill report.json
            """
        guard !rows.isEmpty else { return [.text("No drill has a report yet.")] }
        let columns = ["Plan", "Execution", "Version", "Report", "Content hash"]
        return [
            .text(sentence), .table(ReportTable("Reports of the drills", columns, rows, attachment: "campaign.json")),
        ]
    }
}

extension CampaignReport.Drill {
    /// The verdict, or why there is none.
    package var verdictWords: String {
        if let verdict = result?.verdict { return verdict.result.rawValue }
        return executionId == nil ? "not begun" : state == .running ? "runs" : "no report yet"
    }
}
