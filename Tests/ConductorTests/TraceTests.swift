import Ambient
import Conductor
import Contract
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `The trace of an execution` {
    /// The traces of all commands, each once.
    private func traces(_ stage: Stage) async throws -> Set<String> {
        let texts = try await stage.pool.run(Query("SELECT trace FROM command", as: String?.self))
        return Set(texts.map { $0.flatMap(TraceContext.init)?.traceId ?? "none" })
    }

    @Test func `is that of the request which started it, for every wave, whoever moves it on`() async throws {
        let stage = try await Stage()
        let request = TraceContext(by: SystemChance())
        let id = try await TraceContext.$current.withValue(request) {
            try await stage.start(.sample(waves: [2, 1, 3])).id
        }
        try await stage.perform()
        #expect(try await stage.execution(id).status == .completed)
        let launches = try await stage.pool.run(
            Query("SELECT trace FROM command WHERE kind = 'LAUNCH'", as: String?.self)
        )
        #expect(launches.count == 3)
        #expect(Set(launches.map { $0.flatMap(TraceContext.init)?.traceId }) == [request.traceId])
    }

    @Test func `is a new one where no request started it, and still one for all of it`() async throws {
        let stage = try await Stage()
        for _ in 0..<2 {
            _ = try await stage.start(.sample(waves: [1, 1])).id
            try await stage.perform()
        }
        let launches = try await stage.pool.run(
            Query(
                "SELECT count(DISTINCT trace) || '/' || count(DISTINCT execution_id) FROM command WHERE kind = 'LAUNCH'",
                as: String.self
            )
        )
        #expect(launches == ["2/2"])
    }

    @Test func `comes to the spoke with the command`() async throws {
        let stage = try await Stage()
        let request = TraceContext(by: SystemChance())
        _ = try await TraceContext.$current.withValue(request) { try await stage.start(.sample(waves: [2])) }
        let leased = try await stage.conductor.lease(for: stage.session)
        #expect(leased.map(\.trace?.traceId) == [request.traceId])
    }
}
