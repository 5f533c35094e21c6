/// What a spoke knows of the lease of one command, on `CLOCK_BOOTTIME`.
///
/// The hub keeps a lease for `WorkLease.time` after it gave the command or heard a heartbeat that names it. The spoke
/// counts the same from before the request was sent, and `LeaseClock.gap` only, so that it ends here before it ends there.
package struct GrantedLease: Sendable, Hashable {
    /// When the hub gave the command last, on the stream of commands.
    package var given: Duration
    package var until: Duration

    package init(given: Duration, until: Duration) {
        self.given = given
        self.until = until
    }

    /// Of a command that came now, of whose lease the hub's clock says that so much is left: it may have lain on the way.
    package init(given: Duration, left: Duration) {
        self.init(given: given, until: given + min(LeaseClock.gap, left - WorkLease.time + LeaseClock.gap))
    }

    /// A heartbeat that names the command was acknowledged.
    ///
    /// The hub renews only what is leased still when it gets the heartbeat: where the answer came in time, it was.
    package mutating func renew(sentAt sent: Duration, answeredAt answered: Duration) {
        if answered <= until { until = max(until, sent + LeaseClock.gap) }
    }
}
