internal import Ambient
internal import OrderedCollections

/// What time brings to native plans: their steps begin and end.
///
/// A native execution is the one thing here that acts by itself. It is brought up to date before every call, so that
/// nobody can see that it was not.
extension Estate {
    /// A moment at which something happens in a native execution, and what its jobs are planned with.
    struct Beat {
        let clock: ScaledClock
        let moment: Duration
        let timeline: Timeline
        let chance: any Chance
    }

    /// A job that a native execution started.
    struct NativeStart {
        let job: Job
        let isDrill: Bool
        let tags: [String: String]
    }

    /// Does everything that native executions do up to now; answers the jobs that they started.
    mutating func advanceNativePlans(
        by clock: ScaledClock,
        at now: Instant,
        timeline: Timeline,
        chance: any Chance
    ) -> [NativeStart] {
        let end = clock.simulated(at: now)
        var starts: [NativeStart] = []
        while let index = native.due(by: end), let moment = native.executions[index].next {
            let beat = Beat(clock: clock, moment: moment, timeline: timeline, chance: chance)
            var execution = native.executions[index]
            execution.next = nil
            if let job = advance(&execution, beat) {
                starts.append(NativeStart(job: job, isDrill: execution.isDrill, tags: execution.tags))
            }
            native.executions[index] = execution
        }
        return starts
    }

    private mutating func advance(_ execution: inout NativeExecution, _ beat: Beat) -> Job? {
        switch execution.status {
        case .created:
            // Every server of every step is looked at before anything is launched, OPTIONAL ones too.
            if let problem = problem(of: execution.servers.map(\.id), beat) {
                fail(&execution, problem, beat)
                return nil
            }
            execution.status = .inProgress
            return beginStep(of: &execution, beat)
        case .inProgress:
            if let problem = settleStep(of: &execution) {
                fail(&execution, problem, beat)
                return nil
            }
            execution.current += 1
            return beginStep(of: &execution, beat)
        case .cancelling:
            _ = settleStep(of: &execution)
            (execution.status, execution.ended) = (.cancelled, beat.moment)
            return nil
        case .completed, .failed, .cancelled:
            return nil
        }
    }

    private mutating func beginStep(of execution: inout NativeExecution, _ beat: Beat) -> Job? {
        let index = execution.current
        guard execution.steps.indices.contains(index) else {
            (execution.status, execution.ended) = (.completed, beat.moment)
            return nil
        }
        switch execution.steps[index].work {
        case .wait(let minutes):
            execution.steps[index].status = .waiting
            execution.next = beat.moment + .seconds(60 * minutes)
            return nil
        case .servers(let servers):
            let points = execution.points
            let entries = servers.map { RecoveryOrder.Entry(server: $0.id, recoveryPoint: points[$0.id]) }
            let order = RecoveryOrder(entries, isDrill: execution.isDrill, tags: execution.tags)
            do throws(Refusal) {
                let job = try start(
                    order,
                    by: beat.clock,
                    at: beat.clock.wallClock(at: beat.moment),
                    timeline: beat.timeline,
                    chance: beat.chance
                )
                execution.steps[index].status = .executing
                execution.steps[index].job = job.id
                execution.next = job.ended
                return job
            } catch {
                execution.steps[index].status = .failed
                execution.steps[index].error = error.message
                fail(&execution, error.message, beat)
                return nil
            }
        }
    }

    /// Ends the step that ran; says what failed it.
    private func settleStep(of execution: inout NativeExecution) -> String? {
        let index = execution.current
        guard execution.steps.indices.contains(index), execution.steps[index].status != .notStarted else { return nil }
        let critical = Set(execution.steps[index].work.servers.filter(\.isCritical).map(\.id))
        let job = execution.steps[index].job.flatMap { self.job($0) }
        let failed = job?.participants.first { critical.contains($0.server) && $0.outcome == .failed }
        if let failed {
            execution.steps[index].status = .failed
            execution.steps[index].error = "The critical source server \(failed.server) could not be launched."
        } else {
            execution.steps[index].status =
                execution.steps[index].status == .waiting && execution.status == .cancelling
                ? .skipped : .completed
        }
        return execution.steps[index].error
    }

    private func fail(_ execution: inout NativeExecution, _ problem: String, _ beat: Beat) {
        (execution.status, execution.error, execution.ended) = (.failed, problem, beat.moment)
    }

    /// What stands against launching servers now; nil when nothing does.
    private func problem(of ids: [String], _ beat: Beat) -> String? {
        let now = beat.clock.wallClock(at: beat.moment)
        for id in ids {
            guard let server = servers[id] else { return "Source server \(id) was not found." }
            if server.isOccupied(at: beat.moment) { return "Another job is already running for source server \(id)." }
            if server.replication == .disconnected { return "Source server \(id) is disconnected." }
            if server.recoveryPoints(at: now).isEmpty {
                return "Source server \(id) has no consistent recovery point."
            }
        }
        return nil
    }
}

extension World {
    /// Brings native executions up to date, wherever there are any.
    mutating func advanceNativePlans(at now: Instant) {
        let moment = clock.simulated(at: now)
        for place in estates.keys.sorted(by: { $0.description < $1.description })
        where estates[place]?.native.due(by: moment) != nil {
            guard var estate = estates.removeValue(forKey: place) else { continue }
            let starts = estate.advanceNativePlans(by: clock, at: now, timeline: settings.timeline, chance: chance)
            estates[place] = estate
            for start in starts {
                ledger.starts.append(
                    Ledger.Start(
                        place: place,
                        job: start.job.id,
                        at: clock.wallClock(at: start.job.created),
                        isDrill: start.isDrill,
                        servers: start.job.participants.map(\.server),
                        tags: start.tags,
                        isForeign: true
                    )
                )
            }
        }
    }
}
