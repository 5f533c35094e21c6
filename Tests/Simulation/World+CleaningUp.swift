internal import Ambient
internal import Recovery

/// `TerminationPerformance`: by what DRS shows of the order's jobs, until it shows nothing more.
extension World {
    /// How often an instance is asked for where DRS says that it cannot be (`TerminationProgress.mostRequests`).
    private static let mostRequests = 3

    mutating func clean(_ spoke: Int, _ work: Work) {
        guard let place = performance(work, spoke), case .terminate(let order) = spokes[spoke].works[place].given.work
        else { return }
        let again = Action.clean(spoke, epoch: spokes[spoke].epoch, work)
        guard !drs.isAway(spokes[spoke].works[place].given.place, at: now) else {
            return plan(again, in: dice.seconds(2...5))
        }
        var reports: [InstanceReport] = []
        for run in order.servers where !spokes[spoke].works[place].isGone.contains(run.sourceServerId) {
            let server = run.sourceServerId
            let shown = drs.instances.filter { $0.server == server && order.jobIds.contains(drs.jobs[$0.job].jobId) }
            let isAsked = !spokes[spoke].works[place].asked.isEmpty
            if rules.isGone(!shown.isEmpty, isAsked) {
                spokes[spoke].works[place].isGone.insert(server)
                reports.append(InstanceReport(sourceServerId: server, recoveryInstanceId: nil, state: .terminated))
                continue
            }
            for instance in shown where !instance.isGoing {
                guard holds(work, spoke) else {
                    report(.deferred(.init(code: "LEASE_LOST", text: "not now")), work, spoke)
                    return finish(work, spoke)
                }
                reports += ask(instance, place, spoke)
            }
        }
        if !reports.isEmpty { report(.instances(reports), work, spoke) }
        guard spokes[spoke].works[place].isGone.count < Set(order.servers.map(\.sourceServerId)).count else {
            report(.done, work, spoke)
            return finish(work, spoke)
        }
        plan(again, in: dice.seconds(2...6))
    }

    /// TerminateRecoveryInstances of one instance.
    private mutating func ask(_ instance: DRS.Instance, _ place: Int, _ spoke: Int) -> [InstanceReport] {
        let asked = (spokes[spoke].works[place].asked[instance.number] ?? 0) + 1
        spokes[spoke].works[place].asked[instance.number] = asked
        if isFaulty, dice.happens(0.4) {
            guard asked >= Self.mostRequests else { return [] }
            spokes[spoke].works[place].isGone.insert(instance.server)
            sights.insert("instance left")
            return [
                InstanceReport(sourceServerId: instance.server, recoveryInstanceId: nil, state: .failed, error: "busy")
            ]
        }
        if let at = drs.instances.firstIndex(where: { $0.number == instance.number }) {
            drs.instances[at].isGoing = true
        }
        plan(.gone(instance: instance.number), in: dice.seconds(4...20))
        return [InstanceReport(sourceServerId: instance.server, recoveryInstanceId: nil, state: .terminating)]
    }
}
