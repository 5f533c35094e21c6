internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `The recovery point of a server` {
    private static let pinned = RecoverySnapshotID(rawValue: "pit-00000000000000001")
    private static let other = RecoverySnapshotID(rawValue: "pit-00000000000000002")

    private func replaced(_ server: Int, _ snapshot: RecoverySnapshotID?) -> Execution.Event {
        .recoveryPointReplaced(.sample(server), snapshot, by: "ada", reason: "the later ones are encrypted")
    }

    private func code(_ run: Rehearsal, _ server: Int) -> Refusal.Code? {
        run.execution.refusal(of: .replaceRecoveryPoint(.sample(server)))?.code
    }

    @Test func `is what the plan says, until a person chooses another one, or none`() {
        var run = Rehearsal(.sample(waves: [1, 1]) { $0.waves[1].servers[0].recoverySnapshotId = Self.pinned })
        #expect(run.execution.recoveryPoint(of: .sample(1)) == .latest)
        #expect(run.execution.recoveryPoint(of: .sample(2)) == RecoveryPoint(Self.pinned))
        run.receive(replaced(2, Self.other))
        #expect(run.execution.recoveryPoint(of: .sample(2)).snapshot == Self.other)
        #expect(run.last.effects.isEmpty && run.last.servers == [1])
        let entry = run.last.journal.first
        #expect(entry?.kind == .recoveryPointReplaced && entry?.by == "ada" && entry?.waveNumber == 1)
        #expect(entry?.label == Self.other?.rawValue && entry?.text == "the later ones are encrypted")
        run.receive(replaced(2, nil))
        #expect(run.execution.recoveryPoint(of: .sample(2)) == .latest && run.last.journal.first?.label == "LATEST")
        run.receive(replaced(2, nil))
        #expect(run.last == Execution.Outcome(), "chosen already")
    }

    @Test func `can be replaced while its job is queued, whose command is written anew`() {
        var run = Rehearsal(.sample(waves: [2]))
        #expect(code(run, 1) == nil)
        run.receive(replaced(1, Self.other))
        #expect(run.last.effects == [.rewrite(run.launches[0])])
        run.accept(0)
        #expect(code(run, 1) == .serverStarted)
        run.receive(replaced(1, nil))
        #expect(run.last == Execution.Outcome())
        run.report("LAUNCHED", 0)
        #expect(code(run, 1) == .serverStarted && code(run, 9) == .unknownServer)
        #expect(run.execution.recoveryPoint(of: .sample(1)).snapshot == Self.other)
    }

    @Test func `can be replaced of a failed server, and is what its retry launches from`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.fail(0)
        #expect(run.status == .failed && code(run, 1) == nil && code(run, 2) == nil)
        run.receive(replaced(1, Self.other))
        run.receive(replaced(2, Self.pinned))
        #expect(run.status == .failed, "choosing takes nothing up again")
        run.receive(.retryRequested([.sample(1)], by: "ada"))
        #expect(run.execution.recoveryPoint(of: .sample(1)).snapshot == Self.other)
        run.launch(0)
        #expect(run.execution.recoveryPoint(of: .sample(2)).snapshot == Self.pinned)
        run.launch(1)
        #expect(run.status == .completed && code(run, 1) == .executionEnded)
    }

    @Test func `stays once the execution is cancelled or cleaned up`() {
        var cancelled = Rehearsal(.sample(waves: [1, 1]))
        cancelled.accept(0)
        cancelled.receive(.cancelRequested(by: "ada", comment: nil))
        #expect(code(cancelled, 2) == .executionEnded)
        cancelled.receive(replaced(2, Self.other))
        #expect(cancelled.execution.recoveryPoint(of: .sample(2)) == .latest)
        var cleaned = Rehearsal(.sample(waves: [1]))
        cleaned.fail(0)
        cleaned.cleanUp()
        #expect(code(cleaned, 1) == .cleanUpStarted)
    }

    @Test func `that a person chose stays as the database has it`() {
        for point in [RecoveryPoint.latest, RecoveryPoint(Self.pinned)] {
            #expect(RecoveryPoint(label: point.label) == point)
        }
        #expect(RecoveryPoint(label: "pit-short") == nil)
    }
}
