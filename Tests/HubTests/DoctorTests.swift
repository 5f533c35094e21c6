import Ambient
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `An examination of a hub` {
    private func examine(
        issuer: IssuerUnderTest,
        keys: [String: String] = [:],
        databaseURL: String? = nil
    ) async throws -> [Finding] {
        let url = try databaseURL ?? TestDatabase.current.hubConnectionString
        let keys = keys.merging(["MUSTER_DATABASE_URL": url]) { $1 }
        let configuration = try HubUnderTest.configuration(keys, issuer: issuer)
        return await Serving(configuration, ambient: Ambient(), logger: .quiet).examine()
    }

    @Test func `finds nothing wrong where nothing is`() async throws {
        try await IssuerUnderTest.run { issuer in
            let findings = try await examine(issuer: issuer)
            #expect(findings.filter { $0.state == .wrong } == [])
            for subject in ["configuration", "secret keys", "database", "clock", "schema", "issuer \(issuer.url)"] {
                #expect(findings.contains { $0.subject == subject && $0.state == .good }, "\(subject)")
            }
        }
    }

    @Test func `says that an account has no spoke, and what to do`() async throws {
        try await IssuerUnderTest.run { issuer in
            let pool = try TestDatabase.current.pool()
            try await pool.execute(
                Statement(
                    """
                    INSERT INTO account (account_id, account_name, regions, spoke_principals, external_id, created_at,
                                         modified_at)
                    VALUES ('111122223333', 'shop', '{eu-west-1}', '{}', 'x', now(), now())
                    """
                )
            )
            let finding = try #require(try await examine(issuer: issuer).first { $0.state == .wrong })
            #expect(finding.subject == "account 111122223333")
            #expect(finding.text.contains("→ Put it into a spoke's configuration"))
        }
    }

    @Test(arguments: [(MusterVersion.text, Finding.State.good), ("0.0.9", .doubtful)])
    func `compares a spoke's version with the hub's`(_ version: String, _ state: Finding.State) async throws {
        try await IssuerUnderTest.run { issuer in
            try await TestDatabase.current.pool().execute(
                Statement(
                    """
                    INSERT INTO spoke (spoke_id, name, principal, version, last_seen_at)
                    VALUES ('019a0000-0000-7000-8000-000000000001', 'east', 'arn', \(version), now())
                    """
                )
            )
            let finding = try #require(try await examine(issuer: issuer).first { $0.subject == "spoke east" })
            #expect(finding.state == state && finding.detail.contains("version \(version)"), "\(finding)")
            #expect((finding.remedy == nil) == (state == .good))
        }
    }

    @Test func `says that an issuer has no keys`() async throws {
        try await IssuerUnderTest.run { issuer in
            let keys = ["MUSTER_COGNITO_ISSUER": "\(issuer.url)/elsewhere"]
            let finding = try #require(try await examine(issuer: issuer, keys: keys).first { $0.state == .wrong })
            #expect(finding.subject == "issuer \(issuer.url)/elsewhere")
        }
    }

    @Test func `says that the database is away, and goes on to the rest`() async throws {
        try await IssuerUnderTest.run { issuer in
            let findings = try await examine(issuer: issuer, databaseURL: "postgresql://nobody@127.0.0.1:1/none")
            #expect(findings.filter { $0.state == .wrong }.map(\.subject) == ["database"])
            #expect(findings.contains { $0.subject == "issuer \(issuer.url)" })
        }
    }

    @Test func `says that the hub is known only where nobody else is`() async throws {
        try await IssuerUnderTest.run { issuer in
            let keys = ["MUSTER_LISTEN": "0.0.0.0:8080", "MUSTER_PUBLIC_URL": "http://127.0.0.1:8080"]
            let findings = try await examine(issuer: issuer, keys: keys)
            #expect(findings.filter { $0.state == .wrong }.map(\.subject) == ["public address"])
        }
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `An examination by a call` {
    private func register(_ number: String) async throws {
        try await TestDatabase.current.pool().execute(
            Statement(
                """
                INSERT INTO account (account_id, account_name, regions, spoke_principals, external_id, created_at,
                                     modified_at)
                VALUES (\(number), \(number), '{eu-west-1}', '{}', 'x', now(), now())
                """
            )
        )
    }

    private func wrong(_ hub: HubUnderTest, _ token: String) async throws -> [String?] {
        let answer = try await hub.ask(.GET, "/api/v1/diagnosis", token: token)
        #expect(answer.status == 200)
        let findings = try #require(try answer.json["findings"]?.array)
        #expect(try answer.json["version"]?.string == MusterVersion.text)
        for subject in ["hub", "secret keys", "database", "schema", "issuer \(hub.issuer.url)"] {
            #expect(findings.contains { $0["subject"]?.string == subject && $0["state"] == "GOOD" }, "\(subject)")
        }
        return findings.filter { $0["state"] == "WRONG" }.map { $0["subject"]?.string }
    }

    @Test func `tells whoever may see things what is wrong, and nobody else`() async throws {
        try await HubUnderTest.run { hub in
            try await register("111122223333")
            try await register("444455556666")
            let all = ["account 111122223333", "account 444455556666"]
            #expect(try await wrong(hub, hub.issuer.token(.readOnly, name: "eve")) == all)
            try hub.expectProblem(try await hub.ask(.GET, "/api/v1/diagnosis", token: nil), 401, "UNAUTHENTICATED")
        }
    }

    @Test func `leaves out what is outside the caller's scope`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            // So that every account lacks a spoke.
            let long = Statement("UPDATE agent_session SET last_seen_at = '2000-01-01'")
            try await TestDatabase.current.pool().execute(long)
            func accounts(_ token: String) async throws -> [String] {
                try await wrong(hub, token).compactMap { $0 }.filter { $0.hasPrefix("account ") }.sorted()
            }
            let (here, there) = ("account \(world.here.accountId)", "account \(world.there.accountId)")
            #expect(try await accounts(hub.admin()) == [here, there].sorted())
            #expect(try await accounts(world.limited(.readOnly)) == [here])
        }
    }
}

@Suite(.database) struct `An examination of a new database` {
    @Test func `says which migrations it lacks`() async throws {
        try await IssuerUnderTest.run { issuer in
            let keys = ["MUSTER_DATABASE_URL": try TestDatabase.current.hubConnectionString]
            let configuration = try HubUnderTest.configuration(keys, issuer: issuer)
            let findings = await Serving(configuration, ambient: Ambient(), logger: .quiet).examine()
            let wrong = findings.filter { $0.state == .wrong }
            #expect(wrong.map(\.subject) == ["schema"])
            #expect(wrong.first?.remedy == "Run muster-hub migrate.")
        }
    }
}
