package import Ambient

/// How often one target is sent something: a flood becomes a few messages that count.
///
/// What has gathered since the last message is one message. While each finds more than one notice waiting, the rest after
/// it doubles, from 5 s up to a minute; a message of a single notice halves it again. So a lone notice goes out at once,
/// and nobody gets more than a message a minute out of the longest flood.
package struct NotificationPace: Sendable, Hashable {
    /// Seconds of rest after the last message.
    package var restSeconds: Int

    package init(restSeconds: Int = 0) {
        self.restSeconds = restSeconds
    }

    /// The first rest of a flood.
    private static let shortest = 5
    /// The longest: a wave that waits for approval is told within it, whatever else happens.
    package static let longest = 60

    /// Notes a message.
    ///
    /// - Parameters:
    ///   - count: The notices of the message.
    ///   - now: When it is made.
    /// - Returns: Until when the target is left alone.
    package mutating func sent(_ count: Int, at now: Instant) -> Instant {
        if count > 1 {
            restSeconds = min(Self.longest, max(Self.shortest, restSeconds * 2))
        } else {
            restSeconds /= 2
            if restSeconds < Self.shortest { restSeconds = 0 }
        }
        return now + .seconds(restSeconds)
    }
}

/// What becomes of a message that could not be delivered.
package enum DeliveryCourse: Sendable, Hashable {
    case again(at: Instant)
    /// A person looks at it, and may have it sent again.
    case dead

    /// The first wait lets a server restart that was just restarting, the longest finds one within a quarter of an hour.
    private static let patience = Backoff(base: .seconds(2), limit: .seconds(900))

    /// Decides after a failed attempt.
    ///
    /// - Parameters:
    ///   - attempts: How often it was tried, this time included.
    ///   - allowed: How often it may be tried.
    ///   - isFinal: Whether trying again cannot help.
    ///   - now: The time it is.
    ///   - chance: Spreads those who try again.
    /// - Returns: What becomes of the message.
    package static func after(
        attempts: Int,
        allowed: Int,
        isFinal: Bool,
        at now: Instant,
        by chance: some Chance
    ) -> DeliveryCourse {
        guard !isFinal, attempts < allowed else { return .dead }
        return .again(at: now + patience.delay(after: attempts, by: chance))
    }
}
