internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

/// What can be said of a schedule besides its name, its plan and its times.
struct ScheduleFacts: ParsableArguments {
    @Option(help: "The time zone whose clocks count, such as Europe/Berlin; UTC unless said.") var timeZone: String?
    @Option(help: "Why; each drill has it as its reason.") var description: String?
    @Option(help: "SKIP a drill whose servers are in use, or WAIT for them.") var whenBusy: Schedule.WhenBusy?
    @Option(help: "SKIP a drill that no hub was there for, or START it late.") var whenMissed: Schedule.WhenMissed?
    @Option(help: "Minutes by which a drill may begin late.") var patience: Int?
    @Option(help: "Hours after its start at which a drill's instances are terminated by themselves.")
    var cleanUpAfter: Int?
    @Option(help: "Minutes before a drill at which people are told of it; 0: they are not.") var notice: Int?
    @Option(
        parsing: .upToNextOption,
        help: "Times in which nothing begins: FROM/UNTIL=REASON with times as 2026-12-20T00:00:00Z."
    )
    var blackout: [BlackoutArgument] = []

    var isEmpty: Bool {
        timeZone == nil && description == nil && whenBusy == nil && whenMissed == nil && patience == nil
            && cleanUpAfter == nil && notice == nil && blackout.isEmpty
    }

    /// Writes what was said over what is there.
    func fill(_ body: inout ScheduleBody) {
        if let timeZone { body.timeZone = timeZone }
        if let description { body.description = description }
        if let whenBusy { body.whenBusy = whenBusy }
        if let whenMissed { body.whenMissed = whenMissed }
        if let patience { body.patienceMinutes = patience }
        if let cleanUpAfter { body.cleanUpAfterHours = cleanUpAfter }
        if let notice { body.noticeMinutes = notice }
        if !blackout.isEmpty { body.blackouts = blackout.map(\.blackout) }
    }
}

/// `FROM/UNTIL=REASON`.
struct BlackoutArgument: ExpressibleByArgument {
    let blackout: Schedule.Blackout

    init?(argument: String) {
        let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
        let ends = halves.first?.split(separator: "/").map(String.init) ?? []
        guard halves.count == 2, ends.count == 2, let from = Instant(ends[0]), let until = Instant(ends[1]) else {
            return nil
        }
        blackout = Schedule.Blackout(from: from, until: until, reason: halves[1])
    }
}

extension Schedule.WhenBusy: ExpressibleByArgument {}
extension Schedule.WhenMissed: ExpressibleByArgument {}
