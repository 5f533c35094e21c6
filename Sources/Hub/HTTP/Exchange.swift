package import Ambient
package import HTTPTypes
package import Hummingbird
package import Logging

/// One request on its way to an answer: what every endpoint may want to know of it.
package struct Exchange: Sendable {
    package let request: Request
    /// Stands in the answer, in problems and in every log line: the caller's `X-Request-Id`, or one of ours.
    package let id: String
    /// This request's step of the trace that it belongs to: the caller's `traceparent`, or one of ours.
    package let trace: TraceContext
    /// The values of the path's parts in braces, decoded.
    package let parameters: [String: String]
    /// The address that the request came from, as far as it can be trusted; without port.
    package let address: String
    /// When it arrived.
    package let at: Instant
    package let logger: Logger

    /// The path as bound, such as `/api/v1/recovery-plans/{planId}`.
    package let route: String

    package var headers: HTTPFields { request.headers }
}

/// What answers at one path and method.
package typealias Endpoint = @Sendable (Exchange) async throws -> Response
