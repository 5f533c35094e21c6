import Ambient
import Foundation
import PostgreSQL
import TestKit
import Testing

private enum Colour: String, CaseIterable { case red, green }
private enum Stage: String, Encodes, Decodes { case early, late }

@Suite(.database) struct `A connection` {
    @Test func `brings every type back as it was bound`() async throws {
        let connection = try await TestDatabase.current.connect()
        let (uuid, instant) = (UUID(), Instant(milliseconds: 1_795_719_280_125))
        let id = Identifier<Colour>(uuid)
        let query = Query(
            """
            SELECT \(true), \(Int.min), \(Int32.max), \(Int64(-7)), \(0.1), \("ünï'\"\\code"), \([UInt8](0...255)),
                   \(uuid), \(id), \(instant), \(Duration.milliseconds(1500))
            """
        ) { (row: inout RowReader) throws -> Void in
            #expect(try row.read() == true)
            #expect(try row.read() == Int.min)
            #expect(try row.read() == Int32.max)
            #expect(try row.read() == Int64(-7))
            #expect(try row.read() == 0.1)
            #expect(try row.read() == "ünï'\"\\code")
            #expect(try row.read() == [UInt8](0...255))
            #expect(try row.read() == uuid)
            #expect(try row.read() == id)
            #expect(try row.read() == instant)
            #expect(try row.read() == Duration.milliseconds(1500))
        }
        #expect(try await connection.run(query).count == 1)
    }

    @Test func `binds and reads arrays, optionals and labels`() async throws {
        let connection = try await TestDatabase.current.connect()
        let texts = ["", "NULL", "a,b", "{}", "\"q\"", "back\\slash", "line\nbreak", " blank "]
        let query = Query(
            """
            SELECT \(texts), \([1, -2, Int.max]), \([UUID(), UUID()].map { Identifier<Colour>($0) }), \(["x", nil]),
                   \([[1, 2], []] as [[UInt8]]), \([] as [String]), \(Colour.green), \(Stage.late),
                   \(nil as Colour?), \([Colour.red]), \([true, false]), \([Instant(milliseconds: 0)])
            """
        ) { (row: inout RowReader) throws -> Void in
            #expect(try row.read() == texts)
            #expect(try row.read() == [1, -2, Int.max])
            #expect(try row.read([Identifier<Colour>].self).count == 2)
            #expect(try row.read() == ["x", nil])
            #expect(try row.read() == [[1, 2], []] as [[UInt8]])
            #expect(try row.read() == [String]())
            #expect(try row.read() == Colour.green)
            #expect(try row.read() == Stage.late)
            #expect(try row.read(Colour?.self) == nil)
            #expect(try row.read() == ["red"])
            #expect(try row.read() == [true, false])
            #expect(try row.read() == [Instant(milliseconds: 0)])
        }
        #expect(try await connection.run(query).count == 1)
    }

    @Test func `gives a NULL its type, so that it can stand alone`() async throws {
        let connection = try await TestDatabase.current.connect()
        let (none, some) = (nil as Instant?, Instant(milliseconds: 5) as Instant?)
        let query = Query(
            "SELECT \(none) IS NULL, \(some)::timestamptz, \(none)::timestamptz",
            as: Bool.self,
            Instant?.self,
            Instant?.self
        )
        let row = try #require(try await connection.first(query))
        #expect(row.0 && row.1 == some && row.2 == nil)
    }

