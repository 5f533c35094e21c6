package import HTTPTypes

/// The headers that every answer carries, errors included.
enum SecurityHeaders {
    /// A year, as browsers' preload lists ask for; only said over TLS, where it has a meaning (RFC 6797 section 7.2).
    private static let transportSecurity = "max-age=31536000; includeSubDomains"

    /// Adds what the answer does not say itself: a page brings its own content policy.
    static func add(to headers: inout HTTPFields, overTLS: Bool) {
        func add(_ name: HTTPField.Name, _ value: String) {
            if headers[name] == nil { headers[name] = value }
        }
        add(.xContentTypeOptions, "nosniff")
        add(.cacheControl, "no-store")
        add(.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
        add(.referrerPolicy, "no-referrer")
        add(.frameOptions, "DENY")
        add(.openerPolicy, "same-origin")
        add(.resourcePolicy, "same-origin")
        if overTLS { add(.strictTransportSecurity, transportSecurity) }
    }
}

extension HTTPField.Name {
    /// Writes a name that is known to be valid.
    static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
        return field
    }

    package static let requestId = known("X-Request-Id")
    package static let idempotencyKey = known("Idempotency-Key")
    package static let lastEventId = known("Last-Event-ID")
    package static let forwardedFor = known("X-Forwarded-For")
    static let referrerPolicy = known("Referrer-Policy")
    static let frameOptions = known("X-Frame-Options")
    static let openerPolicy = known("Cross-Origin-Opener-Policy")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
}
