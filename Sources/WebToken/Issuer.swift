/// Who may sign tokens, and for which clients.
package struct Issuer: Sendable, Hashable {
    /// The text of the `iss` claim, compared byte by byte.
    package let url: String
    /// The clients whose tokens are taken (`client_id`).
    package let clientIDs: Set<String>
    /// What an `aud` claim may name besides the clients; Cognito writes one only for tokens bound to a resource.
    package let audiences: Set<String>
    /// Where the issuer publishes its keys (JWKS, RFC 7517).
    package let keySetURL: String

    /// Describes an issuer; without another address its keys are where Cognito has them.
    package init(url: String, clientIDs: Set<String>, audiences: Set<String> = [], keySetURL: String? = nil) {
        self.url = url
        self.clientIDs = clientIDs
        self.audiences = audiences
        self.keySetURL = keySetURL ?? url + "/.well-known/jwks.json"
    }
}
