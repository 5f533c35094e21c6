internal import Ambient
internal import PostgreSQL
package import Recovery
internal import Store

/// An execution as it is stored, all of it as of one moment.
package struct ExecutionReading: Sendable {
    package let execution: Execution
    /// Grows with every change.
    package let version: Int
    /// Launches that no spoke has, by their keys, and what each waits for.
    package private(set) var waiting: [JobKey: Waiting] = [:]

    package enum Waiting: Sendable, Hashable {
        /// A person holds it back.
        case held
        case launch(LaunchWait)
    }

    /// What a copy of it is good for.
    let mark: CopyMark

    private enum Part: Sendable {
        case header(Execution.Header)
        case wave(Execution.StoredWave)
        case server(Execution.ServerRun)
        case job(Execution.JobRun)
        case mark(CopyMark)
    }

    /// One whose copy is good.
    init(_ copy: Execution, mark: CopyMark) {
        (execution, version, self.mark) = (copy, mark.version, mark)
    }

    /// Reads it in one go; nil when there is none.
    ///
    /// For one moment the runner must be a transaction that sees one.
    init?(_ id: Execution.ID, from runner: some Runner) async throws {
        let parts = try await runner.run([
            ExecutionStatements.header(id).map(Part.header),
            ExecutionStatements.waves(of: id).map(Part.wave),
            ExecutionStatements.servers(of: id).map(Part.server),
            ExecutionStatements.jobs(of: id).map(Part.job),
            ExecutionStatements.mark(of: id).map(Part.mark),
        ]).joined()
        var header: Execution.Header?
        var (waves, servers, jobs) = ([Execution.StoredWave](), [Execution.ServerRun](), [Execution.JobRun]())
        var mark: CopyMark?
        for part in parts {
            switch part {
            case .header(let read): header = read
            case .wave(let wave): waves.append(wave)
            case .server(let server): servers.append(server)
            case .job(let job): jobs.append(job)
            case .mark(let read): mark = read
            }
        }
        guard let header, let mark else { return nil }
        execution = Execution(restoring: header, waves: waves, servers: servers, jobs: jobs)
        (version, self.mark) = (mark.version, mark)
    }

    /// Whether a launch of it may wait for something that other executions change.
    var mayWait: Bool { execution.jobs.values.contains { $0.state == .queued } }

    /// Adds what its launches wait for now, with the figures of this moment.
    mutating func lookAtWaits(at now: Instant, from runner: some Runner) async throws {
        guard mayWait else { return }
        let launches = try await runner.run(AdmissionStatements.waiting(of: execution.id))
        var waits: [String: LaunchWait] = [:]
        for place in Set(launches.filter { !$0.isHeld }.map(\.place)).sorted() {
            waits.merge(try await PlaceAdmission(in: place, at: now, from: runner).waits) { $1 }
        }
        for launch in launches {
            let said = launch.problemCode.map { LaunchWait(refusedWith: $0, launch.problemText ?? "") }
            let wait = (waits[launch.key] ?? said).map(Waiting.launch)
            waiting[JobKey(launch.key)] = launch.isHeld ? .held : wait
        }
    }
}

extension Conductor {
    /// The execution as it is stored; nil when there is none.
    package func execution(_ id: Execution.ID) async throws -> Execution? {
        try await pool.transaction(.snapshot) { transaction in
            try await ExecutionReading(id, from: transaction)?.execution
        }
    }

    /// The execution with everything that a person is shown of it.
    ///
    /// Whoever watches one asks again at each of its changes, and many may watch: the rows are read once a change.
    package func reading(_ id: Execution.ID) async throws -> ExecutionReading? {
        if let mark = try await pool.first(ExecutionStatements.mark(of: id)),
            let copy = cache.look(at: id, mark: mark)
        {
            let reading = ExecutionReading(copy, mark: mark)
            if !reading.mayWait { return reading }
        }
        let reading = try await pool.transaction(.snapshot) { transaction in
            var reading = try await ExecutionReading(id, from: transaction)
            try await reading?.lookAtWaits(at: ambient.now, from: transaction)
            return reading
        }
        if let reading { cache.put(reading.execution, mark: reading.mark) }
        return reading
    }

    /// The execution as a transaction sees it that holds its row.
    static func load(_ id: Execution.ID, from transaction: Transaction) async throws -> Execution? {
        try await ExecutionReading(id, from: transaction)?.execution
    }
}
