package import JSON
package import Recovery

/// An account as the API shows it.
package struct AccountView: Codable, Sendable, Hashable, Revisioned {
    package var accountId: AccountNumber
    package var accountName: String
    package var regions: [Region]
    /// The role ARNs whose holders may serve this account as spokes.
    package var spokePrincipals: [String]
    @Nullable package var owner: String?
    package var tags: [String: String]
    /// What goes into the role's trust policy; left out for callers without ManageAccounts.
    package var externalId: String?
    package var revision: Int

    package init(
        accountId: AccountNumber,
        accountName: String,
        regions: [Region],
        spokePrincipals: [String],
        owner: String?,
        tags: [String: String],
        externalId: String?,
        revision: Int
    ) {
        self.accountId = accountId
        self.accountName = accountName
        self.regions = regions
        self.spokePrincipals = spokePrincipals
        self.owner = owner
        self.tags = tags
        self.externalId = externalId
        self.revision = revision
    }
}

/// What a client says of an account.
package struct AccountBody: Codable, Sendable, Hashable {
    /// Required on creation; on a change it may only repeat the path's.
    package var accountId: AccountNumber?
    package var accountName: String
    package var regions: [Region]
    package var spokePrincipals: [String]
    package var owner: String?
    package var tags: [String: String]?

    package init(
        accountId: AccountNumber?,
        accountName: String,
        regions: [Region],
        spokePrincipals: [String],
        owner: String?,
        tags: [String: String]?
    ) {
        self.accountId = accountId
        self.accountName = accountName
        self.regions = regions
        self.spokePrincipals = spokePrincipals
        self.owner = owner
        self.tags = tags
    }
}

/// What the spokes of an account found when they tried what the product needs.
package struct AccountValidation: Codable, Sendable, Hashable {
    package var accountId: AccountNumber
    package var results: [Place]

    /// What one Region's check found.
    package struct Place: Codable, Sendable, Hashable {
        package var region: Region
        /// The spoke that looked; nil when none is connected.
        @Nullable package var spokeId: String?
        package var checks: [AccessCheck]
        /// Why there are no checks, or not all.
        @Nullable package var error: String?

        package init(
            region: Region,
            spokeId: String?,
            checks: [AccessCheck],
            error: String?
        ) {
            self.region = region
            self.spokeId = spokeId
            self.checks = checks
            self.error = error
        }
    }

    package init(
        accountId: AccountNumber,
        results: [Place]
    ) {
        self.accountId = accountId
        self.results = results
    }
}
