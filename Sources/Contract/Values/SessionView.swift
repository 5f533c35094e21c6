package import Ambient

/// What the identifier of a browser's session identifies.
package enum BrowserSession: Sendable {}

/// A session of somebody who signed in by a browser, as the API shows it.
package struct SessionView: Codable, Sendable, Hashable {
    package var sessionId: Identifier<BrowserSession>
    /// Whose user it is; `muster:break-glass` for a session that a break-glass code began.
    package var issuer: String
    package var subject: String
    package var name: String
    package var email: String?
    package var groups: [String]
    package var createdAt: Instant
    /// When the person last did something; what a page asks for by itself does not count.
    package var lastSeenAt: Instant
    /// When it ends at the latest.
    package var endsAt: Instant
    package var sourceAddress: String
    package var userAgent: String?
    /// Whether it is the session that asks.
    package var isCurrent: Bool

    package init(
        sessionId: Identifier<BrowserSession>,
        issuer: String,
        subject: String,
        name: String,
        email: String?,
        groups: [String],
        createdAt: Instant,
        lastSeenAt: Instant,
        endsAt: Instant,
        sourceAddress: String,
        userAgent: String?,
        isCurrent: Bool
    ) {
        self.sessionId = sessionId
        self.issuer = issuer
        self.subject = subject
        self.name = name
        self.email = email
        self.groups = groups
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.endsAt = endsAt
        self.sourceAddress = sourceAddress
        self.userAgent = userAgent
        self.isCurrent = isCurrent
    }
}
