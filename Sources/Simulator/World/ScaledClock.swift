package import Ambient

/// Simulated time that runs faster or slower than the wall clock, and whose speed may change while it runs.
///
/// Everything in the world is planned in simulated time: a `Duration` since the world began, negative before it. Every
/// time shown to a caller is the wall clock's: an event planned 240 simulated seconds ahead at 20 times the speed has
/// the time of 12 seconds from now. Times already shown stay true when the speed changes, because each stretch of one
/// speed is kept.
package struct ScaledClock: Sendable, Hashable {
    /// A stretch of constant speed, from its beginning to the next one's.
    private struct Stretch: Sendable, Hashable {
        let began: Instant
        let simulated: Duration
        let scale: Double
    }

    private var stretches: [Stretch]

    /// - Parameters:
    ///   - start: the wall clock when the simulated time is zero.
    ///   - scale: how many simulated seconds pass in a second; more than 0.
    package init(start: Instant, scale: Double) {
        stretches = [Stretch(began: start, simulated: .zero, scale: scale)]
    }

    /// The speed now.
    package var scale: Double { stretches[stretches.count - 1].scale }

    /// Goes on at another speed from now on.
    package mutating func run(at scale: Double, from now: Instant) {
        stretches.append(Stretch(began: now, simulated: simulated(at: now), scale: scale))
    }

    /// How far the simulation is at a time of the wall clock.
    package func simulated(at now: Instant) -> Duration {
        let stretch = stretches.last { $0.began <= now } ?? stretches[0]
        return stretch.simulated + (now - stretch.began) * stretch.scale
    }

    /// The wall clock's time of a simulated moment, rounded down to the millisecond.
    package func wallClock(at moment: Duration) -> Instant {
        let stretch = stretches.last { $0.simulated <= moment } ?? stretches[0]
        return stretch.began + (moment - stretch.simulated) / stretch.scale
    }
}
