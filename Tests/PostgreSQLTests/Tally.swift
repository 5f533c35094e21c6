import Synchronization

/// What tasks of a test note down, in the order in which they did.
final class Tally: Sendable {
    private let notes = Mutex<[Int]>([])

    var all: [Int] { notes.withLock { $0 } }
    var count: Int { all.count }

    /// Notes a number, and says how many there are now.
    @discardableResult
    func note(_ number: Int = 0) -> Int {
        notes.withLock { notes in
            notes.append(number)
            return notes.count
        }
    }
}
