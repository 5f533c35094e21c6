internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

/// A zone with one jump, so that a test sees both sides of it without a table of the world's zones.
private struct OneJump: TimeZoneRules {
    let at: Instant
    let before: Int64
    let after: Int64

    func offset(at moment: Instant) -> Int64 { moment < at ? before : after }
}

@Suite struct `A cron expression` {
    private func next(
        _ text: String,
        _ count: Int,
        after moment: String,
        in zone: some TimeZoneRules = UTC()
    ) throws -> [String] {
        let start = try #require(Instant(moment))
        return try CronExpression(text).next(count, after: start, in: zone).map(\.description)
    }

    @Test(arguments: [
        ("30 22 * * *", "2026-11-27T22:30:00.000Z", ["2026-11-28T22:30:00.000Z", "2026-11-29T22:30:00.000Z"]),
        ("0 6 L * *", "2027-01-31T06:00:00.000Z", ["2027-02-28T06:00:00.000Z", "2027-03-31T06:00:00.000Z"]),
        ("0 22 * * SAT#1", "2026-11-27T00:00:00.000Z", ["2026-12-05T22:00:00.000Z", "2027-01-02T22:00:00.000Z"]),
        ("0 22 * * FRI#L", "2026-11-27T22:00:00.000Z", ["2026-12-25T22:00:00.000Z", "2027-01-29T22:00:00.000Z"]),
        ("15 */12 * * MON-FRI", "2026-11-27T00:15:00.000Z", ["2026-11-27T12:15:00.000Z", "2026-11-30T00:15:00.000Z"]),
        ("0 0 29 FEB *", "2026-01-01T00:00:00.000Z", ["2028-02-29T00:00:00.000Z", "2032-02-29T00:00:00.000Z"]),
        ("0 4 1 * sun", "2026-11-27T00:00:00.000Z", ["2026-11-29T04:00:00.000Z", "2026-12-01T04:00:00.000Z"]),
        ("0 4 * * 5-7", "2026-11-27T04:00:00.000Z", ["2026-11-28T04:00:00.000Z", "2026-11-29T04:00:00.000Z"]),
        ("59 23 31 DEC *", "2026-11-27T00:00:00.000Z", ["2026-12-31T23:59:00.000Z", "2027-12-31T23:59:00.000Z"]),
    ])
    func `says when it happens next`(text: String, moment: String, expected: [String]) throws {
        #expect(try next(text, expected.count, after: moment) == expected)
    }

    @Test func `happens as much later as clocks jump over its time`() throws {
        // New York, 8 March 2026: at 2:00 it is 3:00.
        let zone = OneJump(at: try #require(Instant("2026-03-08T07:00:00Z")), before: -18_000, after: -14_400)
        #expect(
            try next("30 2 * * *", 3, after: "2026-03-07T00:00:00Z", in: zone) == [
                "2026-03-07T07:30:00.000Z", "2026-03-08T07:30:00.000Z", "2026-03-09T06:30:00.000Z",
            ]
        )
    }

    @Test func `happens once where clocks show its time twice`() throws {
        // New York, 1 November 2026: at 2:00 it is 1:00 again.
        let zone = OneJump(at: try #require(Instant("2026-11-01T06:00:00Z")), before: -14_400, after: -18_000)
        #expect(
            try next("30 1 * * *", 3, after: "2026-10-31T00:00:00Z", in: zone) == [
                "2026-10-31T05:30:00.000Z", "2026-11-01T05:30:00.000Z", "2026-11-02T06:30:00.000Z",
            ]
        )
    }

    @Test func `never goes back, and never leaves a day out, whatever the clocks do`() throws {
        for seed in UInt64(0)..<200 {
            var chance = SeededGenerator(Seed(seed))
            let jump = Instant(milliseconds: 1_790_000_000_000 + Int64.random(in: 0..<2_592_000, using: &chance) * 1000)
            let before = Int64.random(in: -12...14, using: &chance) * 3600
            let after = before + Int64.random(in: -2...2, using: &chance) * 1800
            let zone = OneJump(at: jump, before: before, after: after)
            let minute = Int64.random(in: 0..<1440, using: &chance)
            let cron = try CronExpression("\(minute % 60) \(minute / 60) * * *")
            let moments = cron.next(60, after: Instant(milliseconds: 1_789_000_000_000), in: zone)
            #expect(moments.count == 60)
            for (earlier, later) in zip(moments, moments.dropFirst()) {
                let gap: Duration = later - earlier
                #expect(gap >= .seconds(82_800) && gap <= .seconds(90_000), "seed \(seed): \(earlier) \(later)")
            }
            #expect(Set(moments.map { zone.date(at: $0) }).count >= 59, "seed \(seed)")
            for moment in moments {
                let shown = (moment.milliseconds / 1000 + zone.offset(at: moment)) / 60 % 1440
                // Only a time that the clocks jumped over is shown as another, within the jump's length after it.
                let mayDiffer = moment >= jump && moment < jump + .seconds(after - before)
                #expect(shown == minute || mayDiffer, "seed \(seed): \(moment)")
            }
        }
    }

