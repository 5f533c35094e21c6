internal import Ambient
internal import Audit
internal import Recovery

/// Sections 8 to 13.
extension Report {
    /// The name of the table that is attached.
    static let table = "servers.csv"

    var timelineSection: [ReportSection.Block] {
        let waves = plan.waves.map { wave in
            let taken = wave.startedAt.flatMap { start in wave.endedAt.map { Int(($0 - start).seconds.rounded()) } }
            return ReportTable.Row([
                "\(wave.waveNumber) \(wave.name)", Words.duration(wave.plannedStartSeconds),
                Words.moment(wave.startedAt), Words.duration(wave.plannedEndSeconds),
                Words.duration(wave.targetSeconds), Words.moment(wave.endedAt),
                Words.duration(taken), wave.status.rawValue, "\(wave.launched) of \(wave.servers)",
            ])
        }
        let jobs = timeline.jobs.map {
            ReportTable.Row(
                [
                    $0.jobId ?? "-", "\($0.waveNumber)", "\($0.accountId) \($0.region)", "\($0.servers)",
                    Words.moment($0.queuedAt), Words.moment($0.acceptedAt), Words.moment($0.endedAt), $0.state,
                ],
                isException: $0.state != "ENDED"
            )
        }
        let events = timeline.events.map {
            ReportTable.Row(
                ["\($0.sequence)", Words.moment($0.at), $0.kind, $0.by ?? "-", Words.number($0.waveNumber), $0.text],
                isException: $0.by != nil || $0.kind.hasSuffix("FAILED") || $0.kind.hasPrefix("EXECUTION")
            )
        }
        let left = timeline.notExecuted.map {
            ReportTable.Row(
                [$0.what, $0.result, $0.by ?? "-", Words.moment($0.at), $0.reason ?? Words.notRecorded],
                isException: true
            )
        }
        let waveColumns = [
            "Step", "Planned start", "Started", "Planned end", "Must be done", "Ended", "Took", "Status", "Launched",
        ]
        let jobColumns = ["Job", "Wave", "Where", "Servers", "Queued", "Accepted", "Ended", "State"]
        return [
            .chart(gantt, words: "Waves over time; the table below says the same."),
            .table(ReportTable("Waves", waveColumns, waves)),
            .text(
                "Planned, since the start of the clock: as the plan alone has it, with 9 minutes a wave, the time that DRS was "
                    + "seen to take for a drill, and without anybody being waited for. Must be done: the plan's objective "
                    + "shared out in the same parts."
            ),
            .table(ReportTable("Jobs", jobColumns, jobs)),
            left.isEmpty
                ? .text("No step was left out.")
                : .table(ReportTable("Steps not executed", ["Step", "Result", "By", "When", "Why"], left)),
            .table(ReportTable("Journal", ["No.", "When", "Event", "By", "Wave", "What"], events)),
        ]
    }

    var recoveryTimeSection: [ReportSection.Block] {
        let anatomy = recoveryTime.anatomy
        let kinds = RecoveryTimeAnatomy.Kind.allCases.map { kind in
            ReportTable.Row([
                kind.words, kind.meaning, Words.seconds(milliseconds: anatomy.totals[kind]),
                Words.share(anatomy.totals[kind], of: anatomy.totals.total),
            ])
        }
        let total = ReportTable.Row(["Total", "", Words.seconds(milliseconds: anatomy.totals.total), "100.0 %"])
        let segments = anatomy.segments.map {
            ReportTable.Row([
                Words.moment($0.from), Words.seconds(milliseconds: $0.milliseconds), $0.kind.words, $0.what,
                Words.number($0.waveNumber), $0.sourceServerId ?? "-",
            ])
        }
        let waves = recoveryTime.waves.map { wave in
            ReportTable.Row(
                ["\(wave.waveNumber) \(wave.name)"]
                    + RecoveryTimeAnatomy.Kind.allCases.map { Words.seconds(milliseconds: wave.anatomy[$0]) }
                    + [Words.seconds(milliseconds: wave.anatomy.total)]
            )
        }
        let accounts = recoveryTime.accounts.map {
            ReportTable.Row([
                $0.accountId, "\($0.launched) of \($0.servers)", Words.duration($0.untilLastLaunchSeconds),
            ])
        }
        return [
            .facts([
                ("From", "\(Words.moment(anatomy.from)) (\(identity.declaredAt == nil ? "start" : "declaration"))"),
                (
                    "To",
                    "\(Words.moment(anatomy.to)) (\(recoveryTime.isReached ? "last launch" : "nothing was launched"))"
                ),
                ("Taken", Words.seconds(milliseconds: anatomy.totals.total)),
                ("Objective", Words.duration(recoveryTime.objectiveSeconds)),
            ]), .chart(anatomyBar, words: "The five parts of the recovery time; the table below says the same."),
            .table(ReportTable("Where the time went", ["Part", "Meaning", "Time", "Share"], kinds + [total])),
            .table(ReportTable("The critical path", ["From", "Time", "Part", "What", "Wave", "Server"], segments)),
            .table(
                ReportTable(
                    "Wave by wave, from when each could begin",
                    ["Step"] + RecoveryTimeAnatomy.Kind.allCases.map(\.words) + ["Total"],
                    waves
                )
            ), .table(ReportTable("By account", ["Account", "Launched", "Until its last launch"], accounts)),
        ]
    }

