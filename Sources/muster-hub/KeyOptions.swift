internal import Ambient
internal import ArgumentParser
internal import Configuration
internal import Foundation
internal import Hub
internal import Logging
internal import Logs

/// Every key of the configuration as a flag; a flag wins over its environment variable.
struct KeyOptions: ParsableArguments {
    @Option(help: "MUSTER_DATABASE_URL: libpq's connection string; without it an embedded database.")
    var databaseUrl: String?
    @Option(help: "MUSTER_DATABASE_OWNER_URL: the same for migrations.") var databaseOwnerUrl: String?
    @Option(help: "MUSTER_DATABASE_CONNECTIONS: how many the hub may open; 16.") var databaseConnections: String?
    @Option(help: "MUSTER_LISTEN: host and port; 127.0.0.1:8080.") var listen: String?
    @Option(help: "MUSTER_PUBLIC_URL: origins, comma-separated; the listen address.") var publicUrl: String?
    @Option(help: "MUSTER_TLS_CERTIFICATE: a PEM file.") var tlsCertificate: String?
    @Option(help: "MUSTER_TLS_KEY: a PEM file.") var tlsKey: String?
    @Option(help: "MUSTER_COGNITO_ISSUER: whose access tokens are taken.") var cognitoIssuer: String?
    @Option(help: "MUSTER_COGNITO_CLIENT_ID: client IDs, comma-separated.") var cognitoClientId: String?
    @Option(help: "MUSTER_COGNITO_CLIENT_SECRET: of the browser's client.") var cognitoClientSecret: String?
    @Option(help: "MUSTER_COGNITO_DOMAIN: the origin of managed login.") var cognitoDomain: String?
    @Option(help: "MUSTER_ISSUERS: a YAML file with further issuers.") var issuers: String?
    @Option(help: "MUSTER_STS_ENDPOINTS: allowed for spokes' identity, comma-separated.") var stsEndpoints: String?
    @Option(help: "MUSTER_SECRET_KEY_FILE: the keys of sessions and seals (or MUSTER_SECRET_KEY).")
    var secretKeyFile: String?
    @Option(help: "MUSTER_TRUSTED_PROXIES: networks, comma-separated.") var trustedProxies: String?
    @Option(help: "MUSTER_RATE_LIMITS: off, or failures=1000/50,requests=2000/500.") var rateLimits: String?
    @Option(help: "MUSTER_NOTIFICATION_NETWORKS: networks that webhooks and mail may go to.")
    var notificationNetworks: String?
    @Option(help: "MUSTER_NOTIFICATION_CA_FILE: a PEM file of further authorities.")
    var notificationCaFile: String?
    @Option(help: "MUSTER_INSTANCE_PRICES: a JSON file with prices of instances.")
    var instancePrices: String?
    @Option(help: "MUSTER_REQUESTS_IN_FLIGHT: how many of people's requests at once; 64.")
    var requestsInFlight: String?
    @Option(help: "MUSTER_METRICS_FROM: networks, comma-separated; this machine.") var metricsFrom: String?
    @Option(help: "MUSTER_STATE_DIRECTORY: an absolute path.") var stateDirectory: String?
    @Option(help: "MUSTER_LOG_LEVEL: info.") var logLevel: String?
    @Option(help: "MUSTER_LOG_FORMAT: text or json.") var logFormat: String?

    private var given: [String: String?] {
        [
            "database_url": databaseUrl, "database_owner_url": databaseOwnerUrl,
            "database_connections": databaseConnections, "listen": listen, "public_url": publicUrl,
            "tls_certificate": tlsCertificate, "tls_key": tlsKey, "cognito_issuer": cognitoIssuer,
            "cognito_client_id": cognitoClientId, "cognito_client_secret": cognitoClientSecret,
            "cognito_domain": cognitoDomain, "issuers": issuers, "sts_endpoints": stsEndpoints,
            "secret_key_file": secretKeyFile, "trusted_proxies": trustedProxies, "rate_limits": rateLimits,
            "notification_networks": notificationNetworks,
            "notification_ca_file": notificationCaFile,
            "instance_prices": instancePrices,
            "requests_in_flight": requestsInFlight, "metrics_from": metricsFrom,
            "state_directory": stateDirectory, "log_level": logLevel, "log_format": logFormat,
        ]
    }

    /// Where browsers reach the hub.
    func publicURL() throws -> String {
        try configuration().publicURLs.first ?? ""
    }

    /// Reads the configuration, begins the log, and answers what does the work.
    ///
    /// - Parameter forced: The log's level, whatever the configuration says.
    /// - Returns: What does the work.
    /// - Throws: `ConfigurationProblem`.
    func serving(logging forced: Logger.Level? = nil) throws -> Serving {
        let configuration = try configuration()
        let ambient = Ambient(failpoints: try Failpoints(ProcessInfo.processInfo.environment[Failpoints.variable]))
        let (level, format) = (forced ?? configuration.logLevel, configuration.logFormat)
        LoggingSystem.bootstrap { LineLog(label: $0, level: level, format: format, time: ambient.time) }
        return Serving(configuration, ambient: ambient, logger: Logger(label: "hub"))
    }

    private func configuration() throws -> HubConfiguration {
        let flags = given.compactMapValues { $0 }.map { name, value in
            let parts = ["muster"] + name.split(separator: "_").map(String.init)
            return (AbsoluteConfigKey(parts, context: [:]), ConfigValue(.string(value), isSecret: true))
        }
        let reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Dictionary(uniqueKeysWithValues: flags)),
            EnvironmentVariablesProvider(),
        ])
        return try HubConfiguration(reading: reader)
    }
}
