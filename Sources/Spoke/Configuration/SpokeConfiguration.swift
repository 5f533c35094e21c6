package import AWS
package import Contract
package import Logging
package import Logs
package import Recovery

/// All that a spoke is told, read once when it starts; it keeps nothing on disk.
///
/// | variable | meaning, default |
/// |---|---|
/// | `MUSTER_HUB_URL` | the hub's origin; several, separated by commas, are tried in turn |
/// | `MUSTER_SPOKE_CONFIG` | a YAML file: `name`, and `accounts` with `accountId`, `roleArn`, `externalId`, `regions` |
/// | `MUSTER_SPOKE_NAME` | the spoke's name; wins over the file's |
/// | `MUSTER_SPOKE_POLL_MILLISECONDS` | how often jobs that move are looked at, 3000; the other times of job following keep their relation to it |
/// | `MUSTER_METRICS_FILE` | a file that is written every 15 s with the spoke's metrics, as Prometheus reads them; none |
/// | `MUSTER_LOG_LEVEL`, `MUSTER_LOG_FORMAT` | `info`; `text` or `json` |
/// | `AWS_REGION`, `AWS_DEFAULT_REGION` | the Region whose STS vouches for the spoke; else the first of the file |
/// | `AWS_…` | credentials and endpoints, as AWS's own programs read them |
package struct SpokeConfiguration: Sendable {
    package var name: String
    package var hubs: [HubAddress]
    package var accounts: [ReachableAccount]
    /// The Region whose STS vouches for the spoke.
    package var homeRegion: Region
    package var cadence: Cadence
    package var endpoints: Endpoints
    /// Where metrics are written; nil: nowhere.
    package var metricsFile: String?
    package var logLevel: Logger.Level
    package var logFormat: LogFormat

    package init(
        name: String,
        hubs: [HubAddress],
        accounts: [ReachableAccount],
        homeRegion: Region,
        cadence: Cadence,
        endpoints: Endpoints,
        metricsFile: String? = nil,
        logLevel: Logger.Level = .info,
        logFormat: LogFormat = .text
    ) {
        self.name = name
        self.hubs = hubs
        self.accounts = accounts
        self.homeRegion = homeRegion
        self.cadence = cadence
        self.endpoints = endpoints
        self.metricsFile = metricsFile
        self.logLevel = logLevel
        self.logFormat = logFormat
    }

    /// The accounts as the hub is told of them.
    package var served: [ServedAccount] {
        accounts.map { ServedAccount(accountId: $0.accountId, regions: $0.regions) }
    }

    /// The account of that number, if the file has it.
    package func account(_ number: AccountNumber) -> ReachableAccount? {
        accounts.first { $0.accountId == number }
    }
}

/// An account that the spoke can reach, and as which role.
package struct ReachableAccount: Sendable, Hashable {
    package var accountId: AccountNumber
    package var roleArn: String
    /// Made by the hub, asked for by the role's trust policy, and never logged.
    package var externalId: String
    package var regions: [Region]

    package init(accountId: AccountNumber, roleArn: String, externalId: String, regions: [Region]) {
        self.accountId = accountId
        self.roleArn = roleArn
        self.externalId = externalId
        self.regions = regions
    }
}

/// Whoever prints or logs an account, or something that contains one, does not tell its external ID.
extension ReachableAccount: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "\(accountId) as \(roleArn)" }
    package var debugDescription: String { description }
}
