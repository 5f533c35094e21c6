internal import Ambient
internal import WebToken

extension BrowserSessions {
    /// Somebody, as an issuer's tokens tell.
    struct Person: Sendable {
        let issuer: String
        let subject: String
        let clientID: String
        let name: String
        var displayName: String?
        var email: String?
        let groups: [String]
        /// Until when the issuer stands by it.
        let freshUntil: Instant
    }

    /// Verifies what an issuer gave.
    ///
    /// Of Cognito both tokens must be good and of one person: the access token has the groups, the ID token name and
    /// address. Another issuer's access token is its own affair, so that its ID token alone counts.
    ///
    /// - Parameters:
    ///   - tokens: What it gave.
    ///   - login: Where it was asked.
    ///   - nonce: What the sign-in was begun with; nil: it was a refresh.
    /// - Returns: Who it is.
    /// - Throws: `InvalidToken`.
    func person(_ tokens: TokenEndpoint.Tokens, at login: Login, nonce: String?) async throws(InvalidToken) -> Person {
        guard let text = tokens.identity else { throw InvalidToken(.malformed) }
        let identity = try await verifier.verifyIdentity(text, for: login.clientID, nonce: nonce)
        guard identity.issuer == login.issuer else { throw InvalidToken(.issuer) }
        guard login.kind == .cognito else {
            return Person(
                issuer: identity.issuer,
                subject: identity.subject,
                clientID: login.clientID,
                name: identity.username,
                displayName: identity.name,
                email: identity.email,
                groups: identity.groups,
                freshUntil: identity.expires
            )
        }
        guard let text = tokens.access else { throw InvalidToken(.malformed) }
        let access = try await verifier.verify(text)
        guard access.issuer == login.issuer, access.clientID == login.clientID, let name = access.username,
            access.subject == identity.subject
        else { throw InvalidToken(.identity) }
        return Person(
            issuer: access.issuer,
            subject: access.subject,
            clientID: access.clientID,
            name: name,
            displayName: identity.name,
            email: identity.email,
            groups: access.groups,
            freshUntil: access.expires
        )
    }
}
