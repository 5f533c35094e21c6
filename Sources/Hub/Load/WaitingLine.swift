/// Who may go in, and who waits for it: the part of a budget that decides, as a value.
///
/// So many are in at once, so many more wait, first come, first served; whoever comes then is turned away.
package struct WaitingLine: Sendable {
    /// One request; never given twice.
    package typealias Ticket = UInt64

    package struct Limits: Sendable, Hashable {
        package let inside: Int
        package let waiting: Int

        package init(inside: Int, waiting: Int) {
            self.inside = inside
            self.waiting = waiting
        }
    }

    package enum Reply: Sendable, Hashable {
        case enters
        case waits
        case turnedAway
    }

    package let limits: Limits
    package private(set) var inside = 0
    /// How many were turned away since the beginning.
    package private(set) var turnedAway = 0
    /// In the order of asking, from `head` on; those who gave up are still in it and no longer in `waiting`.
    private var queue: [Ticket] = []
    private var head = 0
    private var waiting: Set<Ticket> = []

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// How many wait.
    package var length: Int { waiting.count }

    /// Goes in where there is room, or is turned away; `waits`: it would have to, and does not yet.
    package mutating func tryEntering() -> Reply {
        if inside < limits.inside {
            inside += 1
            return .enters
        }
        guard waiting.count >= limits.waiting else { return .waits }
        turnedAway += 1
        return .turnedAway
    }

    /// Asks to go in, and waits for it where need be.
    package mutating func ask(_ ticket: Ticket) -> Reply {
        let reply = tryEntering()
        if reply == .waits {
            queue.append(ticket)
            waiting.insert(ticket)
        }
        return reply
    }

    /// Goes out; answers whose turn it is then, who is in from now on.
    package mutating func leave() -> Ticket? {
        precondition(inside > 0, "somebody went out who was not in")
        while head < queue.count {
            let next = queue[head]
            head += 1
            guard waiting.remove(next) != nil else { continue }
            shorten()
            return next
        }
        shorten()
        inside -= 1
        return nil
    }

    /// Waits no longer; false: it was in already, or never waited.
    package mutating func giveUp(_ ticket: Ticket) -> Bool {
        guard waiting.remove(ticket) != nil else { return false }
        turnedAway += 1
        // Those who gave up leave the queue when they are most of it.
        if queue.count - head > 2 * waiting.count + 64 {
            queue = queue[head...].filter(waiting.contains)
            head = 0
        }
        return true
    }

    private mutating func shorten() {
        guard head == queue.count || head > 1024 else { return }
        queue.removeFirst(head)
        head = 0
    }
}