    @Test func `matches arrays and inserts batches from them`() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE item (id uuid PRIMARY KEY, name text, rank bigint)")
        let ids = (0..<100).map { _ in UUID() }
        let ranks: [Int?] = (0..<100).map { $0 == 3 ? nil : $0 }
        let insert = Statement(
            """
            INSERT INTO item (id, name, rank)
            SELECT * FROM unnest(\(ids), \(ids.indices.map { "n\($0)" }), \(ranks))
            """
        )
        #expect(try await connection.execute(insert) == 100)
        let found = Query("SELECT name FROM item WHERE id = ANY(\([ids[7], ids[9]])) ORDER BY rank", as: String.self)
        #expect(try await connection.run(found) == ["n7", "n9"])
        #expect(try await connection.execute(Statement("UPDATE item SET rank = 0 WHERE rank > \(97)")) == 2)
    }

    @Test func `prepares a text once`() async throws {
        let connection = try await TestDatabase.current.connect()
        for number in 0..<5 {
            #expect(try await connection.first(Query("SELECT \(number) + 1", as: Int.self)) == number + 1)
        }
        let count = Query(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1 +%'",
            as: Int.self
        )
        #expect(try await connection.first(count) == 1)
    }

    @Test func `refuses a NUL before anything is sent, and stays usable`() async throws {
        let connection = try await TestDatabase.current.connect()
        for text in ["a\0b", "\0"] {
            await #expect(
                performing: {
                    try await connection.execute(Statement("SELECT \(text)"))
                },
                throws: { ($0 as? PostgresFailure)?.kind == .statement(sqlstate: "22021") }
            )
        }
        #expect(try await connection.first(Query("SELECT 1", as: Int.self)) == 1)
    }

    @Test func `tells statement, column and type when a row does not read, never the value`() async throws {
        let connection = try await TestDatabase.current.connect()
        let failure = await #expect(throws: PostgresFailure.self) {
            try await connection.run(Query("SELECT 'geheim' AS word", as: Int.self))
        }
        let kind = PostgresFailure.Kind.decoding(statement: "SELECT 'geheim' AS word", column: "word", type: "Int")
        #expect(failure?.kind == kind)
        #expect(failure?.message == "a row does not read as Int at word")
        await #expect(throws: PostgresFailure.self) {
            try await connection.run(Query("SELECT NULL::text", as: String.self))
        }
        await #expect(throws: PostgresFailure.self) {
            try await connection.run(Query("SELECT 'blue'") { row in try row.read(Colour.self) })
        }
        await #expect(throws: PostgresFailure.self) { try await connection.run(Query("SELECT 1, 2", as: Int.self)) }
        await #expect(throws: PostgresFailure.self) {
            try await connection.run(Query("SELECT 1", as: Int.self, Int.self))
        }
        #expect(try await connection.first(Query("SELECT 1", as: Int.self)) == 1)
    }

    @Test func `names the constraint that refused`() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script(
            """
            CREATE TABLE plan (
                name text NOT NULL CONSTRAINT plan_name UNIQUE CONSTRAINT plan_name_length CHECK (length(name) < 9),
                parent text CONSTRAINT plan_parent REFERENCES plan (name));
            INSERT INTO plan VALUES ('one')
            """
        )
        func refusal(_ name: String?, _ parent: String?) async -> PostgresFailure? {
            await #expect(throws: PostgresFailure.self) {
                try await connection.execute(Statement("INSERT INTO plan VALUES (\(name), \(parent))"))
            }
        }
        #expect(await refusal("one", nil)?.kind == .constraint(name: "plan_name", sqlstate: "23505"))
        #expect(await refusal("two", "zero")?.kind == .constraint(name: "plan_parent", sqlstate: "23503"))
        #expect(await refusal("much too long", nil)?.kind == .constraint(name: "plan_name_length", sqlstate: "23514"))
        #expect(await refusal(nil, nil)?.kind == .constraint(name: "name", sqlstate: "23502"))
    }

    @Test func `keeps values and parameters out of what it says`() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE word (text text PRIMARY KEY); INSERT INTO word VALUES ('geheim')")
        let statements = [
            Statement("INSERT INTO word VALUES (\("geheim"))"), Statement("SELECT \("geheim")::bigint"),
            Statement("SELECT text::bigint FROM word"), Statement("SELECT 1 / length(\("")) FROM word"),
        ]
        for statement in statements {
            let failure = await #expect(throws: PostgresFailure.self) { try await connection.execute(statement) }
            #expect(failure.map { !"\($0)".contains("geheim") } == true)
        }
    }

    @Test func `ends a statement that takes too long, and stays usable`() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("SET statement_timeout = 50")
        await #expect(
            performing: {
                try await connection.execute(Statement("SELECT pg_sleep(30)"))
            },
            throws: { ($0 as? PostgresFailure)?.kind == .timedOut }
        )
        #expect(!connection.isClosed)
        #expect(try await connection.first(Query("SELECT 1", as: Int.self)) == 1)
    }

    @Test func `is closed when its task is cancelled in the middle of a statement`() async throws {
        let database = try TestDatabase.current
        let pool = try database.pool()
        let slow = Task {
            let connection = try await database.connect()
            await #expect(throws: CancellationError.self) {
                try await connection.execute(Statement("SELECT pg_sleep(30) /* slow */"))
            }
            return connection.isClosed
        }
        let running = Query(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%/* slow */' AND pid <> pg_backend_pid()",
            as: Int.self
        )
        try await eventually("the statement runs") { try await pool.run(running) == [1] }
        slow.cancel()
        #expect(try await slow.value)
        // The server looks every two seconds whether its client is still there.
        try await eventually("the server gives the statement up") { try await pool.run(running) == [0] }
    }

    @Test func `speaks no COPY and is closed by one`() async throws {
        let connection = try await TestDatabase.current.connect()
        await #expect(throws: PostgresFailure.self) {
            try await connection.execute(Statement("COPY pg_class TO STDOUT"))
        }
        #expect(connection.isClosed)
    }

    @Test func `notices that the server ended it`() async throws {
        let database = try TestDatabase.current
        let connection = try await database.connect()
        let backend = try #require(connection.backend)
        try await database.pool().execute(Statement("SELECT pg_terminate_backend(\(Int32(backend)))"))
        await #expect(
            performing: {
                while true { try await connection.execute(Statement("SELECT 1")) }
            },
            throws: { ($0 as? PostgresFailure)?.kind == .unavailable }
        )
        #expect(connection.isClosed)
    }
}
