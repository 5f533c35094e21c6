internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations)) struct `An account` {
    private func refusal(_ body: () async throws -> Void) async throws -> Refusal? {
        do {
            try await body()
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }

    @Test func `comes back as it was registered`() async throws {
        let pool = try TestDatabase.current.pool()
        var account = Account.sample()
        account.tags = ["team": "\"storage\" ü"]
        account.owner = "Ada"
        try await account.create(through: pool, at: .sample)
        #expect(try await pool.first(Account.find(account.accountId)) == account)
    }

    @Test func `has a number and a name of its own`() async throws {
        let pool = try TestDatabase.current.pool()
        try await Account.sample().create(through: pool, at: .sample)
        #expect(try await refusal { try await Account.sample().create(through: pool, at: .sample) }?.code == .nameTaken)
        var other = Account.sample(1)
        other.accountName = "ACCOUNT 0"
        #expect(try await refusal { try await other.create(through: pool, at: .sample) }?.code == .nameTaken)
    }

    @Test func `keeps its external ID when it is replaced`() async throws {
        let pool = try TestDatabase.current.pool()
        var account = Account.sample()
        try await account.create(through: pool, at: .sample)
        account.accountName = "Another"
        account.externalId = ""
        let former = try await account.replace(through: pool, at: .sample) { #expect($0 == 1) }
        #expect(former?.accountName == "Account 0")
        let stored = try #require(try await pool.first(Account.find(account.accountId)))
        #expect(stored.externalId == "secret")
        #expect(stored.revision == 2)
    }

    @Test func `names only Regions with DRS`() async throws {
        let pool = try TestDatabase.current.pool()
        var account = Account.sample()
        account.regions.append(try #require(Region(rawValue: "cn-north-1")))
        let refused = try await refusal { try await account.create(through: pool, at: .sample) }
        #expect(refused?.code == .unknownRegion)
        #expect(refused?.facts == .pointers([.init("/regions/1", "DRS is not offered in cn-north-1")]))
        #expect(try await pool.first(Account.find(account.accountId)) == nil)
    }

    @Test func `is not removed while protection groups lie in it, and takes its inventory with it`() async throws {
        let pool = try TestDatabase.current.pool()
        try await Account.sample().create(through: pool, at: .sample)
        try await pool.sync([1])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        let number = Account.sample().accountId
        let refused = try await refusal { _ = try await Account.remove(number, through: pool) { _ in } }
        #expect(refused?.code == .accountInUse)
        #expect(refused?.detail.contains("Group 1") == true)
        _ = try await ProtectionGroup.remove(.sample(1), through: pool, within: nil, at: .sample) { _ in }
        #expect(try await Account.remove(number, through: pool) { _ in } != nil)
        #expect(try await pool.run(SourceServer.find([.sample(1)])).isEmpty)
    }
}
