/// Every key of the hub's configuration, with what it is for: `Docs/Configuration.md` is made of this list.
///
/// `KeyReader` reads no other; so what is read is documented.
package enum HubKey: String, Sendable, CaseIterable {
    case databaseURL = "DATABASE_URL"
    case databaseOwnerURL = "DATABASE_OWNER_URL"
    case databaseConnections = "DATABASE_CONNECTIONS"
    case listen = "LISTEN"
    case publicURL = "PUBLIC_URL"
    case certificate = "TLS_CERTIFICATE"
    case certificateKey = "TLS_KEY"
    case cognitoIssuer = "COGNITO_ISSUER"
    case cognitoClientID = "COGNITO_CLIENT_ID"
    case cognitoClientSecret = "COGNITO_CLIENT_SECRET"
    case cognitoDomain = "COGNITO_DOMAIN"
    case issuers = "ISSUERS"
    case stsEndpoints = "STS_ENDPOINTS"
    case secretKeyFile = "SECRET_KEY_FILE"
    case secretKey = "SECRET_KEY"
    case trustedProxies = "TRUSTED_PROXIES"
    case rateLimits = "RATE_LIMITS"
    case notificationNetworks = "NOTIFICATION_NETWORKS"
    case notificationAuthorities = "NOTIFICATION_CA_FILE"
    case instancePrices = "INSTANCE_PRICES"
    case requestsInFlight = "REQUESTS_IN_FLIGHT"
    case metricsFrom = "METRICS_FROM"
    case stateDirectory = "STATE_DIRECTORY"
    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"

    /// The environment variable.
    package var variable: String { "MUSTER_\(rawValue)" }

    /// The flag of `muster-hub`; nil: there is none, for others on the machine see arguments.
    package var flag: String? {
        self == .secretKey ? nil : "--" + rawValue.lowercased().split(separator: "_").joined(separator: "-")
    }

    package var meaning: String {
        switch self {
        case .databaseURL: "libpq's connection string, of the role `muster_hub`"
        case .databaseOwnerURL: "The same of the role that owns the tables and migrates"
        case .databaseConnections: "Connections at most, half of them for moving executions on; 2 to 500"
        case .listen: "Host and port"
        case .publicURL: "The origins by which people and spokes reach the hub, comma-separated"
        case .certificate: "A PEM file, with `MUSTER_TLS_KEY`: then the hub speaks TLS"
        case .certificateKey: "Its key, a PEM file"
        case .cognitoIssuer: "The issuer; its keys are at `/.well-known/jwks.json`"
        case .cognitoClientID: "Whose tokens are taken, comma-separated; the first is the browser's client"
        case .cognitoClientSecret: "The secret of the browser's client"
        case .cognitoDomain: "The origin of managed login; a bare host means https"
        case .issuers: "A YAML file with [further issuers](Guides/sign-in.md)"
        case .stsEndpoints: "Where a spoke's identity may be asked, comma-separated"
        case .secretKeyFile: "The keys of sessions and seals, one a line, the same for all hubs of a database"
        case .secretKey: "The same as text; one of both"
        case .trustedProxies: "Networks whose `X-Forwarded-For` is believed, comma-separated"
        case .rateLimits: "Burst and rate a second of failed sign-ins and of requests, or `off`"
        case .notificationNetworks: "Internal networks that webhooks and mail may go to, comma-separated"
        case .notificationAuthorities:
            "A PEM file of authorities that webhooks and mail servers are believed by, besides the system's"
        case .instancePrices: "A JSON file with prices of instances, for [orphans](Guides/orphans.md)"
        case .requestsInFlight: "How many of people's requests are answered at once; 1 to 10,000"
        case .metricsFrom: "Networks from which [`/metrics`](Metrics.md) is read without a token, comma-separated"
        case .stateDirectory: "Where the embedded PostgreSQL keeps its files; an absolute path"
        case .logLevel: "`trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`"
        case .logFormat: "`text` or `json`"
        }
    }

    /// What it is where it is not given, for people.
    package var standard: String {
        switch self {
        case .databaseURL: "an embedded PostgreSQL"
        case .databaseOwnerURL: "`MUSTER_DATABASE_URL`, with a warning"
        case .databaseConnections: "`16`"
        case .listen: "`127.0.0.1:8080`"
        case .publicURL: "the listen address"
        case .certificate, .certificateKey: "none: plain HTTP, for loopback or behind a load balancer"
        case .cognitoIssuer, .cognitoClientID: "required, unless `MUSTER_ISSUERS` has one"
        case .cognitoClientSecret: "required with `MUSTER_COGNITO_DOMAIN`"
        case .cognitoDomain: "none: no sign-in by browser"
        case .issuers, .trustedProxies: "none"
        case .stsEndpoints: "AWS's regional endpoints"
        case .secretKeyFile, .secretKey: "required with `MUSTER_DATABASE_URL`; else made in the state directory"
        case .rateLimits: "`failures=1000/50,requests=2000/500`"
        case .notificationNetworks: "none"
        case .notificationAuthorities: "none"
        case .instancePrices: "AWS's list prices"
        case .requestsInFlight: "`64`"
        case .metricsFrom: "this machine: `127.0.0.0/8,::1/128`"
        case .stateDirectory: "`/var/lib/muster` for root, else below the XDG state directory"
        case .logLevel: "`info`"
        case .logFormat: "`text`"
        }
    }

    /// The table of `Docs/Configuration.md`.
    package static var table: String {
        let rows = allCases.map { key in
            let flag = key.flag.map { "`\($0)`" } ?? ""
            return "| `\(key.variable)` | \(flag) | \(key.meaning) | \(key.standard) |"
        }
        return (["| variable | flag | meaning | default |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }
}
