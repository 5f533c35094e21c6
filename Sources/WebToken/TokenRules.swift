package import Ambient
internal import JSON
internal import OpenSSL

/// Every rule for a token that needs no key: a pure function of the token and the time.
///
/// Tokens are JWS compact serialisations (RFC 7515) of the claims that Amazon Cognito writes into access tokens
/// ("Understanding the access token", Cognito developer guide). What a header says about keys (`jwk`, `jku`, `x5u`,
/// `x5c`) is never looked at (RFC 8725 section 3.10).
package struct TokenRules: Sendable {
    /// The longest token taken, in bytes; Cognito's have about 1 KiB, and headers are bounded anyway.
    package static let longest = 8192
    /// How far the clocks of issuer and hub may differ.
    package static let leeway = Duration.seconds(60)
    /// The last second of the year 9999: later times are no times, and sums with them stay far from overflow.
    private static let lastSecond: Int64 = 253_402_300_799

    private let issuers: [String: Issuer]

    /// Takes the issuers; of two with the same address the first counts.
    package init(issuers: [Issuer]) {
        self.issuers = Dictionary(issuers.map { ($0.url, $0) }) { first, _ in first }
    }

    /// Reads an access token whose signature is still to be verified.
    ///
    /// - Throws: `InvalidToken` with the first rule that is broken.
    package func read(_ token: String, at now: Instant) throws(InvalidToken) -> SignedToken<AccessToken> {
        let parts = try Self.parts(of: token)
        return parts.signed(saying: try accessToken(of: parts.claims, at: now))
    }

    /// A token taken apart: nothing of it is to be believed.
    struct Parts {
        let keyID: String
        let claims: JSON
        let message: [UInt8]
        let signature: [UInt8]

        func signed<Claims: Sendable & Hashable>(saying claims: Claims) -> SignedToken<Claims> {
            SignedToken(unverified: claims, keyID: keyID, message: message, signature: signature)
        }
    }

    static func parts(of token: String) throws(InvalidToken) -> Parts {
        guard token.utf8.count <= longest else { throw InvalidToken(.tooLong) }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(Substring(parts[2])), !signature.isEmpty else {
            throw InvalidToken(.malformed)
        }
        let keyID = try keyID(in: try object(parts[0]))
        let claims = try object(parts[1])
        let message = token.utf8[..<parts[1].endIndex]
        return Parts(keyID: keyID, claims: claims, message: Array(message), signature: signature)
    }

    private static func object(_ part: Substring.UTF8View) throws(InvalidToken) -> JSON {
        guard let bytes = Base64URL.decode(Substring(part)), let json = try? JSON(parsing: bytes), json.object != nil
        else { throw InvalidToken(.malformed) }
        return json
    }

    private static func keyID(in header: JSON) throws(InvalidToken) -> String {
        // The only algorithm there is; what the header says can make a token invalid, never choose how it is verified.
        guard header["alg"] == "RS256" else { throw InvalidToken(.algorithm) }
        guard header["crit"] == nil else { throw InvalidToken(.critical) }
        // RFC 8725 section 3.11: a token made for another purpose says so.
        if let type = header["typ"] {
            guard let text = type.string, ["jwt", "at+jwt", "application/at+jwt"].contains(text.lowercased()) else {
                throw InvalidToken(.type)
            }
        }
        guard let keyID = header["kid"]?.string, !keyID.isEmpty else { throw InvalidToken(.keyID) }
        return keyID
    }

    /// Checks the claims of an access token.
    private func accessToken(of claims: JSON, at now: Instant) throws(InvalidToken) -> AccessToken {
        let issuer = try issuer(of: claims)
        let client =
            issuer.dialect.statesUse
            ? try Self.clientOfCognito(claims, of: issuer) : try Self.clientOfOther(claims, of: issuer)
        let expires = try Self.validity(of: claims, at: now)
        return try Self.identity(claims, issuer: issuer, client: client, expires: expires)
    }

    /// The issuer, found before any key is looked up.
    func issuer(of claims: JSON) throws(InvalidToken) -> Issuer {
        guard let url = claims["iss"]?.string, let issuer = issuers[url], Self.isSame(url, issuer.url) else {
            throw InvalidToken(.issuer)
        }
        return issuer
    }

    private static func clientOfCognito(_ claims: JSON, of issuer: Issuer) throws(InvalidToken) -> String {
        guard claims["token_use"] == "access" else { throw InvalidToken(.use) }
        guard let client = claims["client_id"]?.string, issuer.clientIDs.contains(where: { isSame(client, $0) })
        else {
            throw InvalidToken(.client)
        }
        if let audience = claims["aud"] {
            guard names(in: audience).contains(where: { issuer.accepts(audience: $0) }) else {
                throw InvalidToken(.audience)
            }
        }
        return client
    }

    /// Another issuer's access token is one by its audience: it names us, and not a client, as an ID token does.
    private static func clientOfOther(_ claims: JSON, of issuer: Issuer) throws(InvalidToken) -> String {
        let audiences = claims["aud"].map(names) ?? []
        guard audiences.contains(where: issuer.audiences.contains),
            !audiences.contains(where: issuer.clientIDs.contains)
        else { throw InvalidToken(.audience) }
        // RFC 9068 calls it client_id, others azp; where neither stands the audience alone decides.
        let client = claims["client_id"] ?? claims["azp"]
        if let client, !issuer.clientIDs.contains(client.string ?? "") { throw InvalidToken(.client) }
        return client?.string ?? ""
    }

    /// Checks `exp` and `nbf`, and answers the former.
    static func validity(of claims: JSON, at now: Instant) throws(InvalidToken) -> Instant {
        guard let expires = instant(claims["exp"]) else { throw InvalidToken(.expiry) }
        guard now < expires + leeway else { throw InvalidToken(.expired) }
        if let claim = claims["nbf"] {
            guard let start = instant(claim) else { throw InvalidToken(.start) }
            guard now >= start - leeway else { throw InvalidToken(.early) }
        }
        return expires
    }

    private static func identity(
        _ claims: JSON,
        issuer: Issuer,
        client: String,
        expires: Instant
    ) throws(InvalidToken) -> AccessToken {
        guard let subject = claims["sub"]?.string, !subject.isEmpty else { throw InvalidToken(.identity) }
        let name = try text(issuer.dialect.username, in: claims)
        return AccessToken(
            issuer: issuer.url,
            subject: subject,
            // Only Cognito's tokens show by the lack of a name that a program is the bearer.
            username: issuer.dialect.statesUse ? name : name ?? subject,
            groups: issuer.ours(try texts(issuer.dialect.groups, in: claims)),
            clientID: client,
            scopes: try text("scope", in: claims)?.split(separator: " ").map(String.init) ?? [],
            expires: expires
        )
    }

    /// A claim that may be missing, but nothing else than a text.
    static func text(_ name: String, in claims: JSON) throws(InvalidToken) -> String? {
        guard let claim = claims[name] else { return nil }
        guard let text = claim.string else { throw InvalidToken(.identity) }
        return text
    }

    /// A claim that may be missing, but nothing else than a list of texts.
    static func texts(_ name: String, in claims: JSON) throws(InvalidToken) -> [String] {
        guard let array = (claims[name] ?? []).array, array.allSatisfy({ $0.string != nil }) else {
            throw InvalidToken(.identity)
        }
        return array.compactMap(\.string)
    }

    /// Swift takes texts for equal that Unicode calls equivalent (`K` and the Kelvin sign); here bytes count.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// The names of an `aud` claim: one text or an array of them (RFC 7519 section 4.1.3).
    static func names(in audience: JSON) -> [String] {
        audience.string.map { [$0] } ?? audience.array?.compactMap(\.string) ?? []
    }

    /// A whole number of seconds; RFC 7519 would allow a fraction, Cognito writes none.
    private static func instant(_ claim: JSON?) -> Instant? {
        guard case .integer(let seconds)? = claim, (0...lastSecond).contains(seconds) else { return nil }
        return Instant(milliseconds: seconds * 1000)
    }
}

extension Issuer {
    fileprivate func accepts(audience: String) -> Bool {
        audiences.contains(audience) || clientIDs.contains(audience)
    }
}

/// A token that keeps every rule but the last: nobody knows yet who signed it.
package struct SignedToken<Claims: Sendable & Hashable>: Sendable, Hashable {
    /// What the token says, to be believed once the signature is verified.
    package let unverified: Claims
    /// The key that is said to have signed.
    package let keyID: String
    /// The bytes that are signed.
    package let message: [UInt8]
    package let signature: [UInt8]
}
