package import Ambient
internal import Foundation
package import Logging
package import PostgreSQL
package import Testing

/// The database of one test: a clone of a template that was migrated once for the whole run.
package struct TestDatabase: Sendable {
    package let server: DatabaseServer
    package let name: String

    @TaskLocal fileprivate static var bound: TestDatabase?

    /// The database of the test that runs.
    ///
    /// - Throws: When the test's suite has no trait `.database`.
    package static var current: TestDatabase {
        get throws {
            guard let bound else { throw Missing() }
            return bound
        }
    }

    /// A test asked for its database and its suite has none.
    package struct Missing: Error, CustomStringConvertible {
        package let description = "the suite of this test lacks the trait .database(…)"
    }

    /// Where to connect, as the role that owns the tables.
    package var connectionString: String { server.url(database: name, role: "muster_owner") }

    /// Where to connect, as the role that the hub has.
    package var hubConnectionString: String { server.url(database: name, role: "muster_hub") }

    /// A pool of the tables' owner.
    package func pool(
        size: Int = 4,
        patience: Duration = .seconds(60),
        ambient: Ambient = Ambient(),
        logger: Logger = .quiet
    ) throws -> Pool {
        try Pool(
            connectionString: connectionString,
            size: size,
            applicationName: "muster-test",
            patience: patience,
            ambient: ambient,
            logger: logger
        )
    }

    /// One connection of the tables' owner.
    package func connect() async throws -> sending Connection {
        try await Connection.open(try ConnectionSettings(connectionString: connectionString))
    }
}

extension Logger {
    /// Says nothing.
    package static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Gives each test of a suite a fresh database.
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    fileprivate let migrations: [Migration]
    fileprivate let grants: String?

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let database = try await Templates.one.clone(of: migrations, grants: grants)
        // Dropped even when the test failed.
        do {
            try await TestDatabase.$bound.withValue(database) { try await function() }
        } catch {
            try await Templates.one.drop(database)
            throw error
        }
        try await Templates.one.drop(database)
    }
}

extension Trait where Self == DatabaseTrait {
    /// Each test has an empty database: `try TestDatabase.current`.
    package static var database: DatabaseTrait { DatabaseTrait(migrations: [], grants: nil) }

    /// Each test has a database to which these migrations were applied: `try TestDatabase.current`.
    package static func database(_ migrations: [Migration], grants: String? = nil) -> DatabaseTrait {
        DatabaseTrait(migrations: migrations, grants: grants)
    }
}

/// Makes each template once, and clones it.
private actor Templates {
    static let one = Templates()
    private var making: [[Migration]: Task<String, any Error>] = [:]
    private var lastNumber = 0

    func clone(of migrations: [Migration], grants: String?) async throws -> TestDatabase {
        let server = try await DatabaseServer.shared
        lastNumber += 1
        let number = lastNumber
        // Not structured: the test that happens to be first does not own what all of them use.
        // Other grants are another template.
        let recipe = migrations + [Migration(name: "grants", sql: grants ?? "")]
        let making = self.making[recipe] ?? Task { try await Self.template(number, migrations, grants, on: server) }
        self.making[recipe] = making
        let database = TestDatabase(server: server, name: "test_\(number)")
        let template = try await making.value
        let connection = try await server.connect(to: "postgres")
        try await connection.script("CREATE DATABASE \(database.name) TEMPLATE \(template) OWNER muster_owner")
        connection.close()
        return database
    }

    func drop(_ database: TestDatabase) async throws {
        let connection = try await database.server.connect(to: "postgres")
        try await connection.script("DROP DATABASE IF EXISTS \(database.name) WITH (FORCE)")
        connection.close()
    }

    private static func template(
        _ number: Int,
        _ migrations: [Migration],
        _ grants: String?,
        on server: DatabaseServer
    ) async throws -> String {
        let name = "template_\(number)"
        let connection = try await server.connect(to: "postgres")
        try await connection.script("CREATE DATABASE \(name) OWNER muster_owner")
        connection.close()
        guard !migrations.isEmpty else { return name }
        let migrator = Migrator(migrations, grants: grants, ambient: Ambient(), logger: .quiet)
        try await migrator.apply(to: server.url(database: name, role: "muster_owner"))
        return name
    }
}
