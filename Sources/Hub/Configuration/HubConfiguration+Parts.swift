internal import Configuration
internal import Foundation
internal import WebToken
internal import Yams

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

    static func issuers(_ keys: KeyReader) throws -> [Issuer] {
        var issuers: [Issuer] = []
        if let url = try keys.text("COGNITO_ISSUER") {
            guard let clients = try keys.list("COGNITO_CLIENT_ID") else {
                throw ConfigurationProblem("MUSTER_COGNITO_CLIENT_ID", "is missing: no client's tokens would be taken")
            }
            issuers.append(Issuer(url: try keys.address("MUSTER_COGNITO_ISSUER", url), clientIDs: Set(clients)))
        }
        if let file = try keys.text("ISSUERS") { issuers += try Self.issuers(inFile: file, keys) }
        guard !issuers.isEmpty else {
            throw ConfigurationProblem("MUSTER_COGNITO_ISSUER", "is missing: nobody could come in")
        }
        guard Set(issuers.map(\.url)).count == issuers.count else {
            throw ConfigurationProblem("MUSTER_ISSUERS", "names an issuer twice")
        }
        return issuers
    }

    /// One issuer of the YAML file.
    private struct IssuerEntry: Decodable {
        let issuer: String
        let clientIds: [String]
        let audiences: [String]?
        let keySetUrl: String?
    }

    private struct IssuerFile: Decodable {
        let issuers: [IssuerEntry]
    }

    private static func issuers(inFile path: String, _ keys: KeyReader) throws -> [Issuer] {
        let file: IssuerFile
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            file = try YAMLDecoder().decode(IssuerFile.self, from: text)
        } catch {
            throw ConfigurationProblem(
                "MUSTER_ISSUERS",
                "must be a YAML file with `issuers`, each with `issuer`, `clientIds` and, if need be, `audiences` and `keySetUrl`"
            )
        }
        return try file.issuers.map { entry in
            Issuer(
                url: try keys.address("MUSTER_ISSUERS", entry.issuer),
                clientIDs: Set(entry.clientIds),
                audiences: Set(entry.audiences ?? []),
                keySetURL: try entry.keySetUrl.map { try keys.address("MUSTER_ISSUERS", $0) }
            )
        }
    }

    static func login(_ keys: KeyReader) throws -> Login? {
        guard let domain = try keys.text("COGNITO_DOMAIN") else { return nil }
        guard let client = try keys.list("COGNITO_CLIENT_ID")?.first else {
            throw ConfigurationProblem("MUSTER_COGNITO_CLIENT_ID", "is missing, though MUSTER_COGNITO_DOMAIN is given")
        }
        return Login(
            domain: try keys.origin("COGNITO_DOMAIN", domain.contains("://") ? domain : "https://\(domain)"),
            clientID: client,
            clientSecret: try keys.text("COGNITO_CLIENT_SECRET", isSecret: true)
        )
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
