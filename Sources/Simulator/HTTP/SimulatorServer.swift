internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves a simulation over HTTP until it is told to stop.
package struct SimulatorServer: ServiceLifecycle.Service {
    private let simulation: Simulation
    private let host: String
    private let port: Int
    private let logger: Logger
    private let onReady: @Sendable (String) async -> Void

    /// A request's body, at most; DRS's largest request is far below.
    static let bodyLimit = 4 << 20

    /// - Parameters:
    ///   - simulation: what answers.
    ///   - host: the address to listen on.
    ///   - port: 0 for any that is free.
    ///   - logger: for what goes wrong with connections.
    ///   - onReady: called with the address, as `http://127.0.0.1:9090`, once it is listening.
    package init(
        _ simulation: Simulation,
        host: String = "127.0.0.1",
        port: Int,
        logger: Logger,
        onReady: @escaping @Sendable (String) async -> Void = { _ in }
    ) {
        self.simulation = simulation
        self.host = host
        self.port = port
        self.logger = logger
        self.onReady = onReady
    }

    package func run() async throws {
        let (simulation, host, onReady) = (simulation, host, onReady)
        let application = Application(
            responder: CallbackResponder { (request: HummingbirdCore.Request, context: ConnectionContext) in
                try await Self.respond(to: request, on: context.channel, with: simulation)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: "muster-simulator"
            ),
            onServerRunning: { channel in
                let origin = "http://\(host):\(channel.localAddress?.port ?? 0)"
                simulation.listen(at: origin)
                await onReady(origin)
            },
            logger: logger
        )
        try await application.run()
    }

    private static func respond(
        to request: HummingbirdCore.Request,
        on channel: any Channel,
        with simulation: Simulation
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: bodyLimit)
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var headers = request.head.headerFields.map { (name: $0.name.canonicalName, value: $0.value) }
        if let authority = request.head.authority { headers.append(("host", authority)) }
        let reply = simulation.answer(
            Request(
                method: request.head.method.rawValue,
                path: String(parts[0]),
                query: parts.count == 2 ? String(parts[1]) : "",
                headers: headers,
                body: Array(buffer: body)
            )
        )
        try await simulation.hold(for: reply.delay)
        return try await response(of: reply, on: channel)
    }

    /// Turns a reply into bytes, or into the absence of them.
    private static func response(of reply: Reply, on channel: any Channel) async throws -> Response {
        var response = Response(status: HTTPResponse.Status(code: reply.status))
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        switch reply.fate {
        case .sent: response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
        case .dropped: try await channel.close()
        case .truncated:
            let half = ByteBuffer(bytes: reply.body.prefix(reply.body.count / 2))
            response.body = ResponseBody(contentLength: reply.body.count) { writer in
                try await writer.write(half)
                throw ConnectionLost()
            }
        }
        return response
    }
}

/// Ends a connection in the middle of an answer.
private struct ConnectionLost: Error {}

/// Knows the connection of a request, so that a fault can close it.
private struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
