package import Ambient

/// The role by which a program logs in, made by whoever may make roles.
package enum LoginRole {
    /// The advisory lock's number: several programs may want the same role at once.
    private static let lock: Int64 = 0x4D55_5354_4552_524C

    /// Makes the role that a connection string names, or gives one that is there the string's password.
    ///
    /// - Parameters:
    ///   - connectionString: libpq's own, with the user and, where there is one, the password.
    ///   - owner: The same of a role that may make roles.
    ///   - failpoints: Passed around the commit.
    /// - Throws: `PostgresFailure`.
    package static func ensure(
        asIn connectionString: String,
        by owner: String,
        failpoints: Failpoints = .none
    ) async throws {
        let wanted = try ConnectionSettings.parse(connectionString)
        guard let name = wanted["user"], !name.isEmpty else {
            throw PostgresFailure(.configuration, "the connection string names no user to make a role of")
        }
        guard name != (try ConnectionSettings.parse(owner))["user"] else { return }
        let connection = try await Connection.open(
            try ConnectionSettings(connectionString: owner, applicationName: "muster-migrations")
        )
        defer { connection.close() }
        try await connection.script("BEGIN")
        try await connection.execute(Statement("SELECT pg_advisory_xact_lock(\(lock))"))
        for text in try await connection.run(statement(name, password: wanted["password"])) {
            try await connection.script(text)
        }
        try await failpoints.around("commit.LoginRole") { _ = try await connection.script("COMMIT") }
    }

    /// The text of the statement, quoted by the server, for none of its parts can be a parameter.
    private static func statement(_ name: String, password: String?) -> Query<String> {
        Query(
            """
            SELECT format(
                       CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = \(name)) THEN 'ALTER' ELSE 'CREATE' END
                       || ' ROLE %I LOGIN' || CASE WHEN \(password)::text IS NULL THEN '' ELSE ' PASSWORD %L' END,
                       \(name)::text, \(password)::text)
            """,
            as: String.self
        )
    }
}
