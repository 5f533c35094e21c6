package import Ambient
internal import OpenSSL
internal import Synchronization

/// Tells whose token it is, or that it is none.
///
/// First the rules that need no key, `iss` among them; then the key by issuer and `kid`; then the signature. A token
/// that has been verified is remembered until it expires, or the keys change.
package final class TokenVerifier: Sendable {
    /// How many verified tokens are remembered: some megabytes at most, and more people than a hub has at once.
    package static let rememberedTokens = 8192

    private let rules: TokenRules
    private let keys: KeyCache
    private let time: any TimeSource
    private let verified: Mutex<VerifiedTokens>

    package init(
        rules: TokenRules,
        keys: KeyCache,
        time: any TimeSource,
        remembering limit: Int = TokenVerifier.rememberedTokens
    ) {
        self.rules = rules
        self.keys = keys
        self.time = time
        verified = Mutex(VerifiedTokens(limit: limit))
    }

    /// How many tokens are remembered now.
    package var rememberedCount: Int {
        verified.withLock { $0.count }
    }

    /// Verifies a token as it stands after `Bearer`.
    ///
    /// - Throws: `InvalidToken` for everything that is not an access token of a configured issuer, valid now.
    package func verify(_ token: String) async throws(InvalidToken) -> AccessToken {
        let now = time.now()
        let generation = keys.generation
        let digest = VerifiedTokens.Digest(SHA256.digest(Array(token.utf8)))
        if let known = verified.withLock({ $0.find(digest, at: now, generation: generation) }) { return known }
        let signed = try rules.read(token, at: now)
        try await verify(signed, of: signed.unverified.issuer)
        verified.withLock { $0.keep(signed.unverified, as: digest, generation: generation) }
        return signed.unverified
    }

    /// Verifies an ID token that a client was given for somebody who signed in.
    ///
    /// - Parameters:
    ///   - token: The compact serialisation.
    ///   - client: The client that asked for it.
    ///   - nonce: What the sign-in was begun with; nil: the token came by a refresh, which has none.
    /// - Returns: Who signed in.
    /// - Throws: `InvalidToken` for everything that is not an ID token of a configured issuer for this client and
    ///   sign-in, valid now.
    package func verifyIdentity(
        _ token: String,
        for client: String,
        nonce: String?
    ) async throws(InvalidToken) -> IdentityToken {
        let signed = try rules.readIdentity(token, for: client, nonce: nonce, at: time.now())
        try await verify(signed, of: signed.unverified.issuer)
        return signed.unverified
    }

    private func verify<Claims>(_ signed: SignedToken<Claims>, of issuer: String) async throws(InvalidToken) {
        guard let key = await keys.key(signed.keyID, of: issuer) else { throw InvalidToken(.unknownKey) }
        guard key.verifies(signature: signed.signature, of: signed.message) else { throw InvalidToken(.signature) }
    }
}
