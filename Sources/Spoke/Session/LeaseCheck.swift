package import Ambient
package import Recovery

/// Asks, right before something is sent that must not be done twice, whether the work is still this spoke's.
package struct LeaseCheck: Sendable {
    let leases: Watched<LeaseClock>
    let received: Duration
    let time: any TimeSource

    package init(leases: Watched<LeaseClock>, received: Duration, time: any TimeSource) {
        self.leases = leases
        self.received = received
        self.time = time
    }

    package struct Lost: Error, Sendable {}

    /// - Throws: `Lost` where somebody else may have the work by now.
    package func confirm() throws(Lost) {
        guard leases.value.holds(received: received, at: time.elapsed()) else { throw Lost() }
    }
}
