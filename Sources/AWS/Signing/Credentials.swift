package import Ambient

/// What a request is signed with: an access key, and a session token where the key is a temporary one.
///
/// Its text and its mirror show the access key's identifier alone, so that no log and no dump carries a secret.
package struct Credentials: Sendable, Hashable {
    package let accessKeyID: String
    package let secretAccessKey: String

    /// The token that temporary credentials need; nil for a user's long-lived key.
    package let sessionToken: String?

    /// When AWS stops accepting them; nil for those that do not expire.
    package let expiration: Instant?

    package init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String? = nil,
        expiration: Instant? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        // A stand-in for AWS may answer "" for none, which would be signed as one.
        self.sessionToken = sessionToken?.isEmpty == true ? nil : sessionToken
        self.expiration = expiration
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        "credentials of \(accessKeyID)"
    }

    package var debugDescription: String {
        description
    }

    package var customMirror: Mirror {
        Mirror(self, children: ["accessKeyID": accessKeyID])
    }
}
