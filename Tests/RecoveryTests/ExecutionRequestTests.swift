internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A request` {
    private static let requests: [Execution.Request] = [
        .pause(.now), .resume(wave: nil), .resume(wave: 1), .approve(wave: 1, by: "bob"), .decline(wave: 1), .cancel,
        .terminate,
    ]

    private func codes(_ run: Rehearsal) -> [Refusal.Code?] {
        Self.requests.map { run.execution.refusal(of: $0)?.code }
    }

    @Test func `of a running execution is refused where nothing waits for it`() {
        let run = Rehearsal(.sample(waves: [1, 1]))
        #expect(
            codes(run) == [nil, nil, .notPaused, .notWaitingForApproval, .notWaitingForApproval, nil, .executionActive]
        )
    }

    @Test func `of a paused execution may be a resume`() {
        var run = Rehearsal(.sample(waves: [1, 1]) { $0.waves[1].pauseBeforeWave = true })
        run.launch(0)
        #expect(codes(run) == [nil, nil, nil, .notWaitingForApproval, .notWaitingForApproval, nil, .executionActive])
    }

    @Test func `of an execution that waits for approval may be just that`() {
        var run = Rehearsal(
            .sample(waves: [1, 1]) { $0.waves[1].approvals = .init(count: 1, groups: [], excludeStarter: true) }
        )
        run.launch(0)
        #expect(codes(run) == [nil, nil, .notPaused, nil, nil, nil, .executionActive])
    }

    @Test func `of a cancelling execution is to wait or to say it again`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.accept(0)
        run.cancel()
        let over = Refusal.Code.executionCancelling
        let gone = Refusal.Code.notWaitingForApproval
        #expect(codes(run) == [over, over, over, gone, gone, nil, .executionActive])
    }

    @Test func `of an ended execution is refused but for the clean-up`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.launch(0)
        run.launch(1)
        #expect(codes(run) == Array(repeating: .executionEnded, count: 6) + [nil])
    }

    @Test func `for a clean-up is refused while one runs and after it is done`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.launch(0)
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.execution.refusal(of: .terminate)?.code == .terminationInProgress)
        run.receive(.instancesReported([.sample(.sample(1), .terminated)]))
        run.receive(.terminationEnded(key: "\(run.execution.id)/terminate/111122223333.eu-west-1/1", problem: nil))
        #expect(run.execution.refusal(of: .terminate)?.code == .alreadyTerminated)
    }

    @Test func `names a wave that the execution has`() {
        let run = Rehearsal(.sample(waves: [1]))
        for request: Execution.Request in [.resume(wave: 1), .approve(wave: -1, by: "bob"), .decline(wave: 7)] {
            #expect(run.execution.refusal(of: request)?.code == .ruleBroken)
        }
    }
}
