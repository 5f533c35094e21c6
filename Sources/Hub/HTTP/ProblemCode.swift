/// The codes of problems that the HTTP layer itself answers; those of the domain are `Refusal.Code`.
///
/// Each is stable and listed in `Docs/Errors.md`.
package enum ProblemCode: String, Sendable, CaseIterable {
    /// The request is not HTTP as RFC 9112 has it.
    case malformedRequest = "MALFORMED_REQUEST"
    /// The body is not JSON, or not strictly so.
    case malformedJSON = "MALFORMED_JSON"
    /// Parameters, headers or fields of the body are missing, unknown or of the wrong form.
    case invalidRequest = "INVALID_REQUEST"
    case unauthenticated = "UNAUTHENTICATED"
    case permissionMissing = "PERMISSION_MISSING"
    /// A change by a browser's cookie that no page of ours can be shown to have asked for.
    case crossSite = "CROSS_SITE"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case notAcceptable = "NOT_ACCEPTABLE"
    /// The client did not send its request in time; the connection is closed.
    case requestTimeout = "REQUEST_TIMEOUT"
    /// The object has another revision than `If-Match` names.
    case revisionStale = "REVISION_STALE"
    case bodyTooLarge = "BODY_TOO_LARGE"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
    case tooManyRequests = "TOO_MANY_REQUESTS"
    case headersTooLarge = "HEADERS_TOO_LARGE"
    /// A bug of ours; the log has the same request identifier.
    case internalError = "INTERNAL_ERROR"
    /// The database cannot be reached; it is worth trying again.
    case unavailable = "UNAVAILABLE"
    /// There is too much to do at once; it is worth trying again.
    case overloaded = "OVERLOADED"
    /// Reports cannot be printed on this machine.
    case pdfUnavailable = "PDF_UNAVAILABLE"

    /// The HTTP status of the answer.
    package var status: Int {
        switch self {
        case .malformedRequest, .malformedJSON, .invalidRequest: 400
        case .unauthenticated: 401
        case .permissionMissing, .crossSite: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .requestTimeout: 408
        case .revisionStale: 412
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .idempotencyKeyReused: 422
        case .tooManyRequests: 429
        case .headersTooLarge: 431
        case .internalError: 500
        case .unavailable, .overloaded, .pdfUnavailable: 503
        }
    }
}
