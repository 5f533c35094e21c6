package import Ambient
internal import OrderedCollections

extension Estate {
    /// Terminates recovery instances: one job for all, after which DRS no longer knows them.
    ///
    /// - Throws: 400 for a list that cannot be, 404 for an instance that is not here, 409 for one whose server is in a
    ///   running job, 402 for a quota.
    package mutating func terminate(
        _ ids: [String],
        at moment: Duration,
        timeline: Timeline,
        chance: any Chance
    ) throws(Refusal) -> Job {
        guard isInitialized else { throw .uninitialized }
        guard !ids.isEmpty, ids.count <= Self.entriesInShape, Set(ids).count == ids.count else {
            throw .validation("recoveryInstanceIDs must have between 1 and \(Self.entriesInShape) distinct members.")
        }
        var chosen: [RecoveryInstance] = []
        for id in ids {
            guard let instance = instances[id], instance.isShown(at: moment) else {
                throw .notFound(id, "RecoveryInstance")
            }
            chosen.append(instance)
        }
        try checkCapacity(for: Array(Set(chosen.map(\.server))), at: moment)
        forget(at: moment)
        let job = terminationJob(of: chosen, at: moment, timeline: timeline, naming: Naming(chance: chance))
        keep(job)
        return job
    }

    private mutating func terminationJob(
        of chosen: [RecoveryInstance],
        at moment: Duration,
        timeline: Timeline,
        naming: Naming
    ) -> Job {
        func vary(_ phase: Duration) -> Duration {
            func draw(_ chance: some Chance) -> Duration { timeline.varied(phase, by: chance) }
            return draw(naming.chance)
        }
        let started = moment + timeline.jobStart
        let begins = started + timeline.beforeSnapshot
        var (log, participants): ([LogItem], [Participant]) = ([], [])
        for instance in chosen {
            let (id, server, gone) = (instance.id, instance.server, begins + vary(timeline.termination))
            end(id, RecoveryInstance.End(begins: begins, gone: gone, isByEC2Alone: false))
            participants.append(
                Participant(server: server, instance: id, begins: begins, settles: gone, outcome: .terminated)
            )
            log.append(LogItem(.cleanupStart, at: begins, server: server, instance: id))
            log.append(LogItem(.cleanupEnd, at: gone, server: server, instance: id))
        }
        let ended = (participants.map(\.settles).max() ?? started) + timeline.snapshot
        log.sort { $0.moment < $1.moment }
        log = [LogItem(.jobStart, at: started)] + log + [LogItem(.jobEnd, at: ended)]
        return Job(
            id: naming.name("drsjob"),
            kind: .terminate,
            initiator: .termination,
            created: moment,
            started: started,
            ended: ended,
            participants: participants,
            log: log,
            tags: [:]
        )
    }

    /// Terminates an instance in EC2 alone: DRS goes on showing its recovery instance, terminated.
    package mutating func terminateInEC2(_ id: String, at moment: Duration) -> Bool {
        guard let instance = instances[id], let state = instance.state(at: moment) else { return false }
        guard state != .shuttingDown, state != .terminated else { return true }
        end(id, RecoveryInstance.End(begins: moment, gone: moment + .seconds(30), isByEC2Alone: true))
        return true
    }
}
