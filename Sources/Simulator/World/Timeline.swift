internal import Ambient
internal import Glibc

/// How long the phases of a launch take, in simulated time.
///
/// The defaults are what two live drills showed (2 Linux servers, seconds from the job's creation): JOB_START 0.3,
/// SNAPSHOT_START 0.7, SNAPSHOT_END 0.9, CONVERSION_START 52, CONVERSION_END 240, LAUNCH_START 1 later, LAUNCH_END 533,
/// JOB_END 537.
package struct Timeline: Sendable, Hashable {
    package var jobStart: Duration = .milliseconds(300)
    package var beforeSnapshot: Duration = .milliseconds(400)
    package var snapshot: Duration = .milliseconds(200)
    package var beforeConversion: Duration = .milliseconds(51_100)
    package var conversion: Duration = .seconds(188)
    package var beforeLaunch: Duration = .seconds(1)
    package var launch: Duration = .seconds(292)
    package var closing: Duration = .seconds(4)
    /// Removing the instance of an earlier launch, before the snapshot.
    package var cleanup: Duration = .seconds(30)
    /// Terminating instances because somebody asks.
    package var termination: Duration = .seconds(60)
    /// How long DRS waits for a new recovery point of a replica that does not follow, before it takes the last one
    /// (DRS user guide, "Concepts": up to 10 minutes).
    package var snapshotWait: Duration = .seconds(600)
    /// The spread of the phases: the sigma of a log-normal factor around 1; 0 makes every launch the same.
    package var jitter: Double = 0.03

    package init() {}

    /// A phase with its spread.
    func varied(_ phase: Duration, by chance: some Chance) -> Duration {
        guard jitter > 0 else { return phase }
        let (radius, angle) = (max(chance.fraction(), 1e-12), chance.fraction())
        return phase * exp(jitter * sqrt(-2 * log(radius)) * cos(2 * .pi * angle))
    }
}
