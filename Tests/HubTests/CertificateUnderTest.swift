import Foundation
import NIOSSL
import Testing

/// Certificates for 127.0.0.1, made by openssl's program as an operator would.
struct CertificateUnderTest {
    let certificate: String
    let key: String

    /// A new certificate in a directory of its own.
    static func make() async throws -> CertificateUnderTest {
        let directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let files = Self(certificate: "\(directory)/certificate.pem", key: "\(directory)/key.pem")
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", files.key, "-out", files.certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        openssl.standardInput = FileHandle.nullDevice
        // Not waited for with waitUntilExit: two of those at once would block both threads that tests run on.
        let status = try await withCheckedThrowingContinuation { continuation in
            openssl.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try openssl.run() } catch { continuation.resume(throwing: error) }
        }
        try #require(status == 0)
        return files
    }

    /// Puts another pair into the place of these files.
    func replace(certificate other: String? = nil, key otherKey: String? = nil) throws {
        for (path, source) in [(certificate, other), (key, otherKey)] {
            guard let source else { continue }
            try Data(contentsOf: URL(filePath: source)).write(to: URL(filePath: path), options: .atomic)
        }
    }

    /// A client's settings that trust this certificate and no other.
    var trusting: TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificate)
        return tls
    }
}
