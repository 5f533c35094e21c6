internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The outbox` {
    @Test func `takes a notice for exactly the targets that the domain's rule says`() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        var random = SeededGenerator(Seed(17))
        let accounts = (0...3).map { Place.sample($0).accountId }
        let plans = (1...3).map { RecoveryPlan.ID.sample($0) }
        func some<Element>(_ all: [Element]) -> [Element] { all.filter { _ in random.happens(0.4) } }
        let targets = (1...60).map { number in
            NotificationTarget.sample(
                number,
                events: some(Notice.Kind.choices),
                accounts: random.happens(0.5) ? nil : some(accounts),
                plans: random.happens(0.5) ? nil : some(plans),
                isEnabled: random.happens(0.8)
            )
        }
        try await pool.execute(targets.map { $0.insert(secret: nil) })
        var (told, kept) = (0, 0)
        for number in 1...150 {
            let notice = Notice.sample(
                1000 + number,
                Notice.Kind.choices.randomElement(using: &random) ?? .waveFailed,
                accounts: some(accounts),
                plan: random.happens(0.3) ? nil : plans.randomElement(using: &random)
            )
            try await pool.execute(notice.tell)
            let found = try await pool.run(
                Query(
                    "SELECT target_id FROM notification WHERE notice_id = \(notice.noticeId)",
                    as: NotificationTarget.ID.self
                )
            )
            let wanted = targets.filter { $0.wants(notice) }.map(\.targetId)
            #expect(found.sorted() == wanted.sorted(), "notice \(number)")
            told += wanted.count
            kept += targets.count - wanted.count
        }
        #expect(told > 500 && kept > 500, "the targets hardly differed")
    }

    @Test func `gives a message to one replica at a time, and again when its time is over`() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        try await pool.execute(NotificationTarget.sample(1).insert(secret: [7]))
        let delivery = NotificationDelivery(
            deliveryId: .sample(2),
            targetId: .sample(1),
            notices: 1,
            subject: "s",
            body: "b",
            document: "{}",
            nextAt: .sample,
            createdAt: .sample
        )
        try await pool.execute(delivery.insert)
        func take(_ seconds: Int) async throws -> [NotificationDelivery.Taken] {
            let now = Instant.sample + .seconds(seconds)
            return try await pool.run(NotificationDelivery.take(limit: 9, until: now + .seconds(60), at: now))
        }
        let first = try #require(try await take(0).first)
        #expect(first.delivery.attempts == 1 && first.secret == [7])
        #expect(try await take(59).isEmpty)
        let second = try #require(try await take(60).first)
        // Who came back late says nothing any more.
        #expect(try await pool.execute(first.delivery.settle(nil, problem: nil, at: .sample)) == 0)
        #expect(try await pool.execute(second.delivery.settle(.dead, problem: "p", at: .sample)) == 1)
        #expect(try await take(1000).isEmpty)
        let revived = try await pool.first(NotificationDelivery.revive(.sample(2), of: .sample(1), at: .sample))
        #expect(revived != nil)
        #expect(try await pool.first(NotificationDelivery.revive(.sample(2), of: .sample(1), at: .sample)) == nil)
        let third = try #require(try await take(1001).first)
        #expect(third.delivery.attempts == 3 && third.delivery.attemptsAllowed == 2 + Limits.deliveryAttempts)
    }
}
