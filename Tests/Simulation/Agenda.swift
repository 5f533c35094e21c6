internal import Ambient

/// What is to happen, earliest first; at the same moment in the order in which it was planned.
struct Agenda {
    private struct Entry {
        let at: Instant
        let number: Int
        let action: World.Action

        func isBefore(_ other: Entry) -> Bool {
            at == other.at ? number < other.number : at < other.at
        }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var written = 0

    var next: Instant? { entries.first?.at }

    mutating func add(_ action: World.Action, at instant: Instant) {
        written += 1
        entries.append(Entry(at: instant, number: written, action: action))
        var place = entries.count - 1
        while place > 0, entries[place].isBefore(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func takeFirst() -> World.Action? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.action }
        entries[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < entries.count {
                if entries[child].isBefore(entries[least]) { least = child }
            }
            guard least != place else { return first.action }
            entries.swapAt(place, least)
            place = least
        }
    }
}
