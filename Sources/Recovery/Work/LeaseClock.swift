/// Judges whether leases still hold, by the heartbeats that the hub acknowledged.
///
/// A value on `CLOCK_BOOTTIME`: a paused machine must not make an old lease look fresh. A lease holds while no gap
/// between the acknowledged heartbeats (each counted from when it was *sent*) was longer than `gap` since the command
/// came; after a longer one the work may be somebody else's, and heartbeats that come later do not bring it back.
package struct LeaseClock: Sendable, Hashable {
    /// The hub counts a spoke as lost after 30 s without a heartbeat; 5 s are left for the send that follows the check.
    package static let gap: Duration = .seconds(25)

    private var unbrokenSince: Duration?
    private var lastAcknowledged: Duration?

    package init() {}

    /// The hub acknowledged a heartbeat that was sent at that time.
    package mutating func acknowledged(sentAt sent: Duration) {
        if let last = lastAcknowledged {
            if sent - last > Self.gap { unbrokenSince = sent }
            lastAcknowledged = max(last, sent)
        } else {
            unbrokenSince = sent
            lastAcknowledged = sent
        }
    }

    /// Whether the lease of a command that came at `received` holds now.
    package func holds(received: Duration, at now: Duration) -> Bool {
        guard let unbrokenSince, let lastAcknowledged else { return false }
        return unbrokenSince <= received && now - lastAcknowledged <= Self.gap
    }
}
