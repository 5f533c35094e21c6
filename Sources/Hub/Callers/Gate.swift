internal import Contract
internal import HTTPTypes
internal import Logging
internal import Recovery
package import WebToken

/// Finds out who is calling, or turns them away.
package struct Gate: Sendable {
    private let verifier: TokenVerifier
    private let limits: RateLimits

    package init(verifier: TokenVerifier, limits: RateLimits) {
        self.verifier = verifier
        self.limits = limits
    }

    /// The caller.
    ///
    /// - Throws: `Problem` 401, always in the same words whatever is wrong; 429.
    package func admit(_ exchange: Exchange) async throws -> Caller {
        let values = exchange.headers[values: .authorization]
        let token = values.count == 1 ? Self.token(in: values[0]) : nil
        guard let token, let verified = await verified(token, exchange) else {
            try limits.countFailure(from: exchange.address)
            throw Self.unauthenticated(tokenGiven: !values.isEmpty)
        }
        let caller = Caller(verified)
        try limits.countRequest(of: caller.principal)
        return caller
    }

    private func verified(_ token: String, _ exchange: Exchange) async -> AccessToken? {
        do throws(InvalidToken) {
            return try await verifier.verify(token)
        } catch {
            exchange.logger.debug("a token was refused", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// The token of `Authorization: Bearer …` (RFC 6750 section 2.1); the scheme is of any case.
    private static func token(in value: String) -> String? {
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    private static func unauthenticated(tokenGiven: Bool) -> Problem {
        let challenge = #"Bearer realm="muster""# + (tokenGiven ? #", error="invalid_token""# : "")
        return Problem(
            .unauthenticated,
            "A valid access token is required, as Authorization: Bearer.",
            headers: [.wwwAuthenticate: challenge]
        )
    }
}

extension Caller {
    /// The caller that a verified token speaks for: a person has a user name, a machine has scopes.
    package init(_ token: AccessToken) {
        let isPerson = token.username != nil
        self.init(
            subject: token.subject,
            name: token.username ?? token.clientID,
            kind: isPerson ? .person : .machine,
            issuer: token.issuer,
            groups: isPerson ? token.groups : [],
            clientScopes: isPerson ? [] : token.scopes
        )
    }
}
