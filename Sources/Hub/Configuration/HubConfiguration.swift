package import Configuration
package import Logging
package import Logs
package import Recovery
package import WebToken

/// All that the hub is told, read once when it starts; a wrong value is refused with its key's name.
///
/// Every key has an environment variable and a flag (`MUSTER_LISTEN`, `--listen`); the flag wins.
///
/// | key | meaning, default |
/// |---|---|
/// | `MUSTER_DATABASE_URL` | libpq's connection string; without it the hub runs a PostgreSQL of its own |
/// | `MUSTER_DATABASE_OWNER_URL` | the same for migrations, as the role that owns the schema |
/// | `MUSTER_DATABASE_CONNECTIONS` | how many connections the hub may open, 16 |
/// | `MUSTER_LISTEN` | host and port, `127.0.0.1:8080` |
/// | `MUSTER_PUBLIC_URL` | the origins by which it is reached, comma-separated; the listen address |
/// | `MUSTER_TLS_CERTIFICATE`, `MUSTER_TLS_KEY` | PEM files; both or none |
/// | `MUSTER_COGNITO_ISSUER` | its keys at `/.well-known/jwks.json` |
/// | `MUSTER_COGNITO_CLIENT_ID` | the clients whose tokens are taken, comma-separated; the first is the browser's |
/// | `MUSTER_COGNITO_CLIENT_SECRET` | of the browser's client |
/// | `MUSTER_COGNITO_DOMAIN` | the origin of managed login; a bare host means https; none: no sign-in by browser |
/// | `MUSTER_ISSUERS` | a YAML file with further issuers, see `IssuerFile` |
/// | `MUSTER_STS_ENDPOINTS` | which STS spokes may prove themselves to, comma-separated; AWS's regional ones |
/// | `MUSTER_SECRET_KEY_FILE`, `MUSTER_SECRET_KEY` | the keys of sessions and seals, see `SecretKeys`; one of both, or none with the embedded database, which makes its own |
/// | `MUSTER_TRUSTED_PROXIES` | networks whose `X-Forwarded-For` is believed, comma-separated; none |
/// | `MUSTER_RATE_LIMITS` | `off`, or `failures=1000/50,requests=2000/500` (burst and per second), the default |
/// | `MUSTER_NOTIFICATION_NETWORKS` | internal networks that webhooks and mail may go to, comma-separated; none |
/// | `MUSTER_NOTIFICATION_CA_FILE` | a PEM file with authorities that webhooks and mail servers are believed by besides the system's |
/// | `MUSTER_INSTANCE_PRICES` | a JSON file with prices of instances, see `InstancePrices`; AWS's list prices |
/// | `MUSTER_REQUESTS_IN_FLIGHT` | how many of people's requests are answered at once, 64 |
/// | `MUSTER_METRICS_FROM` | networks from which `/metrics` is read without a token, comma-separated; this machine |
/// | `MUSTER_STATE_DIRECTORY` | `/var/lib/muster` for root, else below the XDG state directory |
/// | `MUSTER_LOG_LEVEL`, `MUSTER_LOG_FORMAT` | `info`; `text` or `json` |
package struct HubConfiguration: Sendable {
    /// Nil: the embedded database.
    package var databaseURL: String?
    package var databaseOwnerURL: String?
    package var databaseConnections: Int
    package var listen: ListenAddress
    /// The origins by which browsers and spokes reach the hub: lower case, without the scheme's own port.
    package var publicURLs: [String]
    package var tls: TLSFiles?
    package var issuers: [Issuer]
    /// Where people sign in by a browser; the first is Cognito's.
    package var logins: [Login]
    /// Nil: AWS's regional endpoints.
    package var stsEndpoints: [String]?
    package var secretKeyFile: String?
    /// The same as the file's text.
    package var secretKey: String?
    package var trustedProxies: TrustedProxies
    package var rateLimits: RateLimits.Rates
    /// Where notifications may go.
    package var destinations: DestinationRule
    package var notificationAuthorities: String?
    package var prices: InstancePrices
    /// Of people and their programs; see `Capacity`.
    package var requestsInFlight: Int
    /// Who reads `/metrics` without a token.
    package var metricsReaders: TrustedProxies
    package var stateDirectory: String
    package var logLevel: Logger.Level
    package var logFormat: LogFormat

    /// The files of the hub's own TLS.
    package struct TLSFiles: Sendable, Hashable {
        package var certificate: String
        package var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Connections to the database: the most that a hub can keep busy while PostgreSQL's usual 100 serve several hubs.
    private static let defaultConnections = 16

    /// Reads every key.
    ///
    /// - Throws: `ConfigurationProblem`, which names the key.
    package init(reading reader: ConfigReader) throws {
        let keys = KeyReader(reader)
        databaseURL = try keys.text("DATABASE_URL", isSecret: true)
        databaseOwnerURL = try keys.text("DATABASE_OWNER_URL", isSecret: true)
        databaseConnections = try keys.number("DATABASE_CONNECTIONS", in: 2...500) ?? Self.defaultConnections
        listen = try keys.read("LISTEN", default: "127.0.0.1:8080", "must be host:port") { ListenAddress($0) }
        tls = try Self.tls(keys)
        publicURLs = try Self.publicURLs(keys, listen: listen, overTLS: tls != nil)
        let file = try IssuerFile.read(keys)
        issuers = try Self.issuers(keys, file)
        logins = try [Self.cognitoLogin(keys)].compactMap(\.self) + (file?.logins(keys) ?? [])
        stsEndpoints = try keys.list("STS_ENDPOINTS")?.map { try keys.origin("STS_ENDPOINTS", $0) }
        secretKeyFile = try keys.text("SECRET_KEY_FILE")
        secretKey = try keys.text("SECRET_KEY", isSecret: true)
        trustedProxies = try Self.networks(keys, "TRUSTED_PROXIES", default: [])
        metricsReaders = try Self.networks(keys, "METRICS_FROM", default: ["127.0.0.0/8", "::1/128"])
        rateLimits = try keys.read(
            "RATE_LIMITS",
            default: "failures=1000/50,requests=2000/500",
            "must be off, or rates such as failures=1000/50,requests=2000/500"
        ) { RateLimits.Rates($0) }
        guard let destinations = DestinationRule(allowing: try keys.list("NOTIFICATION_NETWORKS") ?? []) else {
            throw ConfigurationProblem("MUSTER_NOTIFICATION_NETWORKS", "must be networks such as 10.0.0.0/8")
        }
        self.destinations = destinations
        notificationAuthorities = try keys.text("NOTIFICATION_CA_FILE")
        prices = try Self.prices(keys)
        requestsInFlight = try keys.number("REQUESTS_IN_FLIGHT", in: 1...10_000) ?? Capacity.people
        stateDirectory = try Self.stateDirectory(keys)
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logLevel = try keys.read("LOG_LEVEL", default: "info", "must be one of \(levels)") {
            Logger.Level(rawValue: $0)
        }
        logFormat = try keys.read("LOG_FORMAT", default: "text", "must be text or json") { LogFormat(rawValue: $0) }
    }
}

/// A key whose value the hub cannot work with.
package struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The environment variable's name.
    package let key: String
    package let message: String

    package init(_ key: String, _ message: String) {
        self.key = key
        self.message = message
    }

    package var description: String { "\(key) \(message)" }
}

/// Where the hub listens.
package struct ListenAddress: Sendable, Hashable {
    package var host: String
    /// 0: any free one, for tests.
    package var port: Int

    /// Reads `host:port`, an IPv6 address in brackets.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = host
        self.port = port
    }

    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
