package import Ambient

/// What a verified ID token (OpenID Connect Core 1.0 section 2) says about who signed in.
package struct IdentityToken: Sendable, Hashable {
    /// The `iss` claim: one of the issuers that are configured.
    package let issuer: String
    /// The `sub` claim: who it is, for ever and within the issuer.
    package let subject: String
    /// The name to sign in by.
    package let username: String
    /// The `name` claim: what people call them.
    package let name: String?
    package let email: String?
    /// Our names of the groups it lists.
    package let groups: [String]
    /// The `exp` claim, without any leeway.
    package let expires: Instant

    package init(
        issuer: String,
        subject: String,
        username: String,
        name: String? = nil,
        email: String? = nil,
        groups: [String] = [],
        expires: Instant
    ) {
        self.issuer = issuer
        self.subject = subject
        self.username = username
        self.name = name
        self.email = email
        self.groups = groups
        self.expires = expires
    }
}
