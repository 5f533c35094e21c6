internal import Contract
internal import HTTPTypes
internal import Logging
internal import Recovery
package import WebToken

/// Finds out who is calling, or turns them away.
package struct Gate: Sendable {
    private let verifier: TokenVerifier
    private let limits: RateLimits
    private let sessions: BrowserSessions?

    package init(verifier: TokenVerifier, limits: RateLimits, sessions: BrowserSessions? = nil) {
        self.verifier = verifier
        self.limits = limits
        self.sessions = sessions
    }

    /// The caller, by a bearer token, or where there is none by a browser's session.
    ///
    /// - Throws: `Problem` 401, always in the same words whatever is wrong; 429; 403 and 415 for a change that another
    ///   site may have made through somebody's browser.
    package func admit(_ exchange: Exchange) async throws -> Caller {
        guard let caller = try await recognise(exchange) else {
            try limits.countFailure(from: exchange.address)
            throw Self.unauthenticated(tokenGiven: exchange.headers.contains(.authorization))
        }
        try limits.countRequest(of: caller.principal)
        return caller
    }

    /// Counts somebody who brought a secret that is none, as it counts those who bring no good token.
    ///
    /// - Throws: `Problem` 429.
    func countFailure(of exchange: Exchange) throws {
        try limits.countFailure(from: exchange.address)
    }

    /// Who the caller is by now; nil: nobody any more.
    ///
    /// An open stream asks again and again, which counts for no limit.
    package func recognise(_ exchange: Exchange) async throws -> Caller? {
        // A request with Authorization is judged by it alone; its cookies do not count.
        let values = exchange.headers[values: .authorization]
        return values.isEmpty
            ? try await sessions?.caller(of: exchange) : await bearer(values, exchange).map { Caller($0) }
    }

    private func bearer(_ values: [String], _ exchange: Exchange) async -> AccessToken? {
        guard values.count == 1, let token = Self.token(in: values[0]) else { return nil }
        return await verified(token, exchange)
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
