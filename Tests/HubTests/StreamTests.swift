import Ambient
import AsyncHTTPClient
import Conductor
import Hub
import JSON
import NIOCore
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

extension Conductor {
    /// A drill that waits for ever, since there is no spoke.
    static func startDrill(as id: Execution.ID? = nil) async throws -> Execution {
        let database = try TestDatabase.current
        let pool = try database.pool()
        defer { pool.close() }
        let hints = Hints(
            notifier: try Notifier(connectionString: database.connectionString, ambient: Ambient(), logger: .quiet),
            listener: try Listener(
                connectionString: database.connectionString,
                channels: Hints.channels,
                ambient: Ambient(),
                logger: .quiet
            )
        )
        return try await Conductor(pool: pool, hints: hints, ambient: Ambient(), logger: .quiet).start(as: id) { _ in
            StartOrder(
                plan: .sample(waves: [1]),
                type: .drill,
                reason: nil,
                declaredAt: nil,
                cancelsDrills: false,
                person: "ada"
            )
        }
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The journal as a stream` {
    private static func open(
        _ hub: HubUnderTest,
        _ execution: Execution,
        after: String? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(hub.port)/api/v1/executions/\(execution.id)/events")
        request.headers.add(name: "authorization", value: "Bearer \(try hub.admin())")
        request.headers.add(name: "accept", value: "text/event-stream")
        if let after { request.headers.add(name: "last-event-id", value: after) }
        return try await hub.client.execute(request, timeout: .seconds(120))
    }

    /// The identifiers of the first events of a stream.
    private static func identifiers(_ response: HTTPClientResponse, count: Int) async throws -> [Int] {
        var text = ""
        for try await buffer in response.body {
            text += String(buffer: buffer)
            let identifiers = text.matches(of: /id: ([0-9]+)\n/).compactMap { Int($0.output.1) }
            if identifiers.count >= count { return Array(identifiers.prefix(count)) }
        }
        return []
    }

    @Test func `begins with what is stored, and resumes after the last event that was seen`() async throws {
        try await HubUnderTest.run { hub in
            let execution = try await Conductor.startDrill()
            let response = try await Self.open(hub, execution)
            #expect(response.headers.first(name: "content-type") == "text/event-stream")
            #expect(response.headers.first(name: "x-content-type-options") == "nosniff")
            let all = try await Self.identifiers(response, count: 2)
            #expect(all == [1, 2])
            let rest = try await Self.identifiers(try await Self.open(hub, execution, after: "1"), count: 1)
            #expect(rest == [2])
        }
    }

    /// That it takes at most 3 s is a scenario's to measure; here it must only not hang for ever.
    @Test(.timeLimit(.minutes(3))) func `that is open does not keep a hub from stopping`() async throws {
        let opened = AsyncStream<Task<Int, any Error>>.makeStream(bufferingPolicy: .unbounded)
        try await HubUnderTest.run { hub in
            let response = try await Self.open(hub, try await Conductor.startDrill())
            let begun = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            // It reads on while the hub stops, and sees the stream end in good order.
            let reader = Task {
                try await response.body.reduce(into: 0) { count, buffer in
                    count += buffer.readableBytes
                    begun.continuation.yield()
                }
            }
            for await _ in begun.stream { break }
            opened.continuation.yield(reader)
            opened.continuation.finish()
        }
        for await reader in opened.stream { #expect(try await reader.value > 0) }
    }
}
