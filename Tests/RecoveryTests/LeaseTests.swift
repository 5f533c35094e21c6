internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A lease` {
    private func reading(_ elapsed: Duration, wall: Duration? = nil) -> LeaseClock.Reading {
        LeaseClock.Reading(elapsed: elapsed, wall: .sample + (wall ?? elapsed))
    }

    /// A lease that was granted for longer than any of this takes.
    private func lease(given: Duration) -> GrantedLease {
        GrantedLease(given: given, until: .seconds(1000))
    }

    /// A clock of a spoke that is awake, with a stream since the beginning and a heartbeat acknowledged.
    private func clock(awakeAt now: Duration, heardAt sent: Duration = .zero) -> LeaseClock {
        var clock = LeaseClock()
        clock.acknowledged(sentAt: sent)
        clock.openedStream(askedAt: .zero)
        clock.pulsed(at: reading(now), after: reading(now))
        return clock
    }

    @Test func `holds while heartbeats are acknowledged without a long gap`() {
        var clock = LeaseClock()
        #expect(!clock.holds(lease(given: .seconds(10)), at: reading(.seconds(10))))
        clock = self.clock(awakeAt: .seconds(12), heardAt: .seconds(8))
        #expect(clock.holds(lease(given: .seconds(10)), at: reading(.seconds(12))))
        clock.acknowledged(sentAt: .seconds(30))
        clock.pulsed(at: reading(.seconds(56)), after: reading(.seconds(56)))
        #expect(clock.holds(lease(given: .seconds(10)), at: reading(.seconds(55))))
        #expect(!clock.holds(lease(given: .seconds(10)), at: reading(.seconds(56))))
    }

    @Test func `does not come back with heartbeats that follow a long gap`() {
        var clock = clock(awakeAt: .seconds(61))
        clock.acknowledged(sentAt: .seconds(60))
        #expect(!clock.holds(lease(given: .seconds(10)), at: reading(.seconds(61))))
        #expect(clock.holds(lease(given: .seconds(60)), at: reading(.seconds(61))))
    }

    @Test func `ends with the stream, and is back when the hub gives the work again on another`() {
        var clock = clock(awakeAt: .seconds(11))
        clock.closedStream()
        #expect(!clock.holds(lease(given: .seconds(1)), at: reading(.seconds(10))))
        clock.openedStream(askedAt: .milliseconds(10_020))
        #expect(!clock.holds(lease(given: .seconds(1)), at: reading(.seconds(11))), "it may be another's by now")
        #expect(clock.holds(lease(given: .milliseconds(10_021)), at: reading(.seconds(11))))
    }

    @Test func `is not trusted by who was asleep, before it knows and after`() {
        var clock = clock(awakeAt: .seconds(10))
        #expect(clock.holds(lease(given: .seconds(1)), at: reading(.seconds(13))))
        #expect(!clock.holds(lease(given: .seconds(1)), at: reading(.milliseconds(13_001))), "no pulse for so long")
        let hasSlept = clock.pulsed(at: reading(.seconds(14)), after: reading(.seconds(10)))
        #expect(hasSlept)
        #expect(!clock.holds(lease(given: .seconds(1)), at: reading(.seconds(14))))
        clock.openedStream(askedAt: .seconds(12))
        #expect(!clock.holds(lease(given: .seconds(13)), at: reading(.seconds(14))), "that stream may be gone again")
        clock.openedStream(askedAt: .seconds(14))
        #expect(clock.holds(lease(given: .seconds(14)), at: reading(.seconds(14))))
    }

    @Test func `counts what only the wall clock knows of`() {
        var clock = clock(awakeAt: .seconds(10))
        let later = reading(.seconds(11), wall: .seconds(100))
        #expect(!clock.holds(lease(given: .seconds(1)), at: later))
        let hasSlept = clock.pulsed(at: later, after: reading(.seconds(10)))
        #expect(hasSlept)
        // A wall clock that is put back says nothing.
        var other = self.clock(awakeAt: .seconds(10))
        let earlier = reading(.seconds(11), wall: .seconds(-600))
        let seemsAsleep = other.pulsed(at: earlier, after: reading(.seconds(10)))
        #expect(!seemsAsleep)
        #expect(other.holds(lease(given: .seconds(1)), at: reading(.seconds(12), wall: .seconds(-599))))
    }
}

@Suite struct `A book of work` {
    private typealias Work = WorkUnderTerm<Int>
    private let work = WorkUnderTerm(commandId: 1, term: 2)

    private func lease(_ given: Int) -> GrantedLease {
        GrantedLease(given: .seconds(given), left: WorkLease.time)
    }

    @Test func `remembers when a work was given last, and performs it once`() {
        var book = WorkBook<Int>()
        let admitted = [1, 9].map { book.admits(work, under: lease($0)) }
        #expect(admitted == [true, false])
        #expect(book.lease(of: work) == lease(9))
        let isOlderAdmitted = book.admits(Work(commandId: 1, term: 1), under: lease(10))
        #expect(!isOlderAdmitted)
        #expect(book.lease(of: work) == lease(9), "an older term says nothing of it")
    }

    @Test func `does not give out what was dropped or replaced`() {
        var book = WorkBook<Int>()
        _ = book.admits(work, under: lease(1))
        book.drop(work)
        _ = book.admits(work, under: lease(2))
        #expect(book.lease(of: work) == nil)
        _ = book.admits(Work(commandId: 1, term: 3), under: lease(3))
        #expect(book.lease(of: work) == nil)
    }

    @Test func `renews what a heartbeat names, under the same term`() {
        var book = WorkBook<Int>()
        _ = book.admits(work, under: lease(0))
        book.renew([Work(commandId: 1, term: 1)], sentAt: .seconds(8), answeredAt: .seconds(9))
        #expect(book.lease(of: work)?.until == .seconds(25))
        book.renew([work, Work(commandId: 7, term: 1)], sentAt: .seconds(8), answeredAt: .seconds(9))
        #expect(book.lease(of: work)?.until == .seconds(33))
    }
}

@Suite struct `A granted lease` {
    @Test func `ends ten seconds before the hub's, however long its command lay on the way`() {
        #expect(GrantedLease(given: .seconds(100), left: .seconds(35)).until == .seconds(125))
        #expect(GrantedLease(given: .seconds(100), left: .seconds(12)).until == .seconds(102))
        #expect(GrantedLease(given: .seconds(100), left: .seconds(1)).until == .seconds(91), "over when it came")
        #expect(GrantedLease(given: .seconds(100), left: .seconds(90)).until == .seconds(125), "a clock that is wrong")
    }

    @Test func `is renewed from when the heartbeat was sent, where its answer came in time`() {
        var lease = GrantedLease(given: .zero, left: .seconds(35))
        lease.renew(sentAt: .seconds(20), answeredAt: .seconds(25))
        #expect(lease.until == .seconds(45))
        lease.renew(sentAt: .seconds(10), answeredAt: .seconds(30))
        #expect(lease.until == .seconds(45))
        lease.renew(sentAt: .seconds(44), answeredAt: .seconds(46))
        #expect(lease.until == .seconds(45), "it may have been another's when the hub got it")
    }

    @Test func `does not hold beyond its time`() {
        var clock = LeaseClock()
        let now = LeaseClock.Reading(elapsed: .seconds(10), wall: .sample)
        clock.acknowledged(sentAt: .zero)
        clock.openedStream(askedAt: .zero)
        clock.pulsed(at: now, after: now)
        #expect(clock.holds(GrantedLease(given: .zero, until: .seconds(10)), at: now))
        #expect(!clock.holds(GrantedLease(given: .zero, until: .milliseconds(9_999)), at: now))
    }
}
