package import Ambient
internal import JSON
internal import OpenSSL

/// The rules for an ID token (OpenID Connect Core 1.0 section 3.1.3.7).
extension TokenRules {
    /// Reads an ID token whose signature is still to be verified.
    ///
    /// - Parameters:
    ///   - token: The compact serialisation.
    ///   - client: The client that asked for it, which `aud` must name.
    ///   - nonce: What the sign-in was begun with; nil: the token came by a refresh, which has none.
    ///   - now: The time.
    /// - Returns: What the token says.
    /// - Throws: `InvalidToken` with the first rule that is broken.
    package func readIdentity(
        _ token: String,
        for client: String,
        nonce: String?,
        at now: Instant
    ) throws(InvalidToken) -> SignedToken<IdentityToken> {
        let parts = try Self.parts(of: token)
        let (claims, issuer) = (parts.claims, try issuer(of: parts.claims))
        guard !issuer.dialect.statesUse || claims["token_use"] == "id" else { throw InvalidToken(.use) }
        guard issuer.clientIDs.contains(client), let audience = claims["aud"] else { throw InvalidToken(.audience) }
        let names = Self.names(in: audience)
        guard names.contains(where: { Self.isSame($0, client) }) else { throw InvalidToken(.audience) }
        // Section 3.1.3.7, rules 4 and 5: with several audiences the one it was made for must be named.
        if names.count > 1 || claims["azp"] != nil {
            guard let party = claims["azp"]?.string, Self.isSame(party, client) else {
                throw InvalidToken(.client)
            }
        }
        if let nonce {
            guard let given = claims["nonce"]?.string, ConstantTime.equal(Array(given.utf8), Array(nonce.utf8)) else {
                throw InvalidToken(.nonce)
            }
        }
        let expires = try Self.validity(of: claims, at: now)
        return parts.signed(saying: try Self.person(claims, of: issuer, until: expires))
    }

    private static func person(
        _ claims: JSON,
        of issuer: Issuer,
        until expires: Instant
    ) throws(InvalidToken) -> IdentityToken {
        guard let subject = claims["sub"]?.string, !subject.isEmpty else { throw InvalidToken(.identity) }
        return IdentityToken(
            issuer: issuer.url,
            subject: subject,
            username: try text(issuer.dialect.identityUsername, in: claims) ?? subject,
            name: try text("name", in: claims),
            email: try text("email", in: claims),
            groups: issuer.ours(try texts(issuer.dialect.groups, in: claims)),
            expires: expires
        )
    }
}
