/// An AWS account that Muster protects, and who may serve it.
package struct Account: Sendable, Hashable {
    package var accountId: AccountNumber
    package var accountName: String
    package var regions: [Region]
    /// The role ARNs whose holders may serve this account as spokes.
    package var spokePrincipals: [String]
    package var owner: String?
    package var tags: [String: String]
    /// 128 bits made by the hub; part of the role's trust policy and of the spoke's configuration.
    package var externalId: String
    package var revision: Int

    package init(
        accountId: AccountNumber,
        accountName: String,
        regions: [Region],
        spokePrincipals: [String],
        owner: String?,
        tags: [String: String],
        externalId: String,
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

/// The number of an AWS account: 12 digits.
package struct AccountNumber: Label {
    package static let rule = "12 digits"
    package static let pattern = "^[0-9]{12}$"
    package let rawValue: String

    package init?(rawValue: String) {
        guard rawValue.utf8.count == 12, rawValue.isDigits else { return nil }
        self.rawValue = rawValue
    }
}

/// One account in one Region: the unit in which DRS keeps servers, jobs and quotas.
package struct Place: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package let accountId: AccountNumber
    package let region: Region

    package init(accountId: AccountNumber, region: Region) {
        self.accountId = accountId
        self.region = region
    }

    package var description: String { "\(accountId)/\(region)" }

    package static func < (left: Place, right: Place) -> Bool {
        (left.accountId, left.region) < (right.accountId, right.region)
    }
}
