internal import Ambient
internal import Console
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import Recovery

extension Pages {
    func bindLive(_ calls: inout Bindings) {
        let shared = LiveFragments()
        calls.on(.get, "/ui/live") { exchange in
            let visit = try await Visit(exchange, calls: self.calls)
            guard let topic = visit.query["topics"].flatMap(LiveTopic.init) else {
                throw Problem(.notFound, "Nothing is known of these topics.")
            }
            let feed = LiveFeed(
                visit: visit,
                topic: topic,
                selection: try await selection(visit, topic),
                conductor: conductor,
                shared: shared
            )
            return Response(
                status: .ok,
                headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"],
                body: ResponseBody(asyncSequence: feed)
            )
        }
    }

    /// The page's own query, which the stream is told, says which servers it shows.
    private func selection(_ visit: Visit, _ topic: LiveTopic) async throws -> ExecutionPage.Selection {
        guard case .execution(let id) = topic else { return ExecutionPage.Selection() }
        let query = Visit.query(in: (visit.query["at"] ?? "").drop { $0 == "?" })
        let execution = try await visit.ask(GetExecution(executionId: id))
        return Self.selection(query, execution)
    }
}
