internal import Ambient
internal import Recovery

/// Sections 14 to 22.
extension Report {
    var deviationSection: [ReportSection.Block] {
        guard !deviations.isEmpty else {
            return [
                .text("The hub recorded no deviation, and nobody entered any.")
            ]
        }
        let rows = deviations.map {
            ReportTable.Row([$0.code, $0.text, $0.by ?? "-", Words.moment($0.at)], isException: true)
        }
        return [.table(ReportTable("Deviations", ["Code", "What", "By", "When"], rows))]
    }

    var findingSection: [ReportSection.Block] {
        let lessons = remarkBlocks(.lesson, or: "Lessons and recommendations", caption: "Lessons and recommendations")
        guard !findings.isEmpty else { return [.notRecorded("Findings")] + lessons }
        let rows = findings.map { finding in
            ReportTable.Row(
                [
                    String(finding.findingId.description.suffix(12)), finding.severity.rawValue,
                    finding.title + (finding.isRepeat ? " (again)" : ""), finding.cause ?? Words.notRecorded,
                    finding.owner ?? Words.notRecorded, finding.dueOn ?? Words.notRecorded, finding.ticket ?? "-",
                    finding.riskAcceptance ?? "-", finding.retestExecutionId?.description ?? "-",
                    finding.state.rawValue,
                ],
                isException: finding.state != .closed
            )
        }
        let columns = [
            "ID", "Severity", "Finding", "Cause", "Owner", "Due", "Ticket", "Risk accepted", "Retest", "State",
        ]
        return [.table(ReportTable("Findings", columns, rows))] + lessons
    }

    var cleanUpSection: [ReportSection.Block] {
        let rows = servers.filter { $0.instanceState != nil }.map { server in
            ReportTable.Row(
                [
                    server.hostname, server.sourceServerId, server.recoveryInstanceId ?? "-",
                    server.hadNoInstance ? "none found" : server.instanceState?.rawValue ?? "-",
                    Words.moment(server.terminatedAt),
                ],
                isException: server.instanceState != .terminated
            )
        }
        let facts = ReportSection.Block.facts([
            ("State", cleanUp.state ?? "nobody asked for it"), ("Instances", "\(cleanUp.instances)"),
            ("Terminated", "\(cleanUp.terminated)"), ("Left", "\(cleanUp.left)"),
            ("Asked for", "\(Words.moment(cleanUp.requestedAt)) by \(cleanUp.requestedBy ?? "-")"),
            ("Ended", Words.moment(cleanUp.endedAt)),
        ])
        let isolation = remarkBlocks(
            .isolation,
            or: "Proof of isolation: that there was no route to production",
            caption: "Proof of isolation as entered"
        )
        guard !rows.isEmpty else { return [facts, .text("The execution left no instance.")] + isolation }
        let columns = ["Host", "Server", "Instance", "State", "Seen gone"]
        return [
            facts, .table(ReportTable("Instances", columns, rows, attachment: Self.table)),
        ] + isolation
    }

    var costSection: [ReportSection.Block] {
        let rows = cost.accounts.map {
            ReportTable.Row([$0.accountId, "\($0.instances)", Words.duration($0.instanceMinutes * 60)])
        }
        let table = ReportTable("Use of instances", ["Account", "Instances", "Time of instances"], rows)
        return [
            .facts([("Time of instances (h:m:s)", Words.duration(cost.instanceMinutes * 60))]),
            rows.isEmpty ? .text("No instance was used.") : .table(table),
        ] + entryBlocks(cost.entries, or: "Amounts of money, storage and transfer", caption: "Cost as entered")
    }

    var failbackSection: [ReportSection.Block] {
        if identity.executionType == .drill, failback.isEmpty {
            return [.text("A drill leaves production where it is: there is nothing to fail back from.")]
        }
        return entryBlocks(failback, or: "Failback and reprotection", caption: "Failback as entered")
    }

    var trendSection: [ReportSection.Block] {
        let rows = trend.earlier.map {
            ReportTable.Row([
                $0.executionId.description, $0.executionType.rawValue, Words.moment($0.startedAt),
                $0.result?.rawValue ?? "-", Words.duration($0.recoverySeconds), "\($0.launched) of \($0.servers)",
            ])
        }
        let columns = ["Execution", "Type", "Started", "Verdict", "Recovery time", "Launched"]
        let facts = ReportSection.Block.facts([
            ("Last proven", trend.lastProvenAt.map { Words.moment($0) } ?? "never"),
            ("Next drill due", trend.nextDueAt.map { Words.moment($0) } ?? "now"),
        ])
        guard !rows.isEmpty else { return [facts, .text("There is no earlier run of this plan.")] }
        return [
            facts, .chart(trendChart, words: "Recovery times of the runs; the table below says the same."),
            .table(ReportTable("Earlier runs", columns, rows)),
        ]
    }

    var controlSection: [ReportSection.Block] {
        let rows = controls.map { control in
            ReportTable.Row([
                control.source, control.demand, control.sections.map(String.init).joined(separator: ", "),
                control.isAnswered ? "yes" : "in part: something there is not recorded",
            ])
        }
        return [
            .text("Which section holds what a source asks for. Whether that is enough is for the auditor to say."),
            .table(ReportTable("Controls", ["Source", "Asks for", "Sections", "Recorded"], rows)),
        ]
    }

    var signOffSection: [ReportSection.Block] {
        let valid = signOff.signatures.filter { $0.withdrawnAt == nil }
        let boxes = ["author", "reviewer", "business owner"].map { role in
            let signature = valid.last { $0.role?.lowercased() == role }
            return ReportTable.Row(
                [
                    role, signature?.name ?? Words.notRecorded, signature?.text ?? "-", signature?.by ?? "-",
                    Words.moment(signature?.at),
                ],
                isException: signature == nil
            )
        }
        return [.table(ReportTable("Signed off", ["As", "Name", "Statement", "Entered by", "Entered at"], boxes))]
            + entryBlocks(signOff.signatures, or: "Any signature", caption: "Every signature, as entered")
            + entryBlocks(signOff.distribution, or: "Distribution", caption: "Distribution")
    }

    var evidenceSection: [ReportSection.Block] {
        [
            .facts([
                ("Journal", "\(evidence.journalSequence) events"), ("Journal head (SHA-256)", evidence.journalHead),
                ("Plan hash (SHA-256)", identity.planHash), ("Job log", "\(evidence.jobLog.count) items"),
                ("Attached", "report.json (this report with its evidence and seal), \(Self.table) (one row a server)"),
            ]),
            .text(
                "To verify it without the hub: fetch the verification keys once (muster audit keys), keep them apart, and run "
                    + "muster report verify report.json --keys keys.json. It recomputes the hash of every event of the "
                    + "journal, the hash of the plan, the figures that follow from them, and the signature over them all."
            ),
        ]
    }
}
