/// Who may sign tokens, and for which clients.
package struct Issuer: Sendable, Hashable {
    /// The text of the `iss` claim, compared byte by byte.
    package let url: String
    /// The clients whose tokens are taken: in Cognito's access tokens `client_id`, in every ID token `aud`.
    package let clientIDs: Set<String>
    /// What an `aud` claim of an access token may name.
    ///
    /// Cognito writes one only for tokens bound to a resource, and then it may also be the client. Another issuer's
    /// access tokens must name one of these, and never a client: an ID token, whose audience is its client, is thereby
    /// no access token.
    package let audiences: Set<String>
    /// Where the issuer publishes its keys (JWKS, RFC 7517).
    package let keySetURL: String
    package let dialect: Dialect
    /// Our groups by the issuer's; nil: its names are ours.
    ///
    /// With a table a group that is not in it counts for nothing.
    package let groupNames: [String: String]?

    /// How an issuer writes who somebody is.
    package struct Dialect: Sendable, Hashable {
        /// Whether `token_use` says what a token is for, as Cognito's do.
        package let statesUse: Bool
        /// The claim of the user's name in access tokens.
        package let username: String
        /// The same in ID tokens.
        package let identityUsername: String
        package let groups: String

        /// Amazon Cognito ("Understanding the access token" and "… the identity (ID) token", developer guide).
        package static let cognito = Dialect(
            statesUse: true,
            username: "username",
            identityUsername: "cognito:username",
            groups: "cognito:groups"
        )

        /// Any issuer of OpenID Connect: what its claims are called is its own affair.
        package static func openID(username: String, groups: String) -> Dialect {
            Dialect(statesUse: false, username: username, identityUsername: username, groups: groups)
        }
    }

    /// Describes an issuer; without another address its keys are where Cognito has them.
    package init(
        url: String,
        clientIDs: Set<String>,
        audiences: Set<String> = [],
        keySetURL: String? = nil,
        dialect: Dialect = .cognito,
        groupNames: [String: String]? = nil
    ) {
        self.url = url
        self.clientIDs = clientIDs
        self.audiences = audiences
        self.keySetURL = keySetURL ?? url + "/.well-known/jwks.json"
        self.dialect = dialect
        self.groupNames = groupNames
    }

    /// Our names of the groups that a token lists.
    func ours(_ groups: [String]) -> [String] {
        guard let groupNames else { return groups }
        return groups.compactMap { groupNames[$0] }
    }
}
