package import Ambient
package import Recovery

/// An execution in a test's hands: tell it what DRS, the spokes and people do, and look at what it makes of it.
///
/// Its clock goes one second forward with every event.
package struct Rehearsal {
    package private(set) var execution: Execution
    package private(set) var now: Instant
    /// What the last event changed.
    package private(set) var last: Execution.Outcome
    /// What all events changed, the beginning too.
    package private(set) var history: Execution.Outcome

    package init(
        _ plan: FrozenPlan,
        number: Int = 1,
        type: ExecutionType = .drill,
        by person: String = "ada",
        cleanUpAfter: Duration? = nil
    ) {
        now = .sample
        (execution, last) = Execution.begin(
            plan,
            id: .sample(number),
            type: type,
            reason: nil,
            by: person,
            cleanUpAfter: cleanUpAfter,
            at: now
        )
        history = last
    }

    /// Gives it one event.
    @discardableResult package mutating func receive(_ event: Execution.Event) -> Execution.Outcome {
        now = now + .seconds(1)
        last = execution.receive(event, at: now)
        // No spoke has any of it: whatever is to be kept back, is.
        let held = last.effects.flatMap { effect -> [JobKey] in if case .hold(let keys) = effect { keys } else { [] } }
        if !held.isEmpty { last.merge(execution.receive(.held(held), at: now)) }
        history.merge(last)
        return last
    }

    /// Lets time go by in which nothing happens.
    package mutating func wait(_ duration: Duration) {
        now = now + duration
    }

    package var status: ExecutionStatus { execution.status }
    package var waves: [WaveStatus] { execution.waves.map(\.status) }
    package var servers: [ServerStatus] { execution.servers.map(\.status) }

    /// The wave's jobs in their order.
    package func jobs(_ wave: Int) -> [Execution.JobRun] {
        execution.jobs.values.filter { $0.waveNumber == wave }.sorted { $0.key < $1.key }
    }

    /// The jobs that were ever to be launched.
    package var launches: [JobKey] {
        history.effects.compactMap { if case .launch(let key) = $0 { key } else { nil } }
    }
}

extension Rehearsal {
    /// DRS takes every queued job of the wave.
    package mutating func accept(_ wave: Int) {
        for job in jobs(wave) where job.state == .queued { receive(.jobAccepted(job.key, jobId: job.key.sampleJobId)) }
    }

    /// DRS says one word of servers of the wave: of all, or of those given.
    package mutating func report(
        _ word: String,
        _ wave: Int,
        servers: [Int]? = nil,
        error: String? = nil,
        note: String? = nil
    ) {
        for job in jobs(wave) {
            let chosen = job.servers.filter { id in servers.map { $0.contains { .sample($0) == id } } ?? true }
            let reports = chosen.map { id in
                ServerReport(
                    sourceServerId: id,
                    launchStatus: word,
                    recoveryInstanceId: word == "LAUNCHED" && note == nil ? id.sampleInstance : nil,
                    error: error,
                    note: note
                )
            }
            if !reports.isEmpty { receive(.serversReported(job.key, reports)) }
        }
    }

    /// DRS ends the wave's jobs.
    package mutating func end(_ wave: Int) {
        for job in jobs(wave) where job.state == .accepted { receive(.jobEnded(job.key)) }
    }

    /// The whole wave as it should go.
    package mutating func launch(_ wave: Int) {
        accept(wave)
        report("LAUNCHED", wave)
        end(wave)
    }

    /// The whole wave as it should not go.
    package mutating func fail(_ wave: Int, servers: [Int]? = nil) {
        accept(wave)
        report("FAILED", wave, servers: servers, error: "no capacity")
        report("LAUNCHED", wave)
        end(wave)
    }

    /// Tells that the commands which were to be taken back have been.
    package mutating func withdraw() {
        for case .withdraw(let keys) in last.effects { receive(.withdrawn(keys)) }
    }

    package mutating func cancel() {
        receive(.cancelRequested(by: "ada", comment: nil))
    }

    package mutating func pause(_ mode: Execution.PauseMode) {
        receive(.pauseRequested(mode, by: "ada"))
    }

    package mutating func resume(_ wave: Int? = nil) {
        receive(.resumed(wave: wave, by: "ada", comment: nil))
    }

    package mutating func approve(_ wave: Int, by person: String) {
        receive(.approved(wave: wave, by: person, comment: nil))
    }

    /// The clean-up is asked for, goes well, and ends.
    package mutating func cleanUp() {
        receive(.terminationRequested(by: "ada"))
        for order in orders {
            receive(.instancesReported(order.servers.map { .sample($0.sourceServerId, .terminated) }))
            receive(.terminationEnded(key: order.key, problem: nil))
        }
    }

    /// The termination orders of the last event.
    package var orders: [Execution.TerminationOrder] {
        last.effects.compactMap { if case .terminate(let order) = $0 { order } else { nil } }
    }
}

extension InstanceReport {
    package static func sample(_ server: SourceServerID, _ state: State) -> InstanceReport {
        InstanceReport(sourceServerId: server, recoveryInstanceId: server.sampleInstance, state: state)
    }
}

extension SourceServerID {
    /// The recovery instance that a sample's launch gives it.
    package var sampleInstance: String { "i-" + rawValue.dropFirst(2) }
}

extension JobKey {
    /// The identifier that a sample's DRS gives the job.
    package var sampleJobId: String { "drsjob-" + text.dropFirst(37).filter { $0.isLetter || $0.isNumber } }
}