    var recoveryPointSection: [ReportSection.Block] {
        guard recoveryPoint.takenAt != nil else {
            return [.notRecorded("How old the servers' data was at the start")]
        }
        let rows = servers.map { server in
            ReportTable.Row(
                [
                    server.hostname, server.sourceServerId, server.recoveryPoint, server.replicationState ?? "-",
                    server.lagSeconds.map { "\($0) s" } ?? Words.notRecorded, Words.moment(server.lagAsOf),
                    server.isWithinRecoveryPointObjective.map { $0 ? "within" : "BREACH" } ?? "-",
                ],
                isException: server.isWithinRecoveryPointObjective == false || server.lagSeconds == nil
            )
        }
        let columns = ["Host", "Server", "Recovery point", "Replication", "Age", "As of", "Objective"]
        return [
            .facts([
                ("Objective", Words.duration(recoveryPoint.objectiveSeconds)),
                ("Noted", Words.moment(recoveryPoint.takenAt)),
                ("Oldest", recoveryPoint.worstSeconds.map { "\($0) s" } ?? Words.notRecorded),
                ("Breaches", "\(recoveryPoint.breaches)"), ("Not known", "\(recoveryPoint.unknown)"),
            ]),
            .text(
                "The age is the replication lag that the inventory had at the start. Of a recovery point chosen by hand the "
                    + "age is not recorded."
            ), .table(ReportTable("Age of each server's data", columns, rows, attachment: Self.table)),
        ]
    }

    var serverSection: [ReportSection.Block] {
        let rows = servers.map { server in
            ReportTable.Row(
                [
                    server.hostname, server.sourceServerId, "\(server.accountId) \(server.region)",
                    "\(server.waveNumber)", server.impact, server.jobId ?? "-", server.recoveryInstanceId ?? "-",
                    server.status.rawValue, "\(server.attempts)", Words.duration(server.launchSeconds),
                    "\(server.jobLogItems)", [server.error, server.note].compactMap { $0 }.joined(separator: " "),
                ],
                isException: server.status != .launched || server.attempts > 1 || server.note != nil
            )
        }
        let columns = [
            "Host", "Server", "Where", "Wave", "Impact", "Job", "Instance", "Result", "Tries", "Took", "Log", "Remark",
        ]
        return [
            .table(ReportTable("Servers", columns, rows, attachment: Self.table))
        ]
            + remarkBlocks(
                .serverEvidence,
                or: "Instance type, subnet, address, console output",
                caption: "Evidence as entered"
            )
    }

    var validationSection: [ReportSection.Block] {
        [
            .facts([("Launched, and the instance seen in DRS", "\(validation.instancesSeen) of \(validation.launched)")]
            )
        ]
            + entryBlocks(
                validation.entries,
                or: "Probes, data integrity checks, remarks of testers",
                caption: "Checks as entered"
            )
    }

    var decisionSection: [ReportSection.Block] {
        guard !decisions.isEmpty else { return [.notRecorded("Decisions")] + callBlocks + noteBlocks }
        let rows = decisions.map {
            ReportTable.Row([
                Words.moment($0.at), $0.by, $0.what, Words.number($0.waveNumber), $0.comment ?? "-",
                Words.duration($0.waitedSeconds),
            ])
        }
        return [
            .table(ReportTable("Decisions", ["When", "Who", "What", "Wave", "Comment", "Had waited"], rows))
        ] + callBlocks + noteBlocks
    }

    /// As whom people called, by the audit: the issuer that vouched for them, and uses of break-glass codes.
    private var callBlocks: [ReportSection.Block] {
        guard let calls, !calls.isEmpty else { return [.notRecorded("As whom each of them had signed in")] }
        let rows = calls.map { call in
            ReportTable.Row(
                [
                    Words.moment(call.at), call.action, call.outcome.rawValue, call.principal,
                    call.signedIn, call.sourceAddress ?? "-",
                ],
                isException: call.isBreakGlass || call.outcome == .refused
            )
        }
        let columns = ["When", "Call", "Outcome", "Subject and issuer", "Signed in", "From"]
        return [
            .table(ReportTable("Calls that changed it, by the audit", columns, rows)),
            .text(
                "Uses of break-glass codes: \(calls.count(where: \.isBreakGlass)). With how many factors somebody signed in is "
                    + "the issuer's to tell: an access token of Cognito does not say it."
            ),
        ]
    }

    /// What people wrote down while it ran.
    private var noteBlocks: [ReportSection.Block] {
        let notes = timeline.events.filter { $0.kind == JournalEntry.Kind.note.rawValue }
        guard !notes.isEmpty else { return [.notRecorded("Notes taken during the run")] }
        let rows = notes.map { ReportTable.Row([Words.moment($0.at), $0.by ?? "-", $0.text]) }
        return [.table(ReportTable("Notes taken during the run", ["When", "Who", "Note"], rows))]
    }
}
