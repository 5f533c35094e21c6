internal import Ambient
internal import Conductor
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import NIOCore
internal import PostgreSQL
internal import Recovery
internal import ServiceLifecycle
internal import Store

extension Agents {
    /// Between two keep-alive lines (agent protocol, step 2).
    private static let keepAlive: Duration = .seconds(15)
    /// Between two looks without a hint; below the 2 s after which a session without stream counts as lost, because each
    /// look says that the stream is open.
    private static let look: Duration = .milliseconds(1500)

    /// `GET /agent/v1/commands`: leased commands, one a line, until either side ends it.
    func commands(_ exchange: Exchange) async throws -> Response {
        let caller = try await caller(of: exchange)
        let body = ResponseBody { writer in
            let (bell, ring) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            try await exchange.request.body.consumeWithInboundCloseHandler { _ in
                try await serve(caller, bell: bell, ring: ring, to: &writer, exchange.logger)
            } onInboundClosed: {
                ring.finish()
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private func serve(
        _ caller: AgentCaller,
        bell: AsyncStream<Void>,
        ring: AsyncStream<Void>.Continuation,
        to writer: inout any ResponseBodyWriter,
        _ logger: Logger
    ) async throws {
        let session = caller.session.sessionId
        let number = streams.open(session, bell: ring)
        logger.info("stream of commands open", metadata: ["spoke": "\(caller.session.spokeName)"])
        do {
            try await give(caller, bell: bell, ring: ring, to: &writer)
        } catch {
            // The other end is gone, or the database is; either way the spoke opens another.
            logger.debug("stream of commands broken", metadata: ["reason": "\(error)"])
        }
        logger.info("stream of commands closed", metadata: ["spoke": "\(caller.session.spokeName)"])
        guard streams.close(session, number: number) else { return }
        await sayClosed(session, logger)
    }

    /// Says at once that a stream is gone, so that its work moves after 2 s and not after 30.
    private func sayClosed(_ session: Identifier<AgentSession>, _ logger: Logger) async {
        do {
            try await pool.execute(AgentSessionStatements.streamClosed(session, at: ambient.now))
        } catch {
            // Then the missing heartbeat says it, 30 s later.
            logger.debug("end of stream not stored", metadata: ["reason": "\(error)"])
        }
    }

    private func give(
        _ caller: AgentCaller,
        bell: AsyncStream<Void>,
        ring: AsyncStream<Void>.Continuation,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [hints] in for await _ in hints.work(for: caller.numbers) { ring.yield() } }
            group.addTask { [ambient] in
                while true {
                    ring.yield()
                    try await ambient.time.sleep(for: Self.look)
                }
            }
            defer { group.cancelAll() }
            // A line at once, so that the answer's head goes out and the spoke knows that the stream is open.
            try await writer.write(Self.emptyLine)
            // First the stream counts as open, and then what is the session's is read: nobody takes it away in between,
            // and the spoke relies on that.
            guard try await isGood(caller.session.sessionId) else { return }
            let lost = try await conductor.leased(to: caller.session.sessionId)
            if !lost.isEmpty { try await writer.write(Self.lines(of: lost)) }
            var lastLine = ambient.time.elapsed()
            var lastLook = Duration.zero
            for await _ in bell.cancelOnGracefulShutdown() {
                let elapsed = ambient.time.elapsed()
                if elapsed - lastLook >= Self.look / 2 {
                    guard try await isGood(caller.session.sessionId) else { return }
                    lastLook = elapsed
                }
                let commands = try await conductor.lease(for: caller.session.sessionId)
                if !commands.isEmpty {
                    try await writer.write(Self.lines(of: commands))
                    lastLine = elapsed
                    // After a full handful there may be more.
                    if commands.count == WorkLease.limit { ring.yield() }
                } else if elapsed - lastLine >= Self.keepAlive {
                    try await writer.write(Self.emptyLine)
                    lastLine = elapsed
                }
            }
        }
    }

    /// Says that the stream is open; whether the session still is.
    private func isGood(_ session: Identifier<AgentSession>) async throws -> Bool {
        try await pool.first(AgentSessionStatements.streamOpen(session, at: ambient.now)) != nil
    }

    private static let emptyLine = ByteBuffer(string: "{}\n")

    private static func lines(of commands: [AgentCommand]) -> ByteBuffer {
        var buffer = ByteBuffer()
        for command in commands {
            buffer.writeBytes(JSON(document: command).bytes)
            buffer.writeString("\n")
        }
        return buffer
    }
}
