import AWS
import Ambient
import Testing

@Suite struct `A token bucket` {
    private let limits = TokenBucket.Limits(fastest: 10, slowest: 1, burst: 5, increase: 1)

    @Test func `lets a burst through and then the pace`() {
        var bucket = TokenBucket(limits, at: .zero)
        let waits = (0..<7).map { _ in bucket.take(at: .zero) }
        #expect(waits.prefix(5).allSatisfy { $0 == .zero })
        #expect(waits[5] == .milliseconds(100) && waits[6] == .milliseconds(200))
    }

    @Test func `halves its pace once for throttles that come together`() {
        var bucket = TokenBucket(limits, at: .zero)
        for _ in 0..<50 { bucket.throttled(at: .milliseconds(10), retryAfter: nil) }
        #expect(bucket.rate == 5)
        bucket.throttled(at: .seconds(2), retryAfter: nil)
        #expect(bucket.rate == 2.5)
        for second in 3..<10 { bucket.throttled(at: .seconds(second), retryAfter: nil) }
        #expect(bucket.rate == limits.slowest)
    }

    @Test func `lets nobody through before the wait that AWS asked for, and then one by one`() {
        var bucket = TokenBucket(limits, at: .zero)
        bucket.throttled(at: .zero, retryAfter: .seconds(3))
        #expect(bucket.take(at: .seconds(1)) == .seconds(2) + .milliseconds(200))
        #expect(bucket.take(at: .seconds(1)) == .seconds(2) + .milliseconds(400))
    }

    @Test func `gets its pace back by successes`() {
        var bucket = TokenBucket(limits, at: .zero)
        bucket.throttled(at: .zero, retryAfter: nil)
        for _ in 0..<4 { bucket.succeeded() }
        #expect(bucket.rate == 9 && !bucket.isRested(at: .seconds(60)))
        for _ in 0..<4 { bucket.succeeded() }
        #expect(bucket.rate == limits.fastest && bucket.isRested(at: .seconds(60)))
    }

    @Test func `never lets more through than burst and pace allow, whatever happens`() {
        for seed in 0..<200 as Range<UInt64> {
            let chance = SeededChance(seed: seed)
            var bucket = TokenBucket(limits, at: .zero)
            var (now, starts): (Duration, [Duration]) = (.zero, [])
            for _ in 0..<200 {
                now += .milliseconds(Int64(chance.next() % 60))
                if chance.next() % 20 == 0 {
                    bucket.throttled(at: now, retryAfter: .milliseconds(Int64(chance.next() % 500)))
                }
                starts.append(now + bucket.take(at: now))
            }
            starts.sort()
            let allowed = limits.burst + limits.fastest * 1.0 + 1
            for (index, start) in starts.enumerated() {
                let inSecond = starts[index...].prefix { $0 < start + .seconds(1) }.count
                #expect(Double(inSecond) <= allowed, "seed \(seed)")
            }
        }
    }
}

@Suite struct `The pace of calls` {
    private func call(
        _ account: String,
        _ region: String = "eu-west-1",
        _ operation: String = "DescribeJobs"
    ) -> AWSCall {
        AWSCall(.drs, operation, in: region, account: account, request: SignableRequest())
    }

    @Test func `is one for each account, Region and operation`() {
        let pace = Pace()
        pace.throttled(call("1"), at: .zero, retryAfter: .seconds(5))
        #expect(pace.turn(of: call("1"), at: .zero) > .seconds(5))
        #expect(pace.turn(of: call("2"), at: .zero) == .zero)
        #expect(pace.turn(of: call("1", "eu-west-2"), at: .zero) == .zero)
        #expect(pace.turn(of: call("1", "eu-west-1", "StartRecovery"), at: .zero) == .zero)
    }

    @Test func `slows every caller when one is throttled`() async throws {
        try await Bench.running { _, number in
            number == 1 ? .answer(status: 429, headers: [("Retry-After", "20")], body: "{}") : .answer()
        } _: { bench in
            let start = bench.time.elapsed()
            let drs = bench.drs
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await drs.sourceServers() }
                try await eventually {
                    bench.server.requests.count == 1
                        && bench.time.waited.contains { $0 >= .seconds(20) && $0 < .seconds(30) }
                }
                group.addTask { _ = try await drs.sourceServers() }
                try await group.waitForAll()
            }
            #expect(bench.time.elapsed() - start >= .seconds(20))
            #expect(bench.server.requests.count == 3)
            #expect(bench.time.waited.filter { $0 >= .seconds(5) && $0 < .seconds(30) }.count >= 2)
        }
    }
}
