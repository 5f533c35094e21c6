import PostgreSQL
import Testing

@Suite struct `A pool's machine` {
    typealias Machine = PoolMachine<String>

    @Test func `makes no more connections than it has places`() {
        var machine = Machine(size: 2)
        #expect(text(machine.ask(1)) == "make")
        #expect(text(machine.ask(2)) == "make")
        #expect(text(machine.ask(3)) == "waits")
        #expect(machine.busy == 2)
    }

    @Test func `serves those who wait in the order in which they came`() {
        var machine = Machine(size: 1)
        _ = machine.ask(1)
        for ticket in 2...4 { #expect(text(machine.ask(UInt64(ticket))) == "waits") }
        #expect(text(machine.end("a")) == "2 takes a")
        #expect(text(machine.end("a")) == "3 takes a")
        #expect(text(machine.end("a")) == "4 takes a")
        #expect(text(machine.end("a")) == "nobody")
        #expect(machine.resting == ["a"])
    }

    @Test func `passes over those who withdrew`() {
        var machine = Machine(size: 1)
        for ticket in 1...4 { _ = machine.ask(UInt64(ticket)) }
        let withdrawn = (machine.withdraw(2), machine.withdraw(2), machine.withdraw(1))
        #expect(withdrawn == (true, false, false))
        #expect(text(machine.end("a")) == "3 takes a")
    }

    @Test func `gives the place of a broken connection to the next one, who makes a new one`() {
        var machine = Machine(size: 1)
        for ticket in 1...2 { _ = machine.ask(UInt64(ticket)) }
        #expect(text(machine.end(nil)) == "2 makes")
        #expect(machine.busy == 1)
    }

    @Test func `lends the connection that was used last`() {
        var machine = Machine(size: 2)
        for ticket in 1...2 { _ = machine.ask(UInt64(ticket)) }
        _ = machine.end("a")
        _ = machine.end("b")
        #expect(text(machine.ask(3)) == "take b")
    }

    @Test func `that gives up what rests makes new ones in its places`() {
        var machine = Machine(size: 2)
        for ticket in 1...2 { _ = machine.ask(UInt64(ticket)) }
        _ = machine.end("a")
        let cleared = machine.clear()
        #expect(cleared == ["a"])
        #expect(machine.busy == 1)
        #expect(text(machine.ask(3)) == "make")
        #expect(text(machine.ask(4)) == "waits")
    }

    @Test func `refuses everyone when it is closed, and keeps nothing that comes back`() {
        var machine = Machine(size: 2)
        for ticket in 1...4 { _ = machine.ask(UInt64(ticket)) }
        _ = machine.withdraw(3)
        #expect(machine.close().waited == [4])
        #expect(text(machine.ask(5)) == "refused")
        #expect(text(machine.end("a")) == "nobody")
        #expect(machine.resting.isEmpty)
    }

    /// Safety: places are neither lost nor invented, and nobody is served before someone who came earlier.
    @Test(arguments: 0..<50) func `loses no place and lets nobody jump the queue`(seed: UInt64) {
        var chance = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func roll(_ sides: UInt64) -> UInt64 {
            chance ^= chance << 13
            chance ^= chance >> 7
            chance ^= chance << 17
            return chance % sides
        }
        var machine = Machine(size: 3)
        var (next, lent, queue) = (UInt64(0), 0, [UInt64]())
        for _ in 0..<500 {
            switch roll(4) {
            case 0, 1:
                next += 1
                if case .waits = machine.ask(next) { queue.append(next) } else { lent += 1 }
            case 2 where !queue.isEmpty:
                let ticket = queue.remove(at: Int(roll(UInt64(queue.count))))
                let withdrew = machine.withdraw(ticket)
                #expect(withdrew)
            default:
                guard lent > 0 else { continue }
                let served = machine.end(roll(2) == 0 ? "a" : nil)?.ticket
                #expect(served == queue.first)
                if queue.isEmpty { lent -= 1 } else { queue.removeFirst() }
            }
            #expect(machine.busy == lent)
            #expect(machine.busy + machine.resting.count <= 3)
            #expect(queue.isEmpty || lent == 3)
        }
    }

    private func text(_ reply: Machine.Reply) -> String {
        switch reply {
        case .granted(.take(let member)): "take \(member)"
        case .granted(.make): "make"
        case .waits: "waits"
        case .refused: "refused"
        }
    }

    private func text(_ next: (ticket: Machine.Ticket, grant: Machine.Grant)?) -> String {
        switch next?.grant {
        case .take(let member): "\(next?.ticket ?? 0) takes \(member)"
        case .make: "\(next?.ticket ?? 0) makes"
        case nil: "nobody"
        }
    }
}
