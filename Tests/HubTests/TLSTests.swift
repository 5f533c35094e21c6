import AWS
import Ambient
import AsyncHTTPClient
import Foundation
import Hub
import NIOCore
import NIOHTTP1
import NIOSSL
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A hub with a certificate` {
    /// A certificate for 127.0.0.1, made by openssl's program as an operator would.
    private static func certificate() throws -> (certificate: String, key: String) {
        let directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let files = (certificate: "\(directory)/certificate.pem", key: "\(directory)/key.pem")
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", files.key, "-out", files.certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
        return files
    }

    @Test(arguments: [HTTPClient.Configuration.HTTPVersion.http1Only, .automatic])
    func `speaks both versions of HTTP over TLS, and tells browsers to stay with it`(
        version: HTTPClient.Configuration.HTTPVersion
    ) async throws {
        let files = try Self.certificate()
        let keys = ["MUSTER_TLS_CERTIFICATE": files.certificate, "MUSTER_TLS_KEY": files.key]
        try await HubUnderTest.run(keys: keys) { hub in
            var configuration = HTTPExchange.configuration
            configuration.httpVersion = version
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(files.certificate)
            configuration.tlsConfiguration = tls
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            do {
                let request = HTTPClientRequest(url: "https://127.0.0.1:\(hub.port)/health/live")
                let answer = try await client.execute(request, timeout: .seconds(10))
                #expect(answer.status == .ok)
                #expect(answer.version == (version == .automatic ? .http2 : .http1_1))
                #expect(answer.headers.first(name: "strict-transport-security")?.hasPrefix("max-age=31536000") == true)
            } catch {
                Issue.record(error)
            }
            try await client.shutdown()
        }
    }
}
