internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations)) struct `The journal of an execution, narrowed` {
    /// Five events: two of wave 0, of which one is a server's failure, a job's of wave 1, a status, and a note.
    private func pool() async throws -> Pool {
        let pool = try TestDatabase.current.pool()
        try await Account.sample(0).create(through: pool, at: .sample)
        try await pool.sync([1], tags: [:])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        _ = try await RecoveryPlan.sample(1).create(through: pool, within: nil, asWritten: RecoveryPlan.sample(1).waves)
        try await pool.begin(5, of: 1, claiming: [1])
        let server = SourceServerID.sample(1).rawValue
        let events = [
            #"{"kind":"WAVE_STARTED","waveNumber":0}"#,
            #"{"kind":"SERVER_FAILED","sourceServerId":"\#(server)","waveNumber":0}"#,
            #"{"kind":"JOB_ACCEPTED","waveNumber":1}"#,
            #"{"kind":"EXECUTION_STATUS","label":"FAILED"}"#,
            #"{"kind":"NOTE","text":"FAILED"}"#,
        ]
        let stored = events.enumerated().map { JournalStatements.Stored(sequence: $0 + 1, event: $1, hash: "h") }
        try await pool.execute(JournalStatements.append(stored, to: .sample(5)))
        return pool
    }

    @Test func `has the last events that a filter lets through, oldest first`() async throws {
        let pool = try await pool()
        func last(_ count: Int, _ filter: JournalStatements.Filter, after: Int = 0) async throws -> [Int] {
            let query = JournalStatements.last(count, of: .sample(5), after: after, filter: filter, limit: 9)
            return try await pool.run(query).map(\.sequence)
        }
        #expect(try await last(9, .init()) == [1, 2, 3, 4, 5])
        #expect(try await last(2, .init()) == [4, 5])
        #expect(try await last(9, .init(waveNumber: 0)) == [1, 2])
        #expect(try await last(1, .init(waveNumber: 0)) == [2])
        #expect(try await last(9, .init(sourceServerId: .sample(1))) == [2])
        #expect(try await last(9, .init(isOfProblems: true)) == [2, 4])
        #expect(try await last(9, .init(waveNumber: 1, isOfProblems: true)) == [])
        #expect(try await last(9, .init(), after: 3) == [4, 5])
        let forward = JournalStatements.events(of: .sample(5), after: 0, filter: .init(waveNumber: 0), limit: 1)
        #expect(try await pool.run(forward).map(\.sequence) == [1])
    }
}
