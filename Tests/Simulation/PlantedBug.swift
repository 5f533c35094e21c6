internal import Ambient
internal import Recovery

/// A fault put into the rules of a world, and the law by which some world finds it.
///
/// The product has none of these: each replaces one rule in `Rules`, by what a wrong rule or statement would do.
package struct PlantedBug: Sendable, CustomStringConvertible {
    package let name: String
    /// The laws of which one must be broken first.
    package let finders: Set<Law>
    private let plant: @Sendable (inout Rules) -> Void

    init(_ name: String, foundBy finders: Set<Law>, _ plant: @escaping @Sendable (inout Rules) -> Void) {
        self.name = name
        self.finders = finders
        self.plant = plant
    }

    package var description: String { name }

    /// The product's rules with the fault.
    package var rules: Rules {
        var rules = Rules()
        plant(&rules)
        return rules
    }
}

extension PlantedBug {
    package static let all = ofTheSpoke + ofTheHub + ofTheStatements + ofTheMachine

    private static let ofTheSpoke = [
        PlantedBug("a spoke starts a job without looking for its tag", foundBy: [.once, .oneJob]) {
            $0.finds = { _ in false }
        },
        PlantedBug("a spoke sends whatever became of its lease", foundBy: [.fenced, .withdrawn, .paused]) {
            $0.holds = { _, _, _ in true }
        },
        PlantedBug("a spoke that was asleep trusts its lease", foundBy: [.fenced, .withdrawn, .paused]) {
            $0.holds = { clock, lease, now in
                var clock = clock
                clock.pulsed(at: now, after: now)
                return clock.holds(lease, at: now)
            }
        },
        PlantedBug("a spoke sends what it held on a new stream unasked", foundBy: [.fenced, .withdrawn, .paused]) {
            $0.holds = { clock, lease, now in
                clock.holds(GrantedLease(given: now.elapsed, until: lease.until), at: now)
            }
        },
        PlantedBug("a spoke calls terminated what it has asked for", foundBy: [.instances]) {
            $0.isGone = { isShown, isAsked in !isShown || isAsked }
        },
        PlantedBug(
            "a command that comes again is performed again",
            foundBy: [.reports, .once, .fenced, .liveness, .instances]
        ) {
            $0.admits = { book, work, lease in
                book.end(work)
                _ = book.admits(work, under: lease)
                return true
            }
        },
    ]

    private static let ofTheHub = [
        PlantedBug("reports of an old term are taken", foundBy: [.term]) {
            $0.answer = { order, reports in
                var answer = order.answer(to: reports) { (order.term, $0.sequence) }
                answer.stale = order.answer(to: reports) { ($0.work.term, $0.sequence) }.stale
                return answer
            }
        },
        PlantedBug("reports are taken again", foundBy: [.reports]) {
            $0.answer = { order, reports in
                var order = order
                order.sequence = 0
                return order.answer(to: reports) { ($0.work.term, $0.sequence) }
            }
        },
        PlantedBug("admission lets one job more go", foundBy: [.quota]) {
            $0.admitted = { admission, queue in
                var admission = admission
                admission.quotas.concurrentJobs += 1
                return admission.admitted(from: queue)
            }
        },
        PlantedBug("admission knows no rank", foundBy: [.rank]) {
            $0.admitted = { admission, queue in
                let equal = queue.map { candidate in
                    var candidate = candidate
                    candidate.isRecovery = false
                    return candidate
                }
                return admission.admitted(from: equal).compactMap { one in queue.first { $0.key == one.key } }
            }
        },
        PlantedBug("a replica trusts its copy", foundBy: [.stored]) { $0.isCopyGood = { _, _ in true } },
        PlantedBug("a replica knows its copy by the version alone", foundBy: [.stored]) {
            $0.isCopyGood = { $0.version == $1.version }
        },
        PlantedBug("a replica chains to the head it remembers", foundBy: [.journal]) {
            $0.head = { row, remembered in remembered ?? row }
        },
        PlantedBug("a launch names every server of its wave", foundBy: [.oneJob, .chosen]) {
            $0.serversOfLaunch = { job, execution in
                execution.plan.waves[job.waveNumber].servers.filter { $0.place == job.place }.map(\.sourceServerId)
            }
        },
        PlantedBug("a lost spoke keeps its work", foundBy: [.liveness]) {
            $0.isAlive = { _, _, _ in true }
            $0.renewsAll = true
        },
    ]

    private static let ofTheStatements = [
        PlantedBug("a claim takes the server from whoever has it", foundBy: [.oneExecution, .servers]) {
            $0.claimsOver = true
        },
        PlantedBug("the end of an execution does not give its servers back", foundBy: [.servers]) {
            $0.releases = false
        },
        PlantedBug("commands that a spoke has are taken back", foundBy: [.withdrawn, .instances]) {
            $0.withdrawsLeased = true
        },
        PlantedBug("commands whose job may be there are taken back", foundBy: [.instances, .withdrawn]) {
            $0.withdrawsUnclear = true
        },
        PlantedBug("a pause lets go what is ready", foundBy: [.held, .paused]) { $0.holdsReady = false },
        PlantedBug("a resume gives nothing back", foundBy: [.liveness, .people]) { $0.givesBack = false },
        PlantedBug("a heartbeat renews what the spoke never got", foundBy: [.liveness]) { $0.renewsAll = true },
        PlantedBug("timers are not kept", foundBy: [.year]) { $0.keepsTimers = false },
        PlantedBug("a turn forgets what has no line in the journal", foundBy: [.stored, .cleanUp]) {
            $0.writesControl = false
        },
        PlantedBug("a command that is done waits on", foundBy: [.liveness]) { $0.endsDone = false },
    ]
}
