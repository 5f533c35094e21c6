internal import Contract
internal import HTTPTypes
internal import Hummingbird

extension Executions {
    /// The journal as a live stream, from where the client says it was.
    func stream(_ call: ListExecutionEvents, _ context: CallContext) async throws -> Response {
        let resumed = context.exchange.headers[.lastEventId].flatMap { Int($0) }
        let feed = JournalFeed(
            id: call.executionId,
            start: resumed ?? call.after ?? 0,
            conductor: conductor,
            pool: pool,
            access: { [gate, authority] in
                guard let caller = try await gate.recognise(context.exchange) else { return nil }
                return try await authority.access(of: caller)
            }
        )
        let place = try capacity.openLiveStream()
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody(live: feed, holding: place)
        )
    }
}

extension HTTPField.Name {
    /// Tells a proxy of the nginx kind not to collect the stream.
    static let accelBuffering = known("X-Accel-Buffering")
}
