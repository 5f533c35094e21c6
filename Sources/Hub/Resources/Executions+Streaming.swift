internal import Conductor
internal import Contract
internal import JSON
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PostgreSQL
internal import Recovery
internal import ServiceLifecycle
internal import Store

extension Executions {
    /// Events read and sent in one go.
    private static let streamBatch = 200

    /// The journal as server-sent events: what is stored first, then what happens, until all is over or the hub ends.
    ///
    /// A slow reader slows only itself: the next events are read from the database when the last ones were taken.
    func stream(_ call: ListExecutionEvents, _ context: CallContext) async throws -> Response {
        let resumed = context.exchange.headers[.lastEventID].flatMap { Int($0) }
        let after = resumed ?? call.after ?? 0
        let body = ResponseBody { writer in
            // Its end is the end of the connection's turn; a stopping hub ends it at once.
            try? await cancelWhenGracefulShutdown {
                try await follow(call.executionId, after: after, into: &writer)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xAccelBuffering: "no"],
            body: body
        )
    }

    private func follow(
        _ id: Execution.ID,
        after start: Int,
        into writer: inout any ResponseBodyWriter
    ) async throws {
        var after = start
        for await _ in conductor.changes(of: id) {
            // Asked before the events are read, so that an end seen here has its last event among them.
            let isOver = try await conductor.execution(id)?.isOver ?? true
            var text = ""
            repeat {
                let events = try await pool.run(JournalStatements.events(of: id, after: after, limit: Self.streamBatch))
                text = try events.map { try Self.line(for: $0) }.joined()
                after = events.last?.sequence ?? after
                try await writer.write(ByteBuffer(string: text.isEmpty ? ": alive\n\n" : text))
            } while !text.isEmpty
            if isOver { return }
        }
    }

    private static func line(for event: JournalStatements.Stored) throws -> String {
        let view = try JSON(encoding: JournalView(event)).text
        return "id: \(event.sequence)\nevent: journal\ndata: \(view)\n\n"
    }
}

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .init(parsed: "last-event-id")
    static let xAccelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .init(parsed: "x-accel-buffering")
}
