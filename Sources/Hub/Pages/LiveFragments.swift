internal import Ambient
internal import Console
internal import Contract
internal import Hypertext
internal import Recovery
internal import Synchronization

/// The fragments of a page by their identifier, rendered once for all who see the same.
final class LiveFragments: Sendable {
    /// What a rendering depends on.
    struct Key: Hashable {
        let topic: LiveTopic
        let version: Int
        /// Pictures move with the time even where nothing happens.
        let moment: Int64
        let access: Access
    }

    /// Renderings kept: more executions than that are not watched at the same time.
    private static let limit = 64
    /// Milliseconds that a rendering is good for: as often as a stream looks without being woken.
    private static let moment: Int64 = 15_000

    private let kept = Mutex<[Key: [HTML]]>([:])

    static func key(_ topic: LiveTopic, _ execution: ExecutionView, _ access: Access, at now: Instant) -> Key {
        Key(
            topic: topic,
            version: execution.revision,
            moment: execution.endedAt == nil ? now.milliseconds / moment : 0,
            access: access
        )
    }

    /// The fragments, from an earlier viewer or made now.
    func fragments(_ key: Key, _ make: () -> [HTML]) -> [HTML] {
        if let known = kept.withLock({ $0[key] }) { return known }
        let made = make()
        kept.withLock { kept in
            if kept.count >= Self.limit { kept.removeAll() }
            kept[key] = made
        }
        return made
    }
}
