import Ambient
import Recovery
import TestKit
import Testing

@Suite struct `What people are told` {
    private static func notices(_ rehearsal: Rehearsal) -> [Notice] {
        var number = 0
        return rehearsal.execution.notices(of: rehearsal.history.journal, at: rehearsal.now) {
            number += 1
            return .sample(number)
        }
    }

    @Test func `of a drill that goes well is that it started and how it ended`() {
        var rehearsal = Rehearsal(.sample(waves: [2, 1]))
        rehearsal.launch(0)
        rehearsal.launch(1)
        rehearsal.cleanUp()
        let notices = Self.notices(rehearsal)
        #expect(notices.map(\.kind) == [.executionStarted, .executionEnded, .cleanUpEnded])
        #expect(notices[1].text.contains("3 of 3 servers launched"), "\(notices[1].text)")
        #expect(Set(notices.map(\.executionId)) == [rehearsal.execution.id])
        #expect(notices.allSatisfy { $0.accounts == [Place.sample().accountId] })
    }

    @Test func `of servers that fail together is one thing, with their number and the first by name`() {
        var rehearsal = Rehearsal(.sample(waves: [30]))
        rehearsal.accept(0)
        rehearsal.report("FAILED", 0, servers: Array(1...25), error: "no capacity")
        let failures = rehearsal.execution.notices(of: rehearsal.last.journal, at: rehearsal.now) { .sample(1) }
            .filter { $0.kind == .serversFailed }
        #expect(failures.count == 1)
        #expect(failures.first?.title.contains("25 servers") == true, "\(failures)")
        #expect(failures.first?.text.hasSuffix("and 15 more") == true, "\(failures)")
    }

    @Test func `of a failed wave says so once, and of one that waits what it waits for`() {
        var failing = Rehearsal(.sample(waves: [1, 1]))
        failing.fail(0)
        failing.withdraw()
        #expect(Self.notices(failing).filter { $0.kind == .waveFailed }.count == 1)
        #expect(Self.notices(failing).last { $0.kind == .executionEnded }?.title.contains("FAILED") == true)
        var waiting = Rehearsal(.sample(waves: [1, 1]))
        waiting.pause(.nextWave)
        waiting.launch(0)
        let waits = Self.notices(waiting).filter { $0.kind == .waveWaiting }
        #expect(waits.count == 1 && waits.first?.text.contains("somebody to resume it") == true, "\(waits)")
    }
}

@Suite struct `A flood of events` {
    /// How many notices gather in each second: quiet, bursts, and floods that last.
    private static func arrivals(_ random: inout SeededGenerator) -> [Int] {
        (0..<random.number(5...40)).flatMap { _ -> [Int] in
            let (length, most) = (random.number(1...60), random.happens(0.3) ? 50 : random.happens(0.5) ? 1 : 0)
            return (0..<length).map { _ in random.number(0...most) }
        }
    }

    @Test func `becomes at most a message a minute in the long run, tells everything, and keeps nobody waiting`() {
        for seed in UInt64(1)...200 {
            var random = SeededGenerator(Seed(seed))
            let arrivals = Self.arrivals(&random) + Array(repeating: 0, count: 120)
            var (pace, restsUntil) = (NotificationPace(), Instant.sample)
            var (gathered, oldest, told) = (0, Instant.sample, 0)
            var messages: [Instant] = []
            for (second, count) in arrivals.enumerated() {
                let now = Instant.sample + .seconds(second)
                if gathered == 0, count > 0 { oldest = now }
                gathered += count
                guard gathered > 0, restsUntil <= now else { continue }
                #expect(now - oldest <= .seconds(NotificationPace.longest), "seed \(seed)")
                messages.append(now)
                told += gathered
                restsUntil = pace.sent(gathered, at: now)
                gathered = 0
            }
            #expect(told == arrivals.reduce(0, +), "seed \(seed)")
            // Once a flood is known, five messages come before it is one a minute.
            let flood = (0..<600).reduce(into: (pace: NotificationPace(), until: Instant.sample, count: 0)) {
                state,
                second in
                let now = Instant.sample + .seconds(second)
                guard state.until <= now else { return }
                state.count += 1
                state.until = state.pace.sent(random.number(2...500), at: now)
            }
            #expect(flood.count <= 5 + 600 / NotificationPace.longest, "seed \(seed): \(flood.count) messages")
        }
    }

