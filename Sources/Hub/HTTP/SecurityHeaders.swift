package import HTTPTypes

/// The headers that every answer carries, errors included.
enum SecurityHeaders {
    /// A year, as browsers' preload lists ask for; only said over TLS, where it has a meaning (RFC 6797 section 7.2).
    private static let transportSecurity = "max-age=31536000; includeSubDomains"

    /// Of answers that are no pages: nothing of them may ever be run or framed.
    private static let dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    /// Of pages: script, style, pictures and live streams from this hub alone, nothing inline, and no text becomes markup
    /// but through the console's one policy of Trusted Types.
    ///
    /// Browsers apply `form-action` to where a form is led on to as well: signing out leads to the managed login.
    private static func pagePolicy(_ signInOrigins: [String]) -> String {
        let forms = (["'self'"] + signInOrigins).joined(separator: " ")
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
            + "connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action \(forms); "
            + "require-trusted-types-for 'script'; trusted-types muster"
    }

    /// What a page of ours never asks for.
    private static let permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    /// Adds what the answer does not say itself.
    ///
    /// - Parameters:
    ///   - headers: Of the answer.
    ///   - overTLS: Whether the hub itself speaks TLS.
    ///   - signInOrigins: Where people sign in and out, beside the hub itself.
    static func add(to headers: inout HTTPFields, overTLS: Bool, signInOrigins: [String] = []) {
        let isPage = headers[.contentType]?.lowercased().hasPrefix("text/html") == true
        func add(_ name: HTTPField.Name, _ value: String) {
            if headers[name] == nil { headers[name] = value }
        }
        add(.xContentTypeOptions, "nosniff")
        add(.cacheControl, "no-store")
        add(.contentSecurityPolicy, isPage ? pagePolicy(signInOrigins) : dataPolicy)
        if isPage { add(.permissionsPolicy, permissions) }
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
    /// Of requests (W3C Trace Context).
    package static let traceParent = known("traceparent")
    /// Of answers (the same, level 2): which step of which trace the request was.
    package static let traceResponse = known("traceresponse")
    package static let idempotencyKey = known("Idempotency-Key")
    package static let lastEventId = known("Last-Event-ID")
    package static let forwardedFor = known("X-Forwarded-For")
    static let referrerPolicy = known("Referrer-Policy")
    static let permissionsPolicy = known("Permissions-Policy")
    static let frameOptions = known("X-Frame-Options")
    static let openerPolicy = known("Cross-Origin-Opener-Policy")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
}
