import Configuration
import Foundation
import Hub
import Logging
import Logs
import Testing
import WebToken

@Suite struct `The hub's configuration` {
    private static let needed = [
        "MUSTER_COGNITO_ISSUER": "https://login.example.com/pool", "MUSTER_COGNITO_CLIENT_ID": "browser, other",
        "HOME": "/home/ada",
    ]

    private func read(_ keys: [String: String]) throws -> HubConfiguration {
        let environment = Self.needed.merging(keys) { $1 }
        return try HubConfiguration(
            reading: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
        )
    }

    @Test func `has the defaults of the documents`() throws {
        let configuration = try read([:])
        #expect(configuration.databaseURL == nil)
        #expect(configuration.listen == ListenAddress("127.0.0.1:8080"))
        #expect(configuration.publicURLs == ["http://127.0.0.1:8080", "http://localhost:8080"])
        #expect(configuration.issuers.map(\.url) == ["https://login.example.com/pool"])
        #expect(configuration.issuers.first?.clientIDs == ["browser", "other"])
        #expect(configuration.stsEndpoints == nil)
        #expect(configuration.rateLimits == .standard)
        #expect(configuration.trustedProxies == .none)
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .text)
    }

    @Test func `takes every key`() throws {
        let configuration = try read([
            "MUSTER_DATABASE_URL": "host=/run/postgresql dbname=muster", "MUSTER_DATABASE_OWNER_URL": "dbname=muster",
            "MUSTER_DATABASE_CONNECTIONS": "40", "MUSTER_LISTEN": "[::1]:9000",
            "MUSTER_PUBLIC_URL": "https://Muster.Example.com:443/, http://localhost:8080",
            "MUSTER_TLS_CERTIFICATE": "/a.pem", "MUSTER_TLS_KEY": "/b.pem",
            "MUSTER_COGNITO_CLIENT_SECRET": "hush", "MUSTER_COGNITO_DOMAIN": "login.example.com",
            "MUSTER_STS_ENDPOINTS": "https://sts.eu-west-1.amazonaws.com,http://127.0.0.1:4566",
            "MUSTER_SECRET_KEY_FILE": "/key", "MUSTER_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "MUSTER_RATE_LIMITS": "off", "MUSTER_STATE_DIRECTORY": "/srv/muster", "MUSTER_LOG_LEVEL": "debug",
            "MUSTER_LOG_FORMAT": "json",
        ])
        #expect(configuration.databaseConnections == 40)
        #expect(configuration.listen.host == "::1" && configuration.listen.port == 9000)
        #expect(configuration.publicURLs == ["https://muster.example.com", "http://localhost:8080"])
        #expect(configuration.tls?.certificate == "/a.pem" && configuration.tls?.key == "/b.pem")
        let login = try #require(configuration.logins.first)
        #expect(login.authorizationURL == "https://login.example.com/oauth2/authorize" && login.clientID == "browser")
        #expect(login.clientSecret == "hush" && login.issuer == "https://login.example.com/pool")
        #expect(configuration.stsEndpoints?.count == 2)
        #expect(configuration.rateLimits == .off)
        #expect(configuration.stateDirectory == "/srv/muster")
        #expect(configuration.logFormat == .json)
    }

    @Test(arguments: [
        ("MUSTER_LISTEN", "8080"), ("MUSTER_LISTEN", "localhost:99999"), ("MUSTER_LISTEN", "::1:80"),
        ("MUSTER_PUBLIC_URL", "http://muster.example.com"), ("MUSTER_PUBLIC_URL", "https://muster.example.com/path"),
        ("MUSTER_PUBLIC_URL", "muster.example.com"), ("MUSTER_COGNITO_ISSUER", "http://login.example.com"),
        ("MUSTER_COGNITO_CLIENT_ID", " , "), ("MUSTER_COGNITO_DOMAIN", "http://login.example.com"),
        ("MUSTER_STS_ENDPOINTS", "http://sts.amazonaws.com"), ("MUSTER_TLS_KEY", ""),
        ("MUSTER_TRUSTED_PROXIES", "10.0.0.0/33"), ("MUSTER_TRUSTED_PROXIES", "proxy"),
        ("MUSTER_RATE_LIMITS", "on"), ("MUSTER_RATE_LIMITS", "requests=0/1"), ("MUSTER_RATE_LIMITS", "requests=1"),
        ("MUSTER_STATE_DIRECTORY", "relative"), ("MUSTER_LOG_LEVEL", "loud"), ("MUSTER_LOG_FORMAT", "xml"),
        ("MUSTER_DATABASE_CONNECTIONS", "1"), ("MUSTER_ISSUERS", "/nowhere.yaml"),
    ]) func `refuses a wrong value with its key's name`(key: String, value: String) throws {
        var keys = [key: value]
        if key == "MUSTER_TLS_KEY" { keys["MUSTER_TLS_CERTIFICATE"] = "/a.pem" }
        let problem = #expect(throws: ConfigurationProblem.self) { _ = try read(keys) }
        #expect(problem?.key == key)
        #expect(problem?.description.hasPrefix("\(key) ") == true)
    }

    @Test func `refuses plain http to the world`() throws {
        let problem = #expect(throws: ConfigurationProblem.self) { _ = try read(["MUSTER_LISTEN": "0.0.0.0:8080"]) }
        #expect(problem?.key == "MUSTER_PUBLIC_URL")
        _ = try read(["MUSTER_LISTEN": "0.0.0.0:8080", "MUSTER_PUBLIC_URL": "https://muster.example.com"])
    }

    @Test func `reads further issuers from a file`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "issuers-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let text =
            "issuers:\n  - issuer: https://other.example.com\n    clientIds: [a, b]\n    keySetUrl: https://k.example.com/x\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let configuration = try read(["MUSTER_ISSUERS": file.path])
        #expect(configuration.issuers.count == 2)
        #expect(configuration.issuers.last?.keySetURL == "https://k.example.com/x")
        #expect(configuration.issuers.first?.keySetURL == "https://login.example.com/pool/.well-known/jwks.json")
    }
}