    @Test(arguments: [
        ("", "0 fields"), ("0 0 * *", "4 fields"), ("* 0 * * *", "the minute"), ("*/5 * * * *", "the minute"),
        ("60 0 * * *", "the minute"), ("0 24 * * *", "hour"), ("0 0 0 * *", "day of month"),
        ("0 0 32 * *", "day of month"),
        ("0 0 * 13 *", "month"), ("0 0 * FOO *", "JAN to DEC"), ("0 0 * * 8", "day of week"),
        ("0 0 * * SAT#6", "after #"),
        ("0 0 5-2 * *", "ends before"), ("0 1,,2 * * *", "nothing"), ("0 */0 * * *", "step"),
        ("0 0 30 FEB *", "no month"),
        ("0 0 * * -1", "nothing"), ("0 1-2-3 * * *", "2-3"), ("0 ٣ * * *", "hour"),
    ])
    func `that is wrong says where`(text: String, part: String) {
        let problem = #expect(throws: CronProblem.self) { try CronExpression(text) }
        #expect(problem?.description.contains(part) == true, "\(problem?.description ?? "none")")
    }
}

@Suite struct `A time of a schedule` {
    private static let due = Instant(milliseconds: 1_800_000_000_000)

    private func schedule(_ change: (inout Schedule) -> Void = { _ in }) throws -> Schedule {
        var schedule = Schedule(
            scheduleId: .sample(1),
            scheduleName: "Quarterly",
            planId: .sample(2),
            description: "",
            cron: try CronExpression("0 * * * *"),
            timeZone: "UTC",
            isEnabled: true,
            blackouts: [],
            whenBusy: .wait,
            whenMissed: .start,
            patienceMinutes: 40,
            cleanUpAfterHours: nil,
            createdDate: Self.due,
            lastModifiedDate: Self.due,
            createdBy: "pat",
            revision: 1
        )
        change(&schedule)
        return schedule
    }

    private func decide(_ schedule: Schedule, minutesLate: Int64, wasTried: Bool = false) -> Schedule.Decision {
        let now = Self.due + .seconds(minutesLate * 60)
        return schedule.decision(at: Self.due, now: now, in: UTC(), wasTried: wasTried)
    }

    private func outcome(_ decision: Schedule.Decision?) -> ScheduledRun.Outcome? {
        guard case .leave(let outcome, _) = decision else { return nil }
        return outcome
    }

    @Test func `begins when it has come, and a little later`() throws {
        #expect(decide(try schedule(), minutesLate: 0) == .start)
        #expect(decide(try schedule { $0.whenMissed = .skip }, minutesLate: 5) == .start)
    }

    @Test func `that no hub was there for is missed, or begins late if it may`() throws {
        #expect(outcome(decide(try schedule { $0.whenMissed = .skip }, minutesLate: 6)) == .missed)
        #expect(decide(try schedule(), minutesLate: 40) == .start)
        #expect(outcome(decide(try schedule(), minutesLate: 41)) == .missed, "its patience is over")
        let patient = try schedule { $0.patienceMinutes = 600 }
        #expect(outcome(decide(patient, minutesLate: 60)) == .missed, "the next one has come")
        #expect(decide(patient, minutesLate: 59) == .start)
    }

    @Test func `in a blackout does not begin, and neither does one that waited into it`() throws {
        let start = Self.due + .seconds(600)
        let dark = try schedule {
            $0.blackouts = [.init(from: start, until: start + .seconds(600), reason: "year's end")]
        }
        #expect(decide(dark, minutesLate: 0) == .start)
        #expect(outcome(decide(dark, minutesLate: 10, wasTried: true)) == .skippedBlackout)
        #expect(decide(dark, minutesLate: 20, wasTried: true) == .start, "its end does not belong to it")
    }

    @Test func `whose servers are busy waits, for as long as its patience lasts`() throws {
        let busy = Refusal(.serverConflict, "Servers are in use.")
        func decide(_ schedule: Schedule, minutesLate: Int64, _ refusal: Refusal) -> Schedule.Decision? {
            schedule.decision(at: Self.due, now: Self.due + .seconds(minutesLate * 60), after: refusal)
        }
        #expect(decide(try schedule(), minutesLate: 39, busy) == nil)
        #expect(outcome(decide(try schedule(), minutesLate: 40, busy)) == .skippedBusy)
        #expect(outcome(decide(try schedule { $0.whenBusy = .skip }, minutesLate: 0, busy)) == .skippedBusy)
        #expect(outcome(decide(try schedule(), minutesLate: 0, Refusal(.unknownServer, "gone"))) == .refused)
    }
}
