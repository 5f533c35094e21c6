internal import PostgreSQL
package import Recovery
internal import Store

/// An execution as it is stored, all of it as of one moment.
package struct ExecutionReading: Sendable {
    package let execution: Execution
    /// Grows with every change.
    package let version: Int
    /// Launches that no spoke has: their keys, states, and what DRS or the ledger last said.
    package let waiting: [(key: String, state: String, code: String?, text: String?)]

    private enum Part: Sendable {
        case header(Execution.Header)
        case wave(Execution.StoredWave)
        case server(Execution.ServerRun)
        case job(Execution.JobRun)
        case version(Int)
        case waiting(key: String, state: String, code: String?, text: String?)
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
            ExecutionStatements.version(of: id).map(Part.version),
            AdmissionStatements.waiting(of: id).map { Part.waiting(key: $0.0, state: $0.1, code: $0.2, text: $0.3) },
        ]).joined()
        var header: Execution.Header?
        var (waves, servers, jobs) = ([Execution.StoredWave](), [Execution.ServerRun](), [Execution.JobRun]())
        var (version, waiting) = (0, [(key: String, state: String, code: String?, text: String?)]())
        for part in parts {
            switch part {
            case .header(let read): header = read
            case .wave(let wave): waves.append(wave)
            case .server(let server): servers.append(server)
            case .job(let job): jobs.append(job)
            case .version(let read): version = read
            case .waiting(let key, let state, let code, let text): waiting.append((key, state, code, text))
            }
        }
        guard let header else { return nil }
        execution = Execution(restoring: header, waves: waves, servers: servers, jobs: jobs)
        self.version = version
        self.waiting = waiting
    }
}

extension Conductor {
    /// The execution as it is stored; nil when there is none.
    package func execution(_ id: Execution.ID) async throws -> Execution? {
        try await reading(id)?.execution
    }

    /// The execution with everything that a person is shown of it.
    package func reading(_ id: Execution.ID) async throws -> ExecutionReading? {
        try await pool.transaction(.snapshot) { transaction in
            try await ExecutionReading(id, from: transaction)
        }
    }

    /// The execution as a transaction sees it that holds its row.
    static func load(_ id: Execution.ID, from transaction: Transaction) async throws -> Execution? {
        try await ExecutionReading(id, from: transaction)?.execution
    }
}
