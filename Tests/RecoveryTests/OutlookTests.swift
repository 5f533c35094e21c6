internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `The outlook of waves` {
    private static func seconds(_ span: Execution.Span?) -> [Double]? {
        span.map { [$0.begin.seconds, $0.end.seconds] }
    }

    @Test func `is planned along the dependencies, and the objective is shared out as planned`() {
        let run = Rehearsal(.sample(waves: [1, 1, 1]) { $0.recoveryTimeObjectiveMinutes = 54 })
        let outlooks = run.execution.outlooks(at: run.now)
        #expect(outlooks.count == 3)
        #expect(Self.seconds(outlooks[1]?.planned) == [540, 1080])
        #expect(outlooks[0]?.target?.seconds == 1080)
        #expect(outlooks[2]?.target?.seconds == 3240)
    }

    @Test func `lets branches run side by side`() {
        let run = Rehearsal(.sample(waves: [1, 1, 1], dependsOn: [[2], [], []]))
        let outlooks = run.execution.outlooks(at: run.now)
        #expect(Self.seconds(outlooks[0]?.planned) == [540, 1080])
        #expect(Self.seconds(outlooks[1]?.planned) == [0, 540])
        #expect(outlooks[0]?.target == nil)
    }

    @Test func `forecasts what is left, and ends when the execution's own forecast ends`() throws {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.accept(0)
        run.wait(.seconds(99))
        run.report("LAUNCHED", 0)
        let elapsed = run.execution.elapsed(at: run.now).seconds
        let outlooks = run.execution.outlooks(at: run.now)
        #expect(outlooks[0]?.forecast == nil)
        // The second wave takes what the first one took.
        let took = try #require(run.execution.waves[0].endedAt) - run.execution.startedAt
        #expect(Self.seconds(outlooks[1]?.forecast) == [elapsed, elapsed + took.seconds])
        #expect(outlooks[1]?.forecast?.end == run.execution.forecast(at: run.now))
    }

    @Test func `forecasts nothing once it has ended`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.report("LAUNCHED", 0)
        run.end(0)
        #expect(run.execution.outlooks(at: run.now)[0]?.forecast == nil)
        #expect(run.execution.forecast(at: run.now) == nil)
    }
}
