/// Judges whether leases still hold, by the heartbeats that the hub acknowledged and by the stream of commands.
///
/// A value on `CLOCK_BOOTTIME`: a paused machine must not make an old lease look fresh. A lease holds while no gap
/// between the acknowledged heartbeats (each counted from when it was *sent*) was longer than `gap` since the command
/// came, and while the stream was not away for longer than `streamGap`; after that the work may be somebody else's, and
/// heartbeats that come later, or another stream, do not bring it back.
package struct LeaseClock: Sendable, Hashable {
    /// The hub counts a spoke as lost after 30 s without a heartbeat; 5 s are left for the send that follows the check.
    package static let gap: Duration = .seconds(25)
    /// The hub counts a spoke as lost 2 s after its stream closed.
    package static let streamGap: Duration = .seconds(1)

    private var unbrokenSince: Duration?
    private var lastAcknowledged: Duration?
    private var streamClosed: Duration?
    /// When a stream opened that came too late for what was leased before.
    private var streamSince: Duration = .zero

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

    /// The stream of commands ended; told again, the first time counts.
    package mutating func closedStream(at now: Duration) {
        streamClosed = streamClosed ?? now
    }

    /// A stream of commands is open.
    package mutating func openedStream(at now: Duration) {
        if let closed = streamClosed, now - closed > Self.streamGap { streamSince = now }
        streamClosed = nil
    }

    /// Whether the lease of a command that came at `received` holds now.
    package func holds(received: Duration, at now: Duration) -> Bool {
        guard let unbrokenSince, let lastAcknowledged else { return false }
        return unbrokenSince <= received && now - lastAcknowledged <= Self.gap
            && streamSince <= received && streamClosed.map { now - $0 <= Self.streamGap } ?? true
    }
}
