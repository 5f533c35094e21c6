internal import Ambient

/// What a user pool has given out and takes back: authorization codes, refresh tokens, and the cookie of its own login.
struct Grants: Sendable {
    /// How long a code can be exchanged (Cognito: 5 minutes).
    static let codeTime = Duration.seconds(300)
    /// How long managed login remembers who signed in (Cognito: 1 hour).
    static let cookieTime = Duration.seconds(3600)

    /// A sign-in that waits for its client to fetch the tokens.
    struct Code: Sendable {
        let signIn: SignIn
        let redirect: String
        /// PKCE's challenge (RFC 7636), S256; nil: the client brought none.
        let challenge: String?
        let nonce: String?
        let expires: Instant
    }

    /// Somebody's sign-in at one client, which all its tokens go back to.
    struct SignIn: Sendable {
        let id: String
        let client: String
        let username: String
        let scope: String
        let at: Instant
        /// Until when refresh tokens work; rotation does not move it.
        let ends: Instant
    }

    private struct RefreshToken: Sendable {
        let signIn: SignIn
        /// When it was exchanged for another one.
        var usedAt: Instant?
    }

    private var codes: [String: Code] = [:]
    private var refreshTokens: [String: RefreshToken] = [:]
    private var cookies: [String: (username: String, ends: Instant)] = [:]

    mutating func keep(_ code: Code, as text: String) {
        codes[text] = code
    }

    /// Takes a code out: it is good once, whatever comes of it.
    mutating func takeCode(_ text: String, at now: Instant) -> Code? {
        guard let code = codes.removeValue(forKey: text), now < code.expires else { return nil }
        return code
    }

    mutating func keep(refreshToken text: String, of signIn: SignIn) {
        refreshTokens[text] = RefreshToken(signIn: signIn)
    }

    /// The sign-in of a refresh token that is used now; a second use counts for as long as the grace lasts.
    mutating func use(refreshToken text: String, at now: Instant, grace: Duration) -> SignIn? {
        guard var token = refreshTokens[text], now < token.signIn.ends else { return nil }
        if let usedAt = token.usedAt, now >= usedAt + grace { return nil }
        token.usedAt = token.usedAt ?? now
        refreshTokens[text] = token
        return token.signIn
    }

    /// Ends a sign-in by any of its refresh tokens, if it is the client's.
    mutating func revoke(_ text: String, of client: String) -> Bool {
        guard let token = refreshTokens[text], token.signIn.client == client else { return false }
        refreshTokens = refreshTokens.filter { $0.value.signIn.id != token.signIn.id }
        return true
    }

    mutating func keep(cookie text: String, of username: String, at now: Instant) {
        cookies[text] = (username, now + Self.cookieTime)
    }

    func username(ofCookie text: String, at now: Instant) -> String? {
        guard let cookie = cookies[text], now < cookie.ends else { return nil }
        return cookie.username
    }

    mutating func forget(cookie text: String) {
        cookies[text] = nil
    }

    mutating func expire() {
        refreshTokens = [:]
        cookies = [:]
    }
}
