package import Ambient
internal import JSON
internal import OpenSSL

/// Every rule for an access token that needs no key: a pure function of the token and the time.
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

    /// Reads a token whose signature is still to be verified.
    ///
    /// - Throws: `InvalidToken` with the first rule that is broken.
    package func read(_ token: String, at now: Instant) throws(InvalidToken) -> SignedToken {
        guard token.utf8.count <= Self.longest else { throw InvalidToken(.tooLong) }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(Substring(parts[2])), !signature.isEmpty else {
            throw InvalidToken(.malformed)
        }
        let keyID = try Self.keyID(in: try Self.object(parts[0]))
        let claims = try accessToken(of: try Self.object(parts[1]), at: now)
        let message = token.utf8[..<parts[1].endIndex]
        return SignedToken(unverified: claims, keyID: keyID, message: Array(message), signature: signature)
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

    /// Checks the claims.
    private func accessToken(of claims: JSON, at now: Instant) throws(InvalidToken) -> AccessToken {
        guard let url = claims["iss"]?.string, let issuer = issuers[url], Self.isSame(url, issuer.url) else {
            throw InvalidToken(.issuer)
        }
        guard claims["token_use"] == "access" else { throw InvalidToken(.use) }
        guard let client = claims["client_id"]?.string, issuer.clientIDs.contains(where: { Self.isSame(client, $0) })
        else {
            throw InvalidToken(.client)
        }
        if let audience = claims["aud"] {
            guard Self.names(in: audience).contains(where: { issuer.accepts(audience: $0) }) else {
                throw InvalidToken(.audience)
            }
        }
        guard let expires = Self.instant(claims["exp"]) else { throw InvalidToken(.expiry) }
        guard now < expires + Self.leeway else { throw InvalidToken(.expired) }
        if let claim = claims["nbf"] {
            guard let start = Self.instant(claim) else { throw InvalidToken(.start) }
            guard now >= start - Self.leeway else { throw InvalidToken(.early) }
        }
        return try Self.identity(claims, issuer: url, client: client, expires: expires)
    }

    private static func identity(
        _ claims: JSON,
        issuer: String,
        client: String,
        expires: Instant
    ) throws(InvalidToken) -> AccessToken {
        guard let subject = claims["sub"]?.string, !subject.isEmpty else { throw InvalidToken(.identity) }
        if let username = claims["username"], username.string == nil { throw InvalidToken(.identity) }
        if let scope = claims["scope"], scope.string == nil { throw InvalidToken(.identity) }
        let groups = claims["cognito:groups"] ?? []
        guard let groups = groups.array, groups.allSatisfy({ $0.string != nil }) else { throw InvalidToken(.identity) }
        return AccessToken(
            issuer: issuer,
            subject: subject,
            username: claims["username"]?.string,
            groups: groups.compactMap(\.string),
            clientID: client,
            scopes: claims["scope"]?.string.map { $0.split(separator: " ").map(String.init) } ?? [],
            expires: expires
        )
    }

    /// Swift takes texts for equal that Unicode calls equivalent (`K` and the Kelvin sign); here bytes count.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// The names of an `aud` claim: one text or an array of them (RFC 7519 section 4.1.3).
    private static func names(in audience: JSON) -> [String] {
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
package struct SignedToken: Sendable, Hashable {
    /// What the token says, to be believed once the signature is verified.
    package let unverified: AccessToken
    /// The key that is said to have signed.
    package let keyID: String
    /// The bytes that are signed.
    package let message: [UInt8]
    package let signature: [UInt8]
}
