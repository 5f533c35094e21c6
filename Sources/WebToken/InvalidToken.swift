/// A token is not taken; whoever sent it learns no more than that.
package struct InvalidToken: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, for our own logs and tests.
    package let reason: Reason

    /// The rules, one each; none holds anything of the token.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// More than `TokenRules.longest` bytes.
        case tooLong
        /// Not three parts of strict base64url, or header or claims are no JSON object read strictly.
        case malformed
        /// The header asks for another algorithm than RS256.
        case algorithm
        /// The header has `crit`: it asks for something that must be understood, and nothing is.
        case critical
        /// The header has no usable `kid`.
        case keyID
        /// The header's `typ` names another kind of token.
        case type
        /// `iss` is none of the configured issuers.
        case issuer
        /// `token_use` is not `access`, or of an ID token not `id`.
        case use
        /// `client_id` is none of the issuer's, or `azp` of an ID token not its client.
        case client
        /// `aud` does not name us.
        case audience
        /// `nonce` of an ID token is not the one that the sign-in was begun with.
        case nonce
        /// `exp` is missing or no whole number of seconds.
        case expiry
        /// `exp` has passed.
        case expired
        /// `nbf` is no whole number of seconds.
        case start
        /// `nbf` is still to come.
        case early
        /// the subject, name, groups or scope is missing or of another type.
        case identity
        /// No key of the issuer has this `kid`.
        case unknownKey
        /// The signature is not one of the key.
        case signature
    }

    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// One constant sentence, fit for an answer.
    package var description: String { "The access token is missing, expired or not valid." }
}
