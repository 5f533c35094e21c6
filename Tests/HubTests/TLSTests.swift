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
    private static func keys(_ files: CertificateUnderTest) -> [String: String] {
        ["MUSTER_TLS_CERTIFICATE": files.certificate, "MUSTER_TLS_KEY": files.key]
    }

    /// Asks once over a connection of its own.
    private static func ask(
        _ hub: HubUnderTest,
        _ tls: TLSConfiguration,
        _ version: HTTPClient.Configuration.HTTPVersion = .http1Only
    ) async throws -> HTTPClientResponse {
        var configuration = HTTPExchange.configuration
        configuration.httpVersion = version
        configuration.tlsConfiguration = tls
        // A handshake that fails is what some of these tests are about.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let request = HTTPClientRequest(url: "https://127.0.0.1:\(hub.port)/health/live")
            let answer = try await client.execute(request, timeout: .seconds(120))
            try await client.shutdown()
            return answer
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    @Test(arguments: [HTTPClient.Configuration.HTTPVersion.http1Only, .automatic])
    func `speaks both versions of HTTP over TLS, and tells browsers to stay with it`(
        version: HTTPClient.Configuration.HTTPVersion
    ) async throws {
        let files = try await CertificateUnderTest.make()
        try await HubUnderTest.run(keys: Self.keys(files)) { hub in
            let answer = try await Self.ask(hub, files.trusting, version)
            #expect(answer.status == .ok)
            #expect(answer.version == (version == .automatic ? .http2 : .http1_1))
            #expect(answer.headers.first(name: "strict-transport-security")?.hasPrefix("max-age=31536000") == true)
        }
    }

    @Test func `shows a renewed one to new connections without a restart`() async throws {
        let (files, renewed) = (try await CertificateUnderTest.make(), try await CertificateUnderTest.make())
        let old = try await CertificateUnderTest.make()
        try old.replace(certificate: files.certificate)
        try await HubUnderTest.run(keys: Self.keys(files)) { hub in
            let before = try await Self.ask(hub, old.trusting).status
            #expect(before == .ok)
            try files.replace(certificate: renewed.certificate, key: renewed.key)
            try await eventually("the renewed certificate is shown") {
                (try? await Self.ask(hub, renewed.trusting).status) == .ok
            }
            await #expect(throws: (any Error).self) { try await Self.ask(hub, old.trusting) }
        }
    }

    @Test func `keeps the last good one while its files are half written`() async throws {
        let (files, renewed) = (try await CertificateUnderTest.make(), try await CertificateUnderTest.make())
        let certificate = try ServerCertificate(.init(certificate: files.certificate, key: files.key))
        #expect(certificate.look() == .unchanged)
        // The certificate of one pair with the key of the other is no pair.
        try files.replace(certificate: renewed.certificate)
        guard case .refused = certificate.look() else {
            Issue.record("half a pair was taken")
            return
        }
        // Said once, not at each look.
        #expect(certificate.look() == .unchanged)
        try files.replace(key: renewed.key)
        #expect(certificate.look() == .renewed)
        #expect(certificate.look() == .unchanged)
    }

    @Test func `refuses older versions of TLS`() async throws {
        let files = try await CertificateUnderTest.make()
        try await HubUnderTest.run(keys: Self.keys(files)) { hub in
            var tls = files.trusting
            (tls.minimumTLSVersion, tls.maximumTLSVersion) = (.tlsv1, .tlsv11)
            await #expect(throws: (any Error).self) { try await Self.ask(hub, tls) }
            tls.maximumTLSVersion = .tlsv12
            let status = try await Self.ask(hub, tls).status
            #expect(status == .ok)
        }
    }

    @Test func `does not start with a key that is not the certificate's`() async throws {
        let (files, other) = (try await CertificateUnderTest.make(), try await CertificateUnderTest.make())
        let keys = ["MUSTER_TLS_CERTIFICATE": files.certificate, "MUSTER_TLS_KEY": other.key]
        await #expect { try await HubUnderTest.run(keys: keys) { _ in } } throws: {
            ($0 as? ConfigurationProblem)?.key == "MUSTER_TLS_KEY"
        }
    }
}
