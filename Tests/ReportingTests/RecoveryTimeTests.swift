import Ambient
import Recovery
import Reporting
import TestKit
import Testing

@Suite struct `The anatomy of a recovery time` {
    @Test(arguments: Seed.some(150)) func `gives every millisecond away, and each once`(seed: Seed) {
        let drill = Drill(seed)
        let (end, server) = drill.end
        let declared = Instant.sample - .seconds(600)
        for from in [Instant.sample, declared] {
            let anatomy = RecoveryTimeAnatomy(
                drill.facts,
                plan: drill.dependencies,
                from: from,
                to: end,
                endingWith: server
            )
            var cursor = from
            for segment in anatomy.segments {
                #expect(segment.from == cursor, "a gap or an overlap before \(segment)")
                #expect(segment.to > segment.from)
                cursor = segment.to
            }
            #expect(cursor == max(end, from))
            let sum = RecoveryTimeAnatomy.Kind.allCases.reduce(0) { $0 + anatomy.totals[$1] }
            #expect(sum == Int(end.milliseconds - from.milliseconds))
            #expect(anatomy.totals.total == sum)
        }
    }

    @Test(arguments: Seed.some(150)) func `adds up though the clocks of replicas differ`(seed: Seed) {
        let drill = Drill(seed)
        let (end, server) = drill.end
        let anatomy = RecoveryTimeAnatomy(
            drill.skewed(seed),
            plan: drill.dependencies,
            from: .sample,
            to: end,
            endingWith: server
        )
        var cursor = Instant.sample
        for segment in anatomy.segments {
            #expect(segment.from == cursor && segment.to > segment.from, "\(segment)")
            cursor = segment.to
        }
        #expect(cursor == max(end, .sample))
    }

    @Test(arguments: Seed.some(150)) func `calls each part what an onlooker would`(seed: Seed) {
        let drill = Drill(seed)
        let (end, server) = drill.end
        let anatomy = RecoveryTimeAnatomy(
            drill.facts,
            plan: drill.dependencies,
            from: .sample,
            to: end,
            endingWith: server
        )
        for segment in anatomy.segments {
            for look in drill.looks where look.from < segment.to && segment.from < look.to && look.from < look.to {
                switch segment.kind {
                case .machine: #expect(look.isJobWithDRS, "\(segment)")
                case .queue: #expect(look.isJobWaiting, "\(segment)")
                case .human: #expect(look.isPersonAwaited || look.hasFailed || !look.isJobOpen, "\(segment)")
                case .retry: #expect(look.isJobOpen, "\(segment)")
                case .hub:
                    let isIdle = look.isPersonAwaited && !look.isJobOpen
                    #expect(!look.hasEnded || look.isJobOpen, "what had ended is not the hub's: \(segment)")
                    #expect(!isIdle, "the hub takes a wait for a person upon itself: \(segment)")
                }
            }
        }
    }

    @Test func `tells a pause, a queue, and an attempt that failed apart`() {
        var run = Rehearsal(.sample(waves: [1, 1]) { $0.waves[1].pauseBeforeWave = true })
        var facts: [JournalFact] = []
        func note() {
            for entry in run.last.journal { facts.append(JournalFact(entry, sequence: facts.count + 1, at: run.now)) }
        }
        note()
        func after(_ seconds: Int, _ event: Execution.Event) {
            run.wait(.seconds(seconds - 1))
            run.receive(event)
            note()
        }
        func job(_ wave: Int) -> JobKey { run.jobs(wave).last?.key ?? JobKey("none") }
        func report(_ wave: Int, _ word: String) -> Execution.Event {
            let server = SourceServerID.sample(wave + 1)
            let instance = word == "LAUNCHED" ? server.sampleInstance : nil
            return .serversReported(
                job(wave),
                [ServerReport(sourceServerId: server, launchStatus: word, recoveryInstanceId: instance)]
            )
        }
        after(2, .launchDeferred(job(0), code: "ServiceQuotaExceededException", text: "full"))
        after(30, .jobAccepted(job(0), jobId: "drsjob-1"))
        after(100, report(0, "LAUNCHED"))
        after(50, .resumed(wave: 1, by: "ada", comment: nil))
        after(3, .jobAccepted(job(1), jobId: "drsjob-2"))
        after(200, report(1, "FAILED"))
        after(40, .retryRequested([.sample(2)], by: "ada"))
        after(4, .jobAccepted(job(1), jobId: "drsjob-3"))
        after(120, report(1, "LAUNCHED"))
        let anatomy = RecoveryTimeAnatomy(
            facts,
            plan: [[], [0]],
            from: .sample - .seconds(7),
            to: run.now,
            endingWith: SourceServerID.sample(2).rawValue
        )
        #expect(anatomy.totals.machine == 220_000)
        #expect(anatomy.totals.queue == 30_000)
        #expect(anatomy.totals.human == 97_000)
        #expect(anatomy.totals.retry == 203_000)
        #expect(anatomy.totals.hub == 6_000)
        #expect(
            anatomy.segments.map(\.kind) == [.human, .hub, .queue, .machine, .human, .retry, .human, .hub, .machine]
        )
    }
}
