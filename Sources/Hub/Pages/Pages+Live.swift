internal import Ambient
internal import Console
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Recovery

extension Pages {
    func bindLive(_ calls: inout Bindings) {
        let shared = LiveFragments()
        calls.on(.get, "/ui/live") { exchange in
            let query = Visit.query(in: exchange.request.uri.query ?? "")
            guard let topic = query["topics"].flatMap(LiveTopic.init) else {
                throw Problem(.notFound, "Nothing is known of these topics.")
            }
            let visit = try await visitor(exchange, topic, at: query["at"] ?? "")
            let feed = LiveFeed(
                visit: visit,
                topic: topic,
                selection: try await selection(visit, topic),
                conductor: conductor,
                shared: shared
            )
            let headers: HTTPFields = [
                .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no",
            ]
            guard query["once"] != "true" else {
                // What is so now, for a tab that has no stream; it asks again.
                let now = try await feed.first { @Sendable _ in true } ?? ByteBuffer()
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: now))
            }
            let place = try capacity.openLiveStream()
            return Response(status: .ok, headers: headers, body: ResponseBody(live: feed, holding: place))
        }
    }

    /// Who is signed in, or the wall that was opened by a link and asks about nothing but itself.
    private func visitor(_ exchange: Exchange, _ topic: LiveTopic, at query: String) async throws -> Visit {
        guard case .wall(let id) = topic, let token = Visit.share(in: query.drop { $0 == "?" }) else {
            return try await Visit(exchange, calls: calls)
        }
        return try await Visit(exchange, calls: calls, wall: id, sharedBy: token)
    }

    /// The page's own query, which the stream is told, says which servers it shows.
    private func selection(_ visit: Visit, _ topic: LiveTopic) async throws -> ExecutionPage.Selection {
        guard case .execution(let id) = topic else { return ExecutionPage.Selection() }
        let query = Visit.query(in: (visit.query["at"] ?? "").drop { $0 == "?" })
        let execution = try await visit.ask(GetExecution(executionId: id))
        return Self.selection(query, execution)
    }
}
