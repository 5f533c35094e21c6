package import Ambient
package import Recovery

/// A spoke as the API shows it.
package struct SpokeView: Codable, Sendable, Hashable {
    package var spokeId: Identifier<Spoke>
    package var name: String
    package var version: String
    /// The AWS principal it proved to be.
    package var principal: String
    package var accounts: [ServedAccount]
    /// Accounts that it serves outside the caller's scope, and that are therefore not among `accounts`.
    package var accountsOutsideScope: Int
    package var state: Spoke.State
    package var lastSeenAt: Instant

    package init(
        spokeId: Identifier<Spoke>,
        name: String,
        version: String,
        principal: String,
        accounts: [ServedAccount],
        accountsOutsideScope: Int = 0,
        state: Spoke.State,
        lastSeenAt: Instant
    ) {
        self.spokeId = spokeId
        self.name = name
        self.version = version
        self.principal = principal
        self.accounts = accounts
        self.accountsOutsideScope = accountsOutsideScope
        self.state = state
        self.lastSeenAt = lastSeenAt
    }
}
