package import Ambient
internal import Console
internal import HTTPTypes
package import Hummingbird
internal import Hypertext
internal import JSON
package import Logging
internal import Logs
internal import NIOCore

/// Where every request arrives and every answer leaves: identity of the request, route, problem, headers, access log.
///
/// Nothing gets past it without the security headers, and no error leaves it but as a problem document.
package struct Front: HTTPResponder {
    package typealias Context = Arrival

    let routes: RouteTree<Endpoint>
    let ambient: Ambient
    let logger: Logger
    let proxies: TrustedProxies
    let isOverTLS: Bool
    /// Where people sign in and out, which pages may lead to.
    let signInOrigins: [String]
    let traffic: Traffic
    let capacity: Capacity
    let unsent: Unsent

    package init(
        routes: RouteTree<Endpoint>,
        ambient: Ambient,
        logger: Logger,
        proxies: TrustedProxies,
        isOverTLS: Bool,
        signInOrigins: [String],
        traffic: Traffic,
        capacity: Capacity,
        unsent: Unsent
    ) {
        self.routes = routes
        self.ambient = ambient
        self.logger = logger
        self.proxies = proxies
        self.isOverTLS = isOverTLS
        self.signInOrigins = signInOrigins
        self.traffic = traffic
        self.capacity = capacity
        self.unsent = unsent
    }

    package func respond(to request: Request, context: Arrival) async throws -> Response {
        let (arrived, started) = (ambient.now, ambient.time.elapsed())
        let (id, trace) = (requestId(of: request), trace(of: request))
        let address = proxies.address(peer: context.peer, forwarded: request.headers[values: .forwardedFor])
        var logger = logger
        logger[metadataKey: "request"] = "\(id)"
        for (key, fact) in trace.facts { logger[metadataKey: key] = fact }
        var route = "none"
        var response: Response
        switch routes.match(request.method, request.uri.path) {
        case .found(let endpoint, let path, let parameters):
            route = path
            let exchange = Exchange(
                request: request,
                id: id,
                trace: trace,
                parameters: parameters,
                address: address,
                at: arrived,
                logger: logger,
                route: path
            )
            response = await answer(exchange, by: endpoint)
        case .otherMethods(let methods):
            let allowed = methods.joined(separator: ", ")
            response = .problem(
                Problem(.methodNotAllowed, "Only \(allowed) can be asked here.", headers: [.allow: allowed]),
                requestId: id
            )
        case .nothing:
            response = nothing(at: request, id)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestId] = id
        response.headers[.traceResponse] = trace.description
        SecurityHeaders.add(to: &response.headers, overTLS: isOverTLS, signInOrigins: signInOrigins)
        let took = ambient.time.elapsed() - started
        record(response.status.code, to: request.method.rawValue, at: route, from: address, after: took, logger)
        return response
    }

    private func record(
        _ status: Int,
        to method: String,
        at route: String,
        from address: String,
        after took: Duration,
        _ logger: Logger
    ) {
        traffic.count(route: route, method: method, status: status, took: took)
        logger.log(
            level: Self.level(of: route),
            "request answered",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(status)",
                "milliseconds": "\(took.milliseconds)", "address": "\(address)",
            ]
        )
    }

    /// A path that is none, said as whoever asks reads it: a person's browser gets a page, a program a problem document.
    private func nothing(at request: Request, _ id: String) -> Response {
        let problem = Problem(.notFound, "There is nothing at this path.")
        let isForPrograms = Self.programPaths.contains { request.uri.path.hasPrefix($0) }
        let wantsPage = request.headers[values: .accept].contains { $0.contains("text/html") }
        guard !isForPrograms, wantsPage else { return .problem(problem, requestId: id) }
        let page = ErrorPage(
            status: problem.status,
            title: problem.title,
            detail: problem.detail,
            requestId: id,
            retry: nil
        )
        let stranger = Viewer(name: "", roles: [], permissions: [], now: ambient.now)
        return .page(page, for: stranger, status: .notFound)
    }

    /// Where nobody reads pages.
    private static let programPaths = ["/api/", "/agent/", "/health/", "/assets/", "/ui/", "/metrics"]

    /// What programs ask every few seconds, all day, would drown what people do.
    private static func level(of route: String) -> Logger.Level {
        route.hasPrefix("/agent/") || route.hasPrefix("/health/") || route == "/metrics" ? .debug : .info
    }

    /// An answer, as a step of the request's trace.
    ///
    /// What a spoke reports belongs to the traces of its commands, not to the request that brings it.
    private func answer(_ exchange: Exchange, by endpoint: Endpoint) async -> Response {
        await TraceContext.$current.withValue(exchange.route.hasPrefix("/agent/") ? nil : exchange.trace) {
            await LogFacts.$current.withValue(["request": "\(exchange.id)"]) {
                await tryToAnswer(exchange, by: endpoint)
            }
        }
    }

    /// An answer, or the problem that there is none; of a stream only its head, so that streams hold no place.
    private func tryToAnswer(_ exchange: Exchange, by endpoint: Endpoint) async -> Response {
        do {
            guard let share = Share(route: exchange.route) else { return try await endpoint(exchange) }
            if share == .people, unsent.isTooMuch { throw Capacity.overloaded }
            return try await capacity.withPlace(of: share) { try await endpoint(exchange) }
        } catch {
            let problem = Problem(explaining: error, in: exchange.logger)
            return .problem(problem, requestId: exchange.id)
        }
    }

    /// A step of the caller's trace, or the first of a new one.
    private func trace(of request: Request) -> TraceContext {
        request.headers[.traceParent].flatMap(TraceContext.init)?.child(by: ambient.chance)
            ?? TraceContext(by: ambient.chance)
    }

    /// The caller's identifier where it is one, or a new one.
    private func requestId(of request: Request) -> String {
        if let given = request.headers[.requestId], (1...Self.requestIdLength).contains(given.utf8.count),
            given.utf8.allSatisfy(Self.isOfIdentifier)
        {
            return given
        }
        return ambient.identifier(for: Exchange.self).description
    }

    /// As long as any tracing system's identifier; longer ones would let callers write the log.
    private static let requestIdLength = 128

    private static func isOfIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

/// What the server knows of a request before it is read: where it came from.
package struct Arrival: InitializableFromSource, Sendable {
    /// The address of the connection's other end, without port.
    package let peer: String

    package init(source: ApplicationRequestContextSource) {
        peer = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
