internal import DequeModule

/// Who gets which connection: the part of a pool that decides, as a value.
///
/// It counts places. A place is taken by a connection that is lent, resting, or being made; there are `size` of them.
/// Who asks when none is free waits, and places go to those who wait in the order in which they came.
package struct PoolMachine<Member> {
    /// One request; never given twice.
    package typealias Ticket = UInt64

    package enum Grant {
        /// A resting connection.
        case take(Member)
        /// A place without a connection: make one.
        case make
    }

    package enum Reply {
        case granted(Grant)
        case waits
        case refused
    }

    package let size: Int
    /// The last one used is used next, so that what is too many rests.
    package private(set) var resting: [Member] = []
    /// Places that are lent, or where a connection is being made.
    package private(set) var busy = 0
    package private(set) var isClosed = false
    /// In the order of asking; those who withdrew are still in it and no longer in `waiting`.
    private var queue: Deque<Ticket> = []
    package private(set) var waiting: Set<Ticket> = []

    package init(size: Int) {
        precondition(size > 0, "a pool needs at least one connection")
        self.size = size
    }

    /// Asks for a connection.
    package mutating func ask(_ ticket: Ticket) -> Reply {
        guard !isClosed else { return .refused }
        if let grant = grant() { return .granted(grant) }
        queue.append(ticket)
        waiting.insert(ticket)
        return .waits
    }

    /// Ends a loan: the connection comes back, or nil when it is closed or could not be made.
    ///
    /// - Returns: Who is next, and what is granted to them.
    package mutating func end(_ member: Member?) -> (ticket: Ticket, grant: Grant)? {
        precondition(busy > 0, "a pool got back more than it had lent")
        busy -= 1
        if let member, !isClosed { resting.append(member) }
        while let ticket = queue.popFirst() {
            guard waiting.remove(ticket) != nil else { continue }
            guard let grant = grant() else { preconditionFailure("a place was just freed and is gone") }
            return (ticket, grant)
        }
        return nil
    }

    /// Waits no longer.
    ///
    /// - Returns: False when the ticket was answered already.
    package mutating func withdraw(_ ticket: Ticket) -> Bool {
        guard waiting.remove(ticket) != nil else { return false }
        // Those who withdrew leave the queue when they reach its head, or when they are most of it.
        if queue.count > 2 * waiting.count + 64 { queue.removeAll { !waiting.contains($0) } }
        return true
    }

    /// Gives up the connections that rest.
    package mutating func clear() -> [Member] {
        defer { resting = [] }
        return resting
    }

    /// Grants nothing from now on.
    ///
    /// - Returns: Who waited, and the connections to close; those that are lent are closed as they come back.
    package mutating func close() -> (waited: [Ticket], resting: [Member]) {
        defer {
            (isClosed, queue, waiting, resting) = (true, [], [], [])
        }
        return (queue.filter(waiting.contains), resting)
    }

    private mutating func grant() -> Grant? {
        if let member = resting.popLast() {
            busy += 1
            return .take(member)
        }
        guard busy < size else { return nil }
        busy += 1
        return .make
    }
}
