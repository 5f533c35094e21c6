/// The newest event of an execution's journal: its number and its hash.
package struct JournalHead: Sendable, Hashable {
    package var sequence: Int
    package var hash: String

    /// The head of a journal without events.
    package static let empty = JournalHead(sequence: 0, hash: String(repeating: "0", count: 64))

    package init(sequence: Int, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }

    /// Numbers facts after this head and chains each to the hash before it.
    ///
    /// The closure makes the event that is stored, and its hash, from a fact, its number and the hash before.
    package func chaining<Event>(
        _ entries: [JournalEntry],
        seal: (_ entry: JournalEntry, _ sequence: Int, _ previous: String) -> (event: Event, hash: String)
    ) -> (events: [Event], head: JournalHead) {
        var (head, events) = (self, [Event]())
        events.reserveCapacity(entries.count)
        for entry in entries {
            let sequence = head.sequence + 1
            let (event, hash) = seal(entry, sequence, head.hash)
            events.append(event)
            head = JournalHead(sequence: sequence, hash: hash)
        }
        return (events, head)
    }
}
