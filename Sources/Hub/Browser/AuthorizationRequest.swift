internal import AWS
internal import OpenSSL

/// What a sign-in begins with: the secrets of one, and the address to which they send the browser.
struct AuthorizationRequest: Sendable {
    /// Proves that the answer belongs to this browser (RFC 6749 section 10.12).
    let state: String
    /// Proves that the ID token belongs to this sign-in (OpenID Connect Core 1.0 section 3.1.2.1).
    let nonce: String
    /// Proves that whoever exchanges the code is who asked for it (RFC 7636).
    let verifier: String

    /// Bytes of each secret.
    private static let length = 32

    init() {
        state = Base64URL.encode(SecureRandom.bytes(Self.length))
        nonce = Base64URL.encode(SecureRandom.bytes(Self.length))
        verifier = Base64URL.encode(SecureRandom.bytes(Self.length))
    }

    /// The address of the authorization endpoint with everything that it must be told.
    func address(at login: Login, returningTo redirect: String) -> String {
        let challenge = Base64URL.encode(SHA256.digest(Array(verifier.utf8)))
        return Self.address(
            login.authorizationURL,
            [
                ("response_type", "code"), ("client_id", login.clientID), ("redirect_uri", redirect),
                ("scope", login.scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
                ("code_challenge", challenge), ("code_challenge_method", "S256"),
            ]
        )
    }

    static func encoded(_ text: String) -> String {
        PercentEncoding.encode(text)
    }

    /// An address with a query.
    static func address(_ base: String, _ query: [(name: String, value: String)]) -> String {
        let text = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return base + (base.contains("?") ? "&" : "?") + text.joined(separator: "&")
    }
}

extension Login {
    /// Where the browser goes to be signed out at the issuer, too, and to come back from there; nil: it knows no such.
    func signOutAddress(returningTo target: String) -> String? {
        let parameter = kind == .cognito ? "logout_uri" : "post_logout_redirect_uri"
        return signOutURL.map {
            AuthorizationRequest.address($0, [("client_id", clientID), (parameter, target)])
        }
    }
}
