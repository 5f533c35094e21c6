internal import Ambient
internal import Conductor
internal import Console
internal import HTTPTypes
internal import Hummingbird
internal import Hypertext
internal import NIOCore

/// The console's routes: each asks calls of the contract as the visitor and hands their answers to a page.
struct Pages: Sendable {
    /// With every call that a page may ask bound.
    let calls: Bindings
    let ambient: Ambient
    let conductor: Conductor
    let capacity: Capacity
    let origins: BrowserOrigins

    /// Binds them all.
    func bind(_ calls: inout Bindings) {
        bindAssets(&calls)
        bindOverview(&calls)
        bindExecutions(&calls)
        bindReports(&calls)
        bindPlans(&calls)
        bindPlanVersions(&calls)
        bindSchedules(&calls)
        bindCampaigns(&calls)
        bindNotifications(&calls)
        bindGroups(&calls)
        bindInventory(&calls)
        bindSettings(&calls)
        bindLists(&calls)
        bindLive(&calls)
    }

    /// Binds a page.
    func page(
        _ path: String,
        _ calls: inout Bindings,
        as visitor: (@Sendable (Exchange) async throws -> Visit)? = nil,
        _ make: @escaping @Sendable (Visit) async throws -> any ConsolePage
    ) {
        calls.on(.get, path) { exchange in
            var viewer: Viewer?
            do {
                let visit =
                    if let visitor { try await visitor(exchange) } else { try await Visit(exchange, calls: self.calls) }
                viewer = visit.quietViewer()
                // What the top bar shows is asked for beside the page itself.
                async let known = visit.viewer()
                let page = try await make(visit)
                return .page(page, for: try await known)
            } catch {
                return answer(error, exchange, to: viewer)
            }
        }
    }

    /// Binds a part of a page that scripts ask for; refusals are problem documents, as of any call.
    func fragment(
        _ path: String,
        _ calls: inout Bindings,
        _ make: @escaping @Sendable (Visit) async throws -> HTML
    ) {
        calls.on(.get, path) { exchange in
            .html(try await make(Visit(exchange, calls: self.calls)))
        }
    }

    /// What a page that cannot be shown says: where to sign in, or what went wrong and what to do.
    func answer(_ error: any Error, _ exchange: Exchange, to viewer: Viewer?) -> Response {
        let problem = Problem(explaining: error, in: exchange.logger)
        let wants = exchange.request.uri.path + (exchange.request.uri.query.map { "?\($0)" } ?? "")
        let isShared = Visit.share(in: exchange.request.uri.query ?? "") != nil
        let maySignIn = exchange.headers[.authorization] == nil && !isShared
        if problem.status == HTTPResponse.Status.unauthorized.code, maySignIn {
            let link: Link = "/sign-in"
            return Response(status: .seeOther, headers: [.location: link.with([("return", wants)]).address])
        }
        let page = ErrorPage(
            status: problem.status,
            title: problem.title,
            detail: problem.detail,
            requestId: exchange.id,
            retry: Link(local: wants)
        )
        let stranger = Viewer(name: "", roles: [], permissions: [], now: ambient.now)
        return .page(page, for: viewer ?? stranger, status: HTTPResponse.Status(code: problem.status))
    }

    private func bindAssets(_ calls: inout Bindings) {
        calls.on(.get, "/assets/{version}/{name}") { exchange in
            guard let name = exchange.parameters["name"], let file = Assets.files[name] else {
                throw Problem(.notFound, "There is no such file.")
            }
            // An address with the hash of the files never changes what it means; another one is an older hub's.
            let isCurrent = exchange.parameters["version"] == Assets.version
            let caching = isCurrent ? "public, max-age=31536000, immutable" : "no-cache"
            return Response(
                status: .ok,
                headers: [
                    .contentType: file.type, .cacheControl: caching, .contentSecurityPolicy: "default-src 'none'",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes))
            )
        }
        calls.on(.get, "/favicon.ico") { _ in
            let logo: Link = "/assets/\(Assets.version)/logo.svg"
            return Response(status: .movedPermanently, headers: [.location: logo.address])
        }
    }
}

extension Response {
    static func page(
        _ page: any ConsolePage,
        for viewer: Viewer,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        html(Layout.document(page, for: viewer), status: status)
    }

    static func html(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes))
        )
    }
}
