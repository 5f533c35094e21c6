package import Ambient

/// What a verified access token says about its bearer.
package struct AccessToken: Sendable, Hashable {
    /// The `iss` claim: one of the issuers that are configured.
    package let issuer: String
    /// The `sub` claim: who it is, for ever and within the issuer; of a machine its client ID.
    package let subject: String
    /// The `username` claim; a machine has none.
    package let username: String?
    /// The `cognito:groups` claim; empty when it is missing.
    package let groups: [String]
    /// The `client_id` claim: the program that asked for the token.
    package let clientID: String
    /// The `scope` claim, at its spaces.
    package let scopes: [String]
    /// The `exp` claim, without any leeway.
    package let expires: Instant

    package init(
        issuer: String,
        subject: String,
        username: String? = nil,
        groups: [String] = [],
        clientID: String,
        scopes: [String] = [],
        expires: Instant
    ) {
        self.issuer = issuer
        self.subject = subject
        self.username = username
        self.groups = groups
        self.clientID = clientID
        self.scopes = scopes
        self.expires = expires
    }
}
