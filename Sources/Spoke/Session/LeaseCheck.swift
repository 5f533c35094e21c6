package import Ambient
package import Recovery

/// Asks, right before something is sent that must not be done twice, whether the work is still this spoke's.
package struct LeaseCheck: Sendable {
    let leases: Watched<LeaseClock>
    /// The work's lease; nil: it is nobody's here any more.
    let lease: @Sendable () -> GrantedLease?
    let time: any TimeSource

    package init(leases: Watched<LeaseClock>, lease: @escaping @Sendable () -> GrantedLease?, time: any TimeSource) {
        self.leases = leases
        self.lease = lease
        self.time = time
    }

    package struct Lost: Error, Sendable {}

    /// - Throws: `Lost` where somebody else may have the work by now.
    package func confirm() throws(Lost) {
        guard let lease = lease(), leases.value.holds(lease, at: time.reading) else { throw Lost() }
    }
}

extension TimeSource {
    /// Both clocks now.
    package var reading: LeaseClock.Reading {
        LeaseClock.Reading(elapsed: elapsed(), wall: now())
    }
}
