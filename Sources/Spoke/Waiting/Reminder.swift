internal import Ambient
internal import Synchronization

/// Lets something be said at once and then at most once a minute, however often it happens.
package final class Reminder: Sendable {
    /// What a person who reads the log wants to see of a trouble that lasts.
    package static let interval: Duration = .seconds(60)

    private let last = Mutex<Duration?>(nil)

    package init() {}

    /// Whether it is time to say it (again).
    package func isDue(at elapsed: Duration) -> Bool {
        last.withLock { last in
            if let said = last, elapsed - said < Self.interval { return false }
            last = elapsed
            return true
        }
    }

    /// The trouble is over, so that the next one is said at once; answers whether anything had been said.
    @discardableResult
    package func clear() -> Bool {
        last.withLock { last in
            defer { last = nil }
            return last != nil
        }
    }
}
