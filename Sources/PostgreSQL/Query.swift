/// A statement as a value: its text, what it binds, and how a row of its answer is read.
///
/// Anything that is a `Runner` can run it: a pool, a transaction, a connection.
package struct Query<Row>: Sendable {
    package let sql: SQL
    /// Nil where the rows, if any, are of no interest.
    let reading: (@Sendable (inout RowReader) throws -> Row)?
    /// Where it was written.
    let site: Site

    /// A query whose rows are read by a closure or an initialiser, column by column and every column.
    package init(
        _ sql: SQL,
        file: StaticString = #fileID,
        function: StaticString = #function,
        reading: @escaping @Sendable (inout RowReader) throws -> Row
    ) {
        self.init(sql, at: Site(file: file, function: function), reading: reading)
    }

    fileprivate init(_ sql: SQL, at site: Site, reading: (@Sendable (inout RowReader) throws -> Row)?) {
        self.sql = sql
        self.site = site
        self.reading = reading
    }

    /// A query of one column: `Query("SELECT count(*) FROM plan", as: Int.self)`.
    package init(
        _ sql: SQL,
        as type: Row.Type,
        file: StaticString = #fileID,
        function: StaticString = #function
    ) where Row: Decodes {
        self.init(sql, file: file, function: function) { row in try row.read(Row.self) }
    }

    /// A query whose rows are tuples: `Query("SELECT id, name FROM plan", as: Plan.ID.self, String.self)`.
    package init<First: Decodes, Second: Decodes, each Other: Decodes>(
        _ sql: SQL,
        as first: First.Type,
        _ second: Second.Type,
        _ others: repeat (each Other).Type,
        file: StaticString = #fileID,
        function: StaticString = #function
    ) where Row == (First, Second, repeat each Other) {
        self.init(sql, file: file, function: function) { row in
            (try row.read(First.self), try row.read(Second.self), repeat try row.read((each Other).self))
        }
    }
}

extension Query {
    /// The same query with each row made into something else, such as one case of what a pipeline brings together.
    package func map<Other>(_ transform: @escaping @Sendable (Row) -> Other) -> Query<Other> {
        guard let reading else { preconditionFailure("a statement whose rows are not read has none to map") }
        return Query<Other>(sql, at: site) { row in transform(try reading(&row)) }
    }

    /// Whether the statement only reads: a commit of nothing else is none.
    var isReading: Bool { sql.text.hasPrefix("SELECT") }
}

/// A place in the source, which names a failpoint.
struct Site: Sendable {
    let file: StaticString
    let function: StaticString
}

/// A statement of which only the number of rows it changed matters.
package typealias Statement = Query<Void>

extension Query where Row == Void {
    /// A statement whose rows, if any, are not read.
    package init(_ sql: SQL, file: StaticString = #fileID, function: StaticString = #function) {
        self.init(sql, at: Site(file: file, function: function), reading: nil)
    }
}

/// What one statement brought.
package struct Outcome<Row> {
    /// The rows, read.
    package var rows: [Row]
    /// The number of rows that were inserted, changed, deleted or selected.
    package var affected: Int
}

/// What can run statements: a pool, a transaction, a connection.
///
/// A function that takes `some Runner` serves all of them, so no statement needs to be written twice.
package protocol Runner {
    /// Runs one statement.
    ///
    /// - Throws: `PostgresFailure`; `CancellationError`; or what the query's closure throws.
    func outcome<Row>(of query: Query<Row>) async throws -> Outcome<Row>

    /// Runs many statements in one go (libpq's pipeline): all, or none when one of them fails.
    ///
    /// - Throws: The first failure.
    func outcomes<Row>(of queries: [Query<Row>]) async throws -> [Outcome<Row>]
}

extension Runner {
    /// The rows of a query.
    package func run<Row>(_ query: Query<Row>) async throws -> [Row] {
        try await outcome(of: query).rows
    }

    /// The rows of many queries in one go: all succeed, or none has any effect.
    package func run<Row>(_ queries: [Query<Row>]) async throws -> [[Row]] {
        try await outcomes(of: queries).map(\.rows)
    }

    /// The first row, or nil; the query itself should ask for no more than one.
    package func first<Row>(_ query: Query<Row>) async throws -> Row? {
        try await outcome(of: query).rows.first
    }

    /// Runs a statement and says how many rows it changed.
    @discardableResult
    package func execute<Row>(_ query: Query<Row>) async throws -> Int {
        try await outcome(of: query).affected
    }

    /// Runs many statements in one go, and says how many rows each changed: all succeed, or none has any effect.
    @discardableResult
    package func execute<Row>(_ queries: [Query<Row>]) async throws -> [Int] {
        try await outcomes(of: queries).map(\.affected)
    }
}
