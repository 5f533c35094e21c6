import Ambient
import Audit
import Hub
import JSON
import Logging
import NIOHTTP1
import OpenSSL
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

/// The seals of the audit in a real database.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The sealer` {
    private static func keys() throws -> SealKeys {
        try SealKeys(seeds: [SecretBytes(taking: Array(repeating: 7, count: 32))])
    }

    private static func sealer(_ pool: Pool) throws -> Sealer {
        Sealer(pool: pool, keys: try keys(), ambient: Ambient(), logger: .quiet)
    }

    private static func event(_ number: Int, at now: Instant = SystemTime().now()) -> AuditEvent {
        AuditEvent(
            eventId: Ambient().identifier(),
            at: now,
            principal: "ada@issuer",
            action: "UpdateAccount",
            subjectKind: "Account",
            subjectId: "\(number)",
            oldRevision: number,
            newRevision: number + 1
        )
    }

    private static func add(_ count: Int, to pool: Pool, at now: Instant = SystemTime().now()) async throws {
        for number in 0..<count { try await pool.execute(event(number, at: now).insert) }
    }

    private static func verify(_ pool: Pool, witnesses: [SignedHead] = []) async throws -> AuditVerification.Finding {
        try await AuditVerification(pool: pool, keys: try keys().publicKeys).run(witnesses: witnesses)
    }

    /// A pool of the hub's own role.
    private static func hubPool() throws -> Pool {
        try Pool(
            connectionString: try TestDatabase.current.hubConnectionString,
            size: 8,
            applicationName: "muster-test",
            ambient: Ambient(),
            logger: .quiet
        )
    }

    private static func count(_ table: StaticString, _ pool: Pool) async throws -> Int {
        try await pool.first(Query("SELECT count(*) FROM \(identifier: table)", as: Int.self)) ?? 0
    }

    @Test func `seals each event once, whatever is written meanwhile and however many sealers there are`() async throws
    {
        let pool = try Self.hubPool()
        defer { pool.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await Self.add(100, to: pool) } }
            for _ in 0..<3 {
                group.addTask { for _ in 0..<40 { _ = try await Self.sealer(pool).seal() } }
            }
            try await group.waitForAll()
        }
        _ = try await Self.sealer(pool).seal(waiting: true)
        let finding = try await Self.verify(pool)
        #expect(finding.firstBreak == nil)
        #expect(finding.events == 400 && finding.unsealed == 0)
        #expect(try await Self.count("audit_pending", pool) == 0)
    }

    @Test func `goes on over as many batches as there are, and so does who verifies or exports`() async throws {
        let pool = try Self.hubPool()
        defer { pool.close() }
        let count = 2345
        try await pool.execute((0..<count).map { Self.event($0).insert })
        var rounds = 0
        while try await Self.sealer(pool).seal().sealed > 0 { rounds += 1 }
        #expect(rounds == 3)
        let finding = try await Self.verify(pool)
        #expect(finding.firstBreak == nil && finding.events == count && finding.unsealed == 0)
        let owner = try TestDatabase.current.pool()
        defer { owner.close() }
        try await owner.execute(Statement("UPDATE audit_seal SET hash = repeat('0', 64) WHERE sequence = 2001"))
        #expect(try await Self.verify(pool).firstBreak?.sequence == 2001)
    }

    @Test func `that is killed in the middle has done nothing, and another goes on`() async throws {
        let pool = try Self.hubPool()
        defer { pool.close() }
        struct Killed: Error {}
        try await Self.add(20, to: pool)
        _ = try await Self.sealer(pool).seal()
        try await Self.add(20, to: pool)
        // What a sealer does, up to where it dies: links without a head.
        await #expect(throws: Killed.self) {
            try await pool.transaction { transaction in
                #expect(try await transaction.first(AuditSealStatements.takeLock) == true)
                var place = try #require(try await transaction.first(AuditSealStatements.place))
                let waiting = try await transaction.run(AuditSealStatements.waiting(limit: 10))
                let links = waiting.map { event in
                    place = place.next(event.text)
                    return (id: event.id, place: place)
                }
                try await transaction.execute(AuditSealStatements.seal(links))
                // Another one does not wait for it.
                #expect(try await Self.sealer(pool).seal().head == nil)
                throw Killed()
            }
        }
        #expect(try await Self.verify(pool).unsealed == 20)
        #expect(try await Self.sealer(pool).seal().sealed == 20)
        let finding = try await Self.verify(pool)
        #expect(finding.firstBreak == nil && finding.events == 40)
    }

    @Test func `leaves nothing that the hub's role could alter`() async throws {
        let pool = try Self.hubPool()
        defer { pool.close() }
        try await Self.add(3, to: pool)
        _ = try await Self.sealer(pool).seal()
        for table in ["audit_event", "audit_seal", "audit_head", "journal_event"] {
            for text in ["DELETE FROM \(table)", "TRUNCATE \(table)"] {
                await #expect(throws: PostgresFailure.self, "\(text)") {
                    try await pool.execute(Statement(SQL(stringLiteral: text)))
                }
            }
        }
        for text in [
            "UPDATE audit_event SET principal = 'eve'", "UPDATE audit_seal SET hash = ''",
            "UPDATE audit_head SET document = ''", "UPDATE journal_event SET hash = ''",
        ] {
            await #expect(throws: PostgresFailure.self, "\(text)") {
                try await pool.execute(Statement(SQL(stringLiteral: text)))
            }
        }
        #expect(try await Self.verify(pool).firstBreak == nil)
    }

    @Test func `leaves seals under which the owner's own tampering shows`() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        for _ in 0..<6 {
            try await Self.add(5, to: pool)
            _ = try await Self.sealer(pool).seal()
        }
        let witness = try #require(try await Self.verify(pool).head)
        struct Undone: Error {}
        for text in [
            "UPDATE audit_event SET event = replace(event, 'ada@', 'eve@') WHERE event_id = (SELECT event_id FROM audit_seal WHERE sequence = 7)",
            "UPDATE audit_event SET principal = 'eve' WHERE event_id = (SELECT event_id FROM audit_seal WHERE sequence = 7)",
            "UPDATE audit_event SET at = at + interval '1 hour' WHERE event_id = (SELECT event_id FROM audit_seal WHERE sequence = 7)",
            "DELETE FROM audit_event WHERE event_id = (SELECT event_id FROM audit_seal WHERE sequence = 7)",
            "DELETE FROM audit_seal WHERE sequence = 7",
            "DELETE FROM audit_seal WHERE sequence < 7",
            "DELETE FROM audit_seal WHERE sequence > 20",
            "DELETE FROM audit_head WHERE number = 3",
            "DELETE FROM audit_head WHERE number = 6",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET sequence = sequence + 1 WHERE number = 6",
            "UPDATE audit_head SET document = (SELECT document FROM audit_head WHERE number = 2) WHERE number = 3",
            "WITH gone AS (DELETE FROM audit_seal WHERE sequence > 20) DELETE FROM audit_head WHERE sequence > 20",
            """
            WITH a AS (SELECT hash FROM audit_seal WHERE sequence = 8), b AS (SELECT hash FROM audit_seal WHERE sequence = 9)
            UPDATE audit_seal SET hash = CASE sequence WHEN 8 THEN (SELECT hash FROM b) ELSE (SELECT hash FROM a) END
             WHERE sequence IN (8, 9)
            """,
        ] {
            await #expect(throws: Undone.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(Statement(SQL(stringLiteral: text)))
                    let finding = try await AuditVerification.finding(
                        in: transaction,
                        keys: try Self.keys().publicKeys,
                        witnesses: [witness]
                    )
                    #expect(finding.firstBreak != nil, "not found: \(text)")
                    throw Undone()
                }
            }
        }
        #expect(try await Self.verify(pool, witnesses: [witness]).firstBreak == nil)
    }

    @Test func `signs journals too, so that their ends cannot be cut off`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            func verify() async throws -> JSON {
                try await hub.ask(.GET, "/api/v1/audit-events/verification", token: try hub.admin()).json
            }
            try await eventually("three journals are sealed") {
                let found = try await verify()
                return found["journals"]?.integer == 3 && found["unsealed"]?.integer == 0
            }
            #expect(try await verify()["intact"]?.bool == true)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let id = try #require(Execution.ID(world.name("executionId", of: .here)))
            try await pool.execute(
                Statement(
                    """
                    DELETE FROM journal_event WHERE execution_id = \(id)
                       AND sequence = (SELECT max(sequence) FROM journal_event WHERE execution_id = \(id))
                    """
                )
            )
            let found = try await verify()
            #expect(found["intact"]?.bool == false)
            #expect(found["firstBreak"]?["kind"]?.string == "JOURNAL_ALTERED")
            #expect(found["firstBreak"]?["eventId"]?.string == id.description)
        }
    }

    @Test func `leaves an export that is verified without the hub, whoever may see what of it`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            try await eventually("all is sealed") {
                let path = "/api/v1/audit-events/verification"
                return try await hub.ask(.GET, path, token: try hub.admin()).json["unsealed"]?.integer == 0
            }
            let published = try await hub.ask(.GET, "/api/v1/audit-keys", token: try world.limited(.readOnly))
            let known = try AuditKeys(document: published.bytes)
            var shown: [Int] = []
            for token in [try hub.admin(), try world.limited(.readOnly)] {
                let accept = [("accept", "application/x-ndjson")]
                let answer = try await hub.ask(.GET, "/api/v1/audit-events", token: token, bytes: nil, headers: accept)
                #expect(answer.status == 200)
                var verifier = ExportVerifier(keys: known)
                for line in answer.bytes.split(separator: UInt8(ascii: "\n")) { verifier.take(line: line) }
                let end = verifier.finish()
                let verdict = try #require(end)
                #expect(verdict.firstBreak == nil && verifier.unreadableLine == nil && verifier.isStartProved)
                #expect(verdict.events > 10)
                shown.append(verifier.shown)
            }
            #expect(shown[0] > shown[1] && shown[1] > 0)
        }
    }

    @Test func `lets old events go into an archive, and the rest stays whole`() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        let now = SystemTime().now()
        try await Self.add(10, to: pool, at: now - .seconds(3600))
        _ = try await Self.sealer(pool).seal()
        try await Self.add(5, to: pool, at: now)
        _ = try await Self.sealer(pool).seal()
        let witness = try #require(try await Self.verify(pool).head)
        let path = try TestFolder.folder + "/archive.ndjson"
        let archiving = Archiving(pool: pool, keys: try Self.keys(), ambient: Ambient(), logger: .quiet)
        #expect(try await archiving.archive(before: now - .seconds(7200), to: path) == nil)
        let archive = try #require(try await archiving.archive(before: now - .seconds(60), to: path))
        #expect(archive.end.place.sequence == 10)
        let finding = try await Self.verify(pool, witnesses: [witness])
        #expect(finding.firstBreak == nil && finding.start.sequence == 10 && finding.events == 6)
        var verifier = ExportVerifier(keys: try Self.keys().publicKeys)
        for line in try TestFolder.lines(of: path) { verifier.take(line: line) }
        let end = verifier.finish()
        #expect(end != nil && end?.firstBreak == nil && verifier.shown == 10)
        // Cutting more off is no archive.
        try await pool.execute(Statement("DELETE FROM audit_seal WHERE sequence < 13"))
        #expect(try await Self.verify(pool).firstBreak?.kind == .start)
    }
}
