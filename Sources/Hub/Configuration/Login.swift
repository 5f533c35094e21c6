internal import AWS

/// Where people sign in by a browser: an authorization server and our client there.
package struct Login: Sendable, Hashable {
    /// The issuer of its tokens, one of the configuration's.
    package var issuer: String
    /// What people call it, for the page on which they choose.
    package var title: String
    package var clientID: String
    /// The hub is a server, so that its client is a confidential one (RFC 6749 section 2.1).
    package var clientSecret: String
    package var scopes: [String]
    package var authorizationURL: String
    package var tokenURL: String
    /// Where refresh tokens are revoked (RFC 7009).
    package var revocationURL: String?
    /// Where a browser is sent to be signed out there, too.
    package var signOutURL: String?
    package var kind: Kind

    package enum Kind: Sendable, Hashable {
        /// Managed login: its access tokens have the groups, its sign-out wants `logout_uri`.
        case cognito
        /// OpenID Connect: its ID tokens have the groups, its sign-out is RP-Initiated Logout 1.0.
        case openID
    }

    /// The origin to which a page's form is led on when somebody signs out.
    var signOutOrigin: String? {
        signOutURL.flatMap { AWS.Endpoint(address: $0, signingRegion: "") }?.origin
    }

    /// What Cognito's clients ask for: who it is, and how to write to them.
    static let standardScopes = ["openid", "email", "profile"]

    /// Managed login of a Cognito user pool (developer guide, "User pool endpoints and managed login reference").
    static func cognito(domain: String, issuer: String, title: String, clientID: String, clientSecret: String) -> Login
    {
        Login(
            issuer: issuer,
            title: title,
            clientID: clientID,
            clientSecret: clientSecret,
            scopes: standardScopes,
            authorizationURL: "\(domain)/oauth2/authorize",
            tokenURL: "\(domain)/oauth2/token",
            revocationURL: "\(domain)/oauth2/revoke",
            signOutURL: "\(domain)/logout",
            kind: .cognito
        )
    }
}
