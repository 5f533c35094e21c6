package import Ambient
package import Logging

/// Brings a database's schema up to date: forward only, one transaction a migration, one program at a time.
///
/// What was applied is recorded in `schema_migration` with the SHA-256 of its text, which the server computes.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let grants: String?
    private let ambient: Ambient
    private let logger: Logger

    /// The advisory lock's number: "MUSTERMG" in ASCII, so that nothing else has it by chance.
    private static let lock: Int64 = 0x4D55_5354_4552_4D47
    /// How long another program's migrations are waited for.
    private static let lockPatience = Duration.seconds(300)
    private static let lockPause = Duration.milliseconds(200)

    /// Makes one of all migrations, in their order.
    ///
    /// `grants` is a text that is run after them every time, in a transaction: what each role may do. It must be harmless
    /// to run again.
    package init(_ migrations: [Migration], grants: String? = nil, ambient: Ambient, logger: Logger) {
        precondition(Set(migrations.map(\.name)).count == migrations.count, "two migrations have the same name")
        self.migrations = migrations
        self.grants = grants
        self.ambient = ambient
        self.logger = logger
    }

    /// Applies what is missing.
    ///
    /// - Parameter connectionString: libpq's own, of the role that owns the schema.
    /// - Returns: The names of the migrations that were applied now.
    /// - Throws: `MigrationFailure`, `PostgresFailure`, `CancellationError`.
    @discardableResult
    package func apply(to connectionString: String) async throws -> [String] {
        var limits = ConnectionSettings.Limits()
        limits.statement = nil
        let settings = try ConnectionSettings(
            connectionString: connectionString,
            applicationName: "muster-migrations",
            limits: limits
        )
        let connection = try await Connection.open(settings)
        // The lock goes with the connection, whatever happens here.
        defer { connection.close() }
        try await connection.script("SET statement_timeout = 0")
        try await lock(connection)
        try await connection.script(Self.table)
        let missing: [String]
        switch try await state(on: connection) {
        case .current: missing = []
        // The newer program's rights stay as it has granted them.
        case .ahead: return []
        case .refused(let refusal): throw MigrationFailure.refused(refusal)
        case .behind(let names): missing = names
        }
        for (position, migration) in migrations.enumerated() where missing.contains(migration.name) {
            try await apply(migration, at: position, on: connection)
            logger.info("migration applied", metadata: ["migration": "\(migration.name)"])
        }
        if let grants { try await connection.script(grants) }
        return missing
    }

    /// Compares a database with these migrations; nothing is changed.
    package func state(on runner: some Runner) async throws -> SchemaState {
        guard try await runner.first(Self.hasTable) == true else {
            return migrations.isEmpty ? .current : .behind(migrations.map(\.name))
        }
        let rows = try await runner.run(comparison)
        let unknown = rows.filter { $0.isSame == nil }.map(\.name)
        let changed = rows.filter { $0.isSame == false }.map(\.name)
        guard changed.isEmpty else { return .refused(.changed(changed)) }
        guard unknown.isEmpty else {
            let isWhole = rows.prefix(migrations.count).map(\.name) == migrations.map(\.name)
            let isEnough = isWhole && !unknown.contains(where: Migration.contracts)
            return isEnough ? .ahead(unknown) : .refused(.unknown(unknown))
        }
        let applied = Set(rows.map(\.name))
        let missing = migrations.map(\.name).filter { !applied.contains($0) }
        let skipped = migrations.prefix(applied.count).map(\.name).filter { !applied.contains($0) }
        guard skipped.isEmpty else { return .refused(.skipped(skipped)) }
        return missing.isEmpty ? .current : .behind(missing)
    }
}

// MARK: - Statements

extension Migrator {
    private static let table = """
        DO $$ BEGIN
            IF to_regclass('schema_migration') IS NULL THEN
                CREATE TABLE schema_migration (
                    name text NOT NULL CONSTRAINT schema_migration_name PRIMARY KEY,
                    position bigint NOT NULL CONSTRAINT schema_migration_position UNIQUE,
                    checksum bytea NOT NULL,
                    applied_at timestamptz NOT NULL
                );
                GRANT SELECT ON schema_migration TO PUBLIC;
            END IF;
        END $$
        """

    private static let hasTable = Query("SELECT to_regclass('schema_migration') IS NOT NULL", as: Bool.self)

    private static let tryLock = Query("SELECT pg_try_advisory_lock(\(lock))", as: Bool.self)

    /// What was applied, and whether it is the same text as here; NULL where there is none here.
    private var comparison: Query<(name: String, isSame: Bool?)> {
        Query(
            """
            SELECT applied.name, applied.checksum = sha256(convert_to(known.sql, 'UTF8'))
              FROM schema_migration AS applied
              LEFT JOIN unnest(\(migrations.map(\.name)), \(migrations.map(\.sql))) AS known (name, sql)
                ON known.name = applied.name
             ORDER BY applied.position
            """
        ) { row in (name: try row.read(), isSame: try row.read()) }
    }

    private func record(_ migration: Migration, at position: Int) -> Statement {
        Statement(
            """
            INSERT INTO schema_migration (name, position, checksum, applied_at)
            VALUES (\(migration.name), \(position), sha256(convert_to(\(migration.sql), 'UTF8')), \(ambient.now))
            """
        )
    }

    private func apply(_ migration: Migration, at position: Int, on connection: Connection) async throws {
        let name = "commit.Migrator.\(migration.name)"
        do {
            if migration.runsOutsideTransaction {
                for statement in migration.statements { try await connection.script(statement) }
                try await ambient.failpoints.around(name) {
                    _ = try await connection.execute(record(migration, at: position))
                }
            } else {
                try await connection.script("BEGIN")
                try await connection.script(migration.sql)
                // A migration that ends the transaction itself would be half applied when it fails.
                guard !connection.isReusable else { throw Self.endedTransaction }
                try await connection.execute(record(migration, at: position))
                try await ambient.failpoints.around(name) { _ = try await connection.script("COMMIT") }
            }
        } catch let failure as PostgresFailure {
            throw MigrationFailure.failed(name: migration.name, failure)
        }
    }

    private static let endedTransaction = PostgresFailure(
        .statement(sqlstate: "2D000"),
        "the migration's text ends the transaction that it runs in"
    )

    /// Asks for the lock again and again: to wait *in* PostgreSQL would hold a snapshot, for which another program's
    /// `CREATE INDEX CONCURRENTLY` waits in turn.
    private func lock(_ connection: Connection) async throws {
        let start = ambient.time.elapsed()
        while try await connection.run(Self.tryLock) != [true] {
            guard ambient.time.elapsed() - start < Self.lockPatience else { throw MigrationFailure.locked }
            try await ambient.time.sleep(for: Self.lockPause)
        }
    }
}