    @Test func `leaves a lone event alone`() {
        var pace = NotificationPace()
        #expect(pace.sent(1, at: .sample) == .sample)
        _ = pace.sent(7, at: .sample)
        #expect(pace.restSeconds == 5)
        #expect(pace.sent(1, at: .sample) == .sample)
    }

    @Test func `is told as one message that counts`() {
        let notices = (1...1000).map { number in
            Notice(
                noticeId: .sample(number),
                kind: number.isMultiple(of: 4) ? .waveFailed : .serversFailed,
                at: .sample,
                accounts: [],
                title: "Event \(number)",
                text: String(repeating: "x", count: 5000)
            )
        }
        let message = NoticeMessage(folding: notices)
        #expect(message.subject == "1000 events: 250 WAVE_FAILED, 750 SERVERS_FAILED")
        #expect(message.counts.map(\.count).reduce(0, +) == message.count)
        let text = message.text { _ in "https://muster.example.com/executions/1" }
        #expect(text.contains("Event 20\n") && !text.contains("Event 21\n") && text.contains("And 980 more."))
        #expect(text.utf8.count < 262_144, "SNS takes no more")
        #expect(NoticeMessage(folding: [notices[0]]).subject == "Event 1")
    }
}

@Suite struct `A message that is not delivered` {
    @Test func `is tried again later and later, and is dead in the end`() {
        let chance = SeededChance(seed: 5)
        var waits: [Duration] = []
        for attempts in 1...Limits.deliveryAttempts {
            let course = DeliveryCourse.after(
                attempts: attempts,
                allowed: Limits.deliveryAttempts,
                isFinal: false,
                at: .sample,
                by: chance
            )
            switch course {
            case .again(let time):
                #expect(attempts < Limits.deliveryAttempts)
                waits.append(time - .sample)
            case .dead: #expect(attempts == Limits.deliveryAttempts)
            }
        }
        #expect(waits.count == Limits.deliveryAttempts - 1)
        #expect(waits.allSatisfy { $0 <= .seconds(900) } && waits[0] <= .seconds(2))
    }

    @Test func `is dead at once where trying again cannot help`() {
        let course = DeliveryCourse.after(
            attempts: 1,
            allowed: 9,
            isFinal: true,
            at: .sample,
            by: SeededChance(seed: 1)
        )
        #expect(course == .dead)
    }
}

@Suite struct `The rules of a notification target` {
    private func pointers(
        _ address: NotificationTarget.Address,
        hasSecret: Bool,
        events: [Notice.Kind] = [.test]
    ) -> [String] {
        let target = NotificationTarget(
            targetId: .sample(1),
            targetName: "T",
            description: "",
            address: address,
            eventKinds: events,
            accounts: nil,
            plans: nil,
            isEnabled: true,
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        )
        guard case .pointers(let pointers)? = NotificationRules(target: target, hasSecret: hasSecret).refusal?.facts
        else {
            return []
        }
        return pointers.map(\.pointer)
    }

    @Test func `ask for what its kind needs`() {
        let webhook = NotificationTarget.Address.webhook(.init(url: "https://a"))
        #expect(pointers(webhook, hasSecret: true) == [])
        #expect(pointers(webhook, hasSecret: false, events: []) == ["/eventKinds", "/webhook/secret"])
        func mail(_ username: String?) -> NotificationTarget.Address {
            .mail(.init(host: "h", port: 25, security: .startTLS, username: username, from: "a@b", to: ["c@d"]))
        }
        #expect(pointers(mail(nil), hasSecret: false) == [] && pointers(mail("u"), hasSecret: true) == [])
        #expect(pointers(mail("u"), hasSecret: false) == ["/email/password"])
        #expect(pointers(mail(nil), hasSecret: true) == ["/email/username"])
        let topic = NotificationTarget.Topic(
            accountId: Place.sample().accountId,
            topicArn: "arn:aws:sns:nowhere:111122223333:t"
        )
        #expect(pointers(.topic(topic), hasSecret: false) == ["/sns/topicArn"])
    }
}
