internal import Configuration
internal import Foundation
internal import JSON
internal import Recovery

/// The keys that belong together.
extension HubConfiguration {
    static func tls(_ keys: KeyReader) throws -> TLSFiles? {
        switch (try keys.text("TLS_CERTIFICATE"), try keys.text("TLS_KEY")) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (nil, _?):
            throw ConfigurationProblem("MUSTER_TLS_CERTIFICATE", "is missing, though MUSTER_TLS_KEY is given")
        case (_?, nil):
            throw ConfigurationProblem("MUSTER_TLS_KEY", "is missing, though MUSTER_TLS_CERTIFICATE is given")
        }
    }

    static func publicURLs(_ keys: KeyReader, listen: ListenAddress, overTLS: Bool) throws -> [String] {
        if let given = try keys.list("PUBLIC_URL") {
            return try given.map { try keys.origin("PUBLIC_URL", $0) }
        }
        // The two names of this machine are one: a spoke beside the hub may use either.
        let names = ["127.0.0.1", "localhost"]
        let others =
            names.contains(listen.host) ? names.filter { $0 != listen.host }.map { "\($0):\(listen.port)" } : []
        return try ([listen.authority] + others).map {
            try keys.origin("PUBLIC_URL", "\(overTLS ? "https" : "http")://\($0)")
        }
    }

    static func networks(_ keys: KeyReader, _ name: String, default standard: [String]) throws -> TrustedProxies {
        guard let networks = TrustedProxies(try keys.list(name) ?? standard) else {
            throw ConfigurationProblem("MUSTER_\(name)", "must be networks such as 10.0.0.0/8")
        }
        return networks
    }

    /// The prices of instances, from a file where one is given.
    static func prices(_ keys: KeyReader) throws -> InstancePrices {
        guard let path = try keys.text("INSTANCE_PRICES") else { return InstancePrices() }
        let prices: InstancePrices
        do {
            prices = try JSON(parsing: Data(contentsOf: URL(filePath: path))).decoded()
        } catch {
            let rule = #"must name a JSON file such as {"currency": "USD", "hourly": {"m5.large": 0.1}}: \(path)"#
            throw ConfigurationProblem("MUSTER_INSTANCE_PRICES", rule)
        }
        if let problem = prices.problem { throw ConfigurationProblem("MUSTER_INSTANCE_PRICES", problem) }
        return prices
    }

    /// PostgreSQL runs as another user when the hub is root, and cannot enter root's home.
    static func stateDirectory(_ keys: KeyReader) throws -> String {
        let isRoot = geteuid() == 0
        guard let given = try keys.text("STATE_DIRECTORY") else {
            if isRoot { return "/var/lib/muster" }
            if let state = keys.variable("XDG_STATE_HOME") { return "\(state)/muster" }
            guard let home = keys.variable("HOME") else {
                throw ConfigurationProblem("MUSTER_STATE_DIRECTORY", "is missing, and there is no HOME to go by")
            }
            return "\(home)/.local/state/muster"
        }
        guard given.hasPrefix("/") else {
            throw ConfigurationProblem("MUSTER_STATE_DIRECTORY", "must be an absolute path")
        }
        guard !isRoot || !(given + "/").hasPrefix("/root/") else {
            throw ConfigurationProblem(
                "MUSTER_STATE_DIRECTORY",
                "must not lie below /root, which PostgreSQL's user cannot enter"
            )
        }
        return given
    }
}
