package import Ambient

/// Where notices are sent, and which of them.
package struct NotificationTarget: Sendable, Hashable {
    package typealias ID = Identifier<NotificationTarget>

    package enum Kind: String, Sendable, Codable, CaseIterable {
        case webhook = "WEBHOOK"
        case topic = "SNS"
        case mail = "EMAIL"
    }

    /// How it is reached; the secret that goes with it is kept elsewhere, sealed.
    package enum Address: Sendable, Hashable {
        case webhook(Webhook)
        case topic(Topic)
        case mail(Mail)

        package var kind: Kind {
            switch self {
            case .webhook: .webhook
            case .topic: .topic
            case .mail: .mail
            }
        }
    }

    /// A URL that takes signed messages.
    package struct Webhook: Sendable, Hashable, Codable {
        package var url: String

        package init(url: String) {
            self.url = url
        }
    }

    /// An SNS topic; a spoke of the account publishes to it.
    package struct Topic: Sendable, Hashable, Codable {
        /// The account whose spoke publishes; the topic may be another's that lets it.
        package var accountId: AccountNumber
        package var topicArn: String

        package init(accountId: AccountNumber, topicArn: String) {
            self.accountId = accountId
            self.topicArn = topicArn
        }

        /// The Region in the topic's ARN.
        package var region: Region? {
            let parts = topicArn.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 6 ? Region(rawValue: String(parts[3])) : nil
        }
    }

    /// A mail server and who is written to through it.
    package struct Mail: Sendable, Hashable, Codable {
        package enum Security: String, Sendable, Codable, CaseIterable {
            /// TLS from the first byte (RFC 8314).
            case tls = "TLS"
            /// STARTTLS (RFC 3207), and no message without it.
            case startTLS = "STARTTLS"
            /// STARTTLS where the server offers it; never a password without it.
            case whereOffered = "WHERE_OFFERED"
        }

        package var host: String
        package var port: Int
        package var security: Security
        package var username: String?
        package var from: String
        package var to: [String]

        package init(
            host: String,
            port: Int,
            security: Security,
            username: String?,
            from: String,
            to: [String]
        ) {
            self.host = host
            self.port = port
            self.security = security
            self.username = username
            self.from = from
            self.to = to
        }
    }

    package var targetId: ID
    package var targetName: String
    package var description: String
    package var address: Address
    package var eventKinds: [Notice.Kind]
    /// Only notices about any of these accounts; nil: about all.
    package var accounts: [AccountNumber]?
    /// Only notices about any of these plans; nil: about all, and about no plan.
    package var plans: [RecoveryPlan.ID]?
    package var isEnabled: Bool
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        targetId: ID,
        targetName: String,
        description: String,
        address: Address,
        eventKinds: [Notice.Kind],
        accounts: [AccountNumber]?,
        plans: [RecoveryPlan.ID]?,
        isEnabled: Bool,
        createdDate: Instant,
        lastModifiedDate: Instant,
        createdBy: String,
        revision: Int
    ) {
        self.targetId = targetId
        self.targetName = targetName
        self.description = description
        self.address = address
        self.eventKinds = eventKinds
        self.accounts = accounts
        self.plans = plans
        self.isEnabled = isEnabled
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }
}

extension NotificationTarget {
    /// Whether a notice is for this target; the outbox's statement says the same in SQL.
    package func wants(_ notice: Notice) -> Bool {
        guard isEnabled, eventKinds.contains(notice.kind) else { return false }
        if let accounts, !accounts.contains(where: notice.accounts.contains) { return false }
        if let plans { return notice.planId.map(plans.contains) ?? false }
        return true
    }
}
