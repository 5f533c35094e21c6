package import Ambient
internal import OpenSSL

extension SignatureV4 {
    /// Why a signed request is not accepted.
    package enum Mismatch: Error, Sendable, Hashable {
        /// A header that every signed request has is missing or unreadable, by its name in lower case.
        case missing(String)

        /// A header that changes the request's meaning was not signed.
        case unsigned(String)

        /// The scope's day is not the day of `x-amz-date`.
        case scope

        /// The request's time is too far from the server's (AWS: 15 minutes in most services, 5 in some).
        case time

        /// The signature is not the one that the secret makes.
        case signature
    }

    /// How far a request's time may be from the server's.
    package static let allowedSkew: Duration = .seconds(900)

    /// The parsed authorization of a request, which names the key whose secret is then looked up.
    package static func authorization(of request: SignableRequest) throws(Mismatch) -> Authorization {
        guard let header = request.header("authorization"), let authorization = Authorization(header) else {
            throw .missing("authorization")
        }
        return authorization
    }

    /// Verifies a request as a server does: time, signed headers, then the signature in constant time.
    ///
    /// `host` and every `x-amz-…` header that the request has must be signed, as AWS requires.
    package static func verify(
        _ request: SignableRequest,
        secretAccessKey: String,
        at instant: Instant
    ) throws(Mismatch) {
        let authorization = try authorization(of: request)
        guard let date = request.header("x-amz-date"), let signed = Self.instant(ofAmzDate: date) else {
            throw .missing("x-amz-date")
        }
        guard authorization.scope.date == date.prefix(8) else { throw .scope }
        let skew = signed - instant
        guard skew <= allowedSkew, skew >= .zero - allowedSkew else { throw .time }
        for name in Set(request.headers.map { $0.name.lowercased() })
        where (name == "host" || name.hasPrefix("x-amz-")) && !authorization.signedHeaders.contains(name) {
            throw .unsigned(name)
        }
        for name in authorization.signedHeaders where request.header(name) == nil { throw .missing(name) }
        let canonical = canonicalRequest(request, signing: authorization.signedHeaders)
        let text = stringToSign(canonical, at: date, scope: authorization.scope)
        let expected = signature(of: text, secretAccessKey: secretAccessKey, scope: authorization.scope)
        guard ConstantTime.equal(Array(expected.utf8), Array(authorization.signature.utf8)) else { throw .signature }
    }
}
