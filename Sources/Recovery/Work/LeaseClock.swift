package import Ambient

/// Judges whether leases still hold, by the heartbeats that the hub acknowledged, by the stream of commands, and by
/// whether this process was awake to hear of its end.
///
/// The lease of a command holds while all of this is so, and what was lost does not come back by itself:
/// - no gap between the acknowledged heartbeats, each counted from when it was *sent*, was longer than `gap` since the
///   hub gave it;
/// - the stream on which the hub gave it is open. On another stream the hub says again what it still has for this
///   session, under the same term; until then what is held may be somebody else's;
/// - the process has been awake: it could not hear that its stream ended while it was stopped;
/// - the time for which the hub granted it (`GrantedLease`) is not over.
package struct LeaseClock: Sendable, Hashable {
    /// The hub counts a spoke as lost after 30 s without a heartbeat; 5 s are left for the send that follows the check.
    package static let gap: Duration = .seconds(25)
    /// Between two pulses, by which a spoke knows that it is awake.
    package static let pulse: Duration = .milliseconds(500)
    /// Without a pulse for longer than this the stream may have ended unheard.
    ///
    /// The hub gives the work away 2 s after a stream ended, and whoever gets it looks 5 s for a job before it starts
    /// one: so much of these 7 s is left for the send that follows the check.
    package static let blink: Duration = .seconds(3)

    /// Two clocks read at once.
    ///
    /// `CLOCK_BOOTTIME` goes on while a process or its machine sleeps, but not while a hypervisor holds the machine; the
    /// wall clock is put right after that. What either of them says has gone by has gone by.
    package struct Reading: Sendable, Hashable {
        package var elapsed: Duration
        package var wall: Instant

        package init(elapsed: Duration, wall: Instant) {
            self.elapsed = elapsed
            self.wall = wall
        }

        /// The time since an earlier reading, by the clock that went further.
        package func since(_ earlier: Reading) -> Duration {
            max(elapsed - earlier.elapsed, wall - earlier.wall)
        }
    }

    private var unbrokenSince: Duration?
    private var lastAcknowledged: Duration?
    /// When the stream that is open was asked for; nil: there is none, or it may have ended unheard.
    private var streamSince: Duration?
    private var lastPulse: Reading?
    /// When it was noticed last that the process had been asleep.
    private var wokeAt: Duration = .zero

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

    /// The stream of commands ended.
    package mutating func closedStream() {
        streamSince = nil
    }

    /// A stream of commands is open that was asked for at that time.
    package mutating func openedStream(askedAt asked: Duration) {
        // Asked for before a sleep it may be gone again.
        if asked >= wokeAt { streamSince = asked }
    }

    /// The process was awake at both times, and not known to have been in between.
    ///
    /// - Returns: Whether it was asleep for so long that its stream has to be opened anew.
    @discardableResult
    package mutating func pulsed(at now: Reading, after last: Reading) -> Bool {
        lastPulse = now
        guard now.since(last) > Self.blink else { return false }
        wokeAt = now.elapsed
        streamSince = nil
        return true
    }

    /// Whether a lease holds now.
    package func holds(_ lease: GrantedLease, at now: Reading) -> Bool {
        guard let unbrokenSince, let lastAcknowledged, let streamSince, let lastPulse else { return false }
        return now.elapsed <= lease.until
            && unbrokenSince <= lease.given && now.elapsed - lastAcknowledged <= Self.gap
            && streamSince <= lease.given && now.since(lastPulse) <= Self.blink
    }
}
