package import PostgreSQL

/// A statement to examine, without the type of its rows.
package struct Examined: Sendable {
    package let name: String
    package let sql: SQL
    /// It reads whole tables, and may: they are small, or everything in them is wanted.
    package let scans: Bool

    package init<Row>(_ name: String, _ query: Query<Row>, scans: Bool = false) {
        self.name = name
        sql = query.sql
        self.scans = scans
    }

    /// Each of several statements that belong together.
    package static func each(_ name: String, _ queries: [Statement]) -> [Examined] {
        queries.enumerated().map { Examined("\(name) \($0 + 1)", $1) }
    }
}

extension Connection {
    /// How the server would run the statement whatever its parameters are, if it could avoid reading whole tables.
    ///
    /// - Throws: When the server cannot prepare the statement against the schema.
    func plan(of statement: Examined) async throws -> [String] {
        let types = try await run(
            Query(
                """
                SELECT format_type(o::oid, NULL) FROM unnest(\(statement.sql.parameterTypes.map(Int.init))) WITH ORDINALITY t (o, n)
                 ORDER BY n
                """,
                as: String.self
            )
        )
        let declared = types.isEmpty ? "" : "(\(types.joined(separator: ", ")))"
        try await script("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off")
        try await script("PREPARE examined\(declared) AS \(statement.sql.text)")
        let nulls = types.isEmpty ? "" : "(\(types.map { _ in "NULL" }.joined(separator: ", ")))"
        let plan = try await run(Query(SQL(stringLiteral: "EXPLAIN EXECUTE examined\(nulls)"), as: String.self))
        try await script("DEALLOCATE examined")
        return plan
    }
}
