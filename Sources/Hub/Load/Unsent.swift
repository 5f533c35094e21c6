internal import Synchronization

/// What was written for clients and has not gone out to them: the memory that slow readers hold.
package final class Unsent: Sendable {
    /// All connections together; while it is more, people's requests are turned away.
    ///
    /// A connection holds up to 64 KiB and one piece; this much are hundreds of slow readers, and no trouble.
    package static let limit = 128 << 20

    private let held = Atomic(0)
    private let dropped = Atomic(0)

    package init() {}

    /// Bytes that are held now.
    package var bytes: Int { held.load(ordering: .relaxed) }

    /// Readers that were dropped since the beginning.
    package var droppedReaders: Int { dropped.load(ordering: .relaxed) }

    var isTooMuch: Bool { bytes > Self.limit }

    func add(_ bytes: Int) {
        held.add(bytes, ordering: .relaxed)
    }

    func remove(_ bytes: Int) {
        held.subtract(bytes, ordering: .relaxed)
    }

    func countDropped() {
        dropped.add(1, ordering: .relaxed)
    }
}
