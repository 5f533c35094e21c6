import Ambient
import Console
import Contract
import Recovery

extension Sample {
    static func execution(
        _ number: Int = 7,
        status: ExecutionStatus = .running,
        type: ExecutionType = .drill,
        text: String? = nil,
        waves: [ExecutionWaveView]? = nil
    ) -> ExecutionView {
        let waves = waves ?? Self.waves(text)
        let servers = waves.flatMap(\.servers)
        func count(_ status: ServerStatus) -> Int { servers.count { $0.status == status } }
        let ended = status.isTerminal ? instant("2026-11-23T07:59:55.000Z") : nil
        return ExecutionView(
            executionId: id(number),
            planId: id(3),
            planName: text ?? "Payments",
            planRevision: 14,
            executionType: type,
            status: status,
            reason: text ?? "Quarterly drill",
            startedBy: text ?? "ana@example.com",
            startedAt: instant("2026-11-23T07:31:55.000Z"),
            declaredAt: nil,
            endedAt: ended,
            currentWave: status.isTerminal || waves.isEmpty ? nil : 1,
            totalWaves: waves.count,
            waitingForPerson: waves.contains { $0.waitingFor?.kind == .approval } ? .approval : nil,
            counts: ExecutionView.Counts(
                total: servers.count,
                pending: count(.pending),
                queued: count(.queued),
                inProgress: count(.inProgress),
                launched: count(.launched),
                failed: count(.failed),
                skipped: count(.skipped),
                cancelled: count(.cancelled)
            ),
            waves: waves,
            verdict: status.isTerminal
                ? Verdict(result: .partial, reasons: [.init(.optionalServerFailed, text ?? "One server failed.")])
                : nil,
            instancesTerminated: false,
            cleanup: nil,
            recoveryTime: ExecutionView.RecoveryTime(
                objectiveSeconds: 1620,
                elapsedSeconds: 870,
                forecastSeconds: status.isTerminal ? nil : 1530
            ),
            revision: 42
        )
    }

    private static func waves(_ text: String?) -> [ExecutionWaveView] {
        [
            wave(
                0,
                text ?? "Databases",
                .completed,
                "07:31:55",
                "07:40:07",
                (0..<3).map { server($0, .launched, text) }
            ),
            wave(
                1,
                text ?? "Middleware",
                .launching,
                "07:40:07",
                nil,
                (3..<12).map { server($0, .launched, text) } + (12..<14).map { server($0, .inProgress, text) }
                    + [server(14, .failed, text)]
            ),
            wave(
                2,
                text ?? "Application, after the sign-off of the database administrators",
                .paused,
                nil,
                nil,
                (15..<21).map { server($0, .pending, text) },
                waiting: .init(
                    kind: .approval,
                    since: instant("2026-11-23T07:45:13.000Z"),
                    until: nil,
                    detail: text ?? "1 more approvals are needed."
                )
            ),
            wave(3, text ?? "Web tier", .pending, nil, nil, (21..<45).map { server($0, .pending, text) }),
        ]
    }

    static func wave(
        _ number: Int,
        _ name: String,
        _ status: WaveStatus,
        _ started: String?,
        _ ended: String?,
        _ servers: [ExecutionWaveView.Server],
        waiting: ExecutionWaveView.WaitingFor? = nil
    ) -> ExecutionWaveView {
        ExecutionWaveView(
            waveNumber: number,
            name: name,
            status: status,
            waitingFor: waiting,
            startedAt: started.map { instant("2026-11-23T\($0).000Z") },
            endedAt: ended.map { instant("2026-11-23T\($0).000Z") },
            jobs: [],
            servers: servers,
            outlook: ExecutionWaveView.Outlook(
                plannedStartSeconds: number * 405,
                plannedEndSeconds: (number + 1) * 405,
                targetSeconds: (number + 1) * 405,
                forecastStartSeconds: status.isSettled ? nil : 700 + number * 200,
                forecastEndSeconds: status.isSettled ? nil : 900 + number * 200
            )
        )
    }

    static func server(_ number: Int, _ status: ServerStatus, _ text: String? = nil) -> ExecutionWaveView.Server {
        ExecutionWaveView.Server(
            sourceServerId: server(number),
            hostname: text ?? "mq-\(number < 10 ? "0" : "")\(number).corp.example",
            accountId: label("111122223333"),
            region: label("us-west-2"),
            impact: number % 5 == 4 ? .optional : .critical,
            status: status,
            launchStatus: nil,
            jobId: "drsjob-0a1",
            recoveryInstanceId: status == .launched
                ? text ?? "i-0abc0000000000\(number < 10 ? "0" : "")\(number)" : nil,
            instanceState: status == .launched ? .running : nil,
            attempts: number == 14 ? 2 : 1,
            startedAt: status == .pending ? nil : instant("2026-11-23T07:40:10.000Z"),
            endedAt: status == .launched || status == .failed ? instant("2026-11-23T07:44:22.000Z") : nil,
            error: status == .failed ? text ?? "InsufficientInstanceCapacity in us-west-2b" : nil,
            recoverySnapshotId: nil,
            waitingFor: nil
        )
    }

    static func events(_ text: String? = nil) -> [JournalView] {
        let kinds: [(JournalEntry.Kind, String?, Int?)] = [
            (.executionStarted, "DRILL", nil), (.waveStarted, nil, 0), (.jobAccepted, nil, 0),
            (.serverLaunched, nil, 0),
            (.waveSettled, "COMPLETED", 0), (.waveStarted, nil, 1), (.jobAccepted, nil, 1), (.serverFailed, nil, 1),
            (.serverLaunched, nil, 1), (.note, nil, nil), (.waveWaiting, "APPROVAL", 2),
        ]
        return kinds.enumerated().map { index, kind in
            JournalView(
                sequence: index + 1,
                at: instant("2026-11-23T07:3\(index % 10):01.000Z"),
                event: kind.0,
                by: index == 0 || kind.0 == .note ? text ?? "ana@example.com" : nil,
                waveNumber: kind.2,
                accountId: label("111122223333"),
                region: label("us-west-2"),
                jobId: text ?? "drsjob-0a1",
                sourceServerId: server(index),
                recoveryInstanceId: kind.0 == .serverLaunched ? text ?? "i-0abc" : nil,
                label: kind.1,
                text: text
                    ?? (kind.0 == .note
                        ? "Network team informed."
                        : kind.0 == .serverFailed ? "InsufficientInstanceCapacity in us-west-2b" : nil)
            )
        }
    }
}

extension Sample {
    static func wallLink(_ text: String? = nil) -> WallLinkView {
        WallLinkView(
            linkId: id(21),
            executionId: id(7),
            label: text ?? "Crisis room",
            createdBy: text ?? "ana@example.com",
            createdAt: instant("2026-11-23T07:40:00.000Z"),
            expiresAt: instant("2026-11-24T07:40:00.000Z")
        )
    }
}
