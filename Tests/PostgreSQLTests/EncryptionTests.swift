import Ambient
import Foundation
import PostgreSQL
import TestKit
import Testing

@Suite struct `An encrypted connection` {
    /// A server on an address of the loopback network that no other test has, with a certificate of its own.
    private func server(at address: String) async throws -> DatabaseServer {
        // The paths are settings, and the server's directory is not known before it is made: a link leads there.
        let link = "/tmp/muster-tls-\(UUID().uuidString.prefix(8).lowercased())"
        let settings = [
            "listen_addresses": address, "ssl": "on", "ssl_cert_file": link + "/certificate.pem",
            "ssl_key_file": link + "/key.pem", "hba_file": link + "/hba",
        ]
        // Read once, at the start.
        defer { try? FileManager.default.removeItem(atPath: link) }
        return try await DatabaseServer.start(settings: settings) { installation, home in
            let script = """
                ln -s "$1" "$2" && cd "$1" && echo "local all all trust" >hba &&
                echo "hostssl all all 127.0.0.0/8 trust" >>hba &&
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=muster -keyout key.pem -out certificate.pem
                """
            let made = try await installation.runAsOwner("/bin/sh", ["-c", script, "sh", home, link])
            #expect(made.status == 0, "\(made.output)")
        }
    }

    @Test(.timeLimit(.minutes(2))) func `carries large answers and large pipelines`() async throws {
        var generator = SystemRandomNumberGenerator()
        let address =
            "127." + (0..<3).map { _ in "\(generator.next(upperBound: 250 as UInt) + 2)" }.joined(separator: ".")
        let server = try await server(at: address)
        defer { server.end() }
        let pool = try Pool(
            connectionString: "host=\(address) user=postgres dbname=postgres sslmode=require",
            size: 1,
            patience: .seconds(20),
            ambient: Ambient(),
            logger: .quiet
        )
        let isEncrypted = Query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", as: Bool.self)
        #expect(try await pool.run(isEncrypted) == [true])
        for size in [1, 8000, 8192, 16_384, 100_000, 3_000_000] {
            let text = try await pool.first(Query("SELECT repeat('x', \(size)::int)", as: String.self))
            #expect(text?.utf8.count == size)
        }
        let filling = String(repeating: "y", count: 2000)
        let rows = try await pool.run((0..<5000).map { Query("SELECT \($0), \(filling)", as: Int.self, String.self) })
        #expect(rows.map { $0[0].0 } == Array(0..<5000))
    }
}
