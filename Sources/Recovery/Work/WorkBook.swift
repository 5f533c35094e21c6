/// A command under one term of its lease.
package struct WorkUnderTerm<ID: Hashable & Sendable>: Sendable, Hashable {
    package let commandId: ID
    package let term: Int

    package init(commandId: ID, term: Int) {
        self.commandId = commandId
        self.term = term
    }
}

/// What a spoke performs and has performed: a command that comes again is not performed again, but is known to be still
/// this spoke's.
package struct WorkBook<ID: Hashable & Sendable>: Sendable {
    /// Works that have ended are remembered, so that one that comes again is not performed again; this many at most.
    package static var remembered: Int { 4096 }

    private struct Entry: Sendable {
        let term: Int
        var lease: GrantedLease
        var isDropped = false
        var hasEnded = false
    }

    private var entries: [ID: Entry] = [:]

    package init() {}

    /// What is being performed.
    package var held: [WorkUnderTerm<ID>] {
        entries.filter { !$0.value.hasEnded && !$0.value.isDropped }.map {
            WorkUnderTerm(commandId: $0.key, term: $0.value.term)
        }
    }

    /// How many commands are being performed.
    package var count: Int { entries.values.count { !$0.hasEnded } }

    /// Whether a command that the hub gives is new, or newer than what runs under its identifier; that one is then
    /// dropped.
    package mutating func admits(_ work: WorkUnderTerm<ID>, under lease: GrantedLease) -> Bool {
        if entries[work.commandId]?.term == work.term { entries[work.commandId]?.lease = lease }
        guard (entries[work.commandId]?.term ?? Int.min) < work.term else { return false }
        if entries.count >= Self.remembered { entries = entries.filter { !$0.value.hasEnded } }
        entries[work.commandId] = Entry(term: work.term, lease: lease)
        return true
    }

    /// The lease of a work; nil where nobody waits for it any more.
    package func lease(of work: WorkUnderTerm<ID>) -> GrantedLease? {
        guard let entry = entries[work.commandId], entry.term == work.term, !entry.isDropped else { return nil }
        return entry.lease
    }

    /// The hub acknowledged a heartbeat that names these works.
    package mutating func renew(
        _ works: some Sequence<WorkUnderTerm<ID>>,
        sentAt sent: Duration,
        answeredAt answered: Duration
    ) {
        for work in works where entries[work.commandId]?.term == work.term {
            entries[work.commandId]?.lease.renew(sentAt: sent, answeredAt: answered)
        }
    }

    /// A work's term no longer holds.
    package mutating func drop(_ work: WorkUnderTerm<ID>) {
        if entries[work.commandId]?.term == work.term { entries[work.commandId]?.isDropped = true }
    }

    /// Whether nobody waits for what is done under this term any more.
    package func isDropped(_ work: WorkUnderTerm<ID>) -> Bool {
        guard let entry = entries[work.commandId], entry.term == work.term else { return true }
        return entry.isDropped
    }

    /// A work is over.
    package mutating func end(_ work: WorkUnderTerm<ID>) {
        if entries[work.commandId]?.term == work.term { entries[work.commandId]?.hasEnded = true }
    }
}
