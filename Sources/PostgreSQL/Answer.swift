internal import CPostgreSQL

/// One `PGresult`: what the server answered to one statement.
///
/// Freed with the value.
@safe struct Answer: ~Copyable {
    enum Status {
        case rows, done, failed, aborted, sync
        /// `COPY` and the like, which this client does not speak.
        case foreign
    }

    fileprivate let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQclear(handle)
    }

    var status: Status {
        switch unsafe PQresultStatus(handle) {
        case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: .rows
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .done
        case PGRES_PIPELINE_ABORTED: .aborted
        case PGRES_PIPELINE_SYNC: .sync
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: .foreign
        default: .failed
        }
    }

    var rowCount: Int { unsafe Int(PQntuples(handle)) }
    var columnCount: Int { unsafe Int(PQnfields(handle)) }

    /// The rows inserted, changed, deleted or read.
    var affected: Int { unsafe Int(String(cString: PQcmdTuples(handle))) ?? 0 }

    /// The command as the server names it; `ROLLBACK` where a `COMMIT` could not be done.
    var command: String { unsafe String(cString: PQcmdStatus(handle)) }

    /// What the server reported; nil when the connection was lost instead.
    var report: PostgresFailure.Report? {
        guard let sqlstate = field(MUSTER_FIELD_SQLSTATE) else { return nil }
        return PostgresFailure.Report(
            sqlstate: sqlstate,
            primary: field(MUSTER_FIELD_PRIMARY) ?? "",
            constraint: field(MUSTER_FIELD_CONSTRAINT),
            table: field(MUSTER_FIELD_TABLE),
            column: field(MUSTER_FIELD_COLUMN)
        )
    }

    private func field(_ code: Int) -> String? {
        guard let text = unsafe PQresultErrorField(handle, Int32(code)) else { return nil }
        return unsafe String(cString: text)
    }
}

/// Reads one row from left to right, each column as the type that is asked for.
///
/// It is lent to the closure of a `Query` and cannot be kept, for its memory belongs to the answer.
/// ```swift
/// Query("SELECT id, name FROM plan") { row in Plan(id: try row.read(), name: try row.read()) }
/// ```
@safe package struct RowReader: ~Copyable {
    private let handle: OpaquePointer
    private let row: Int32
    private let columns: Int32
    private let statement: String
    private var next: Int32 = 0

    fileprivate init(_ answer: borrowing Answer, row: Int, statement: String) {
        unsafe handle = answer.handle
        self.row = Int32(row)
        self.statement = statement
        columns = Int32(answer.columnCount)
    }

    /// The next column.
    ///
    /// - Throws: `PostgresFailure` of kind `decoding` when it is not of this type, is NULL where the type has none, or
    ///   when the row has no further column.
    package mutating func read<Value: Decodes>(_ type: Value.Type = Value.self) throws(PostgresFailure) -> Value {
        let index = next
        guard index < columns else { throw failure(at: "column \(index + 1), which is missing", type) }
        next += 1
        guard let value = unsafe Self.value(type, handle, row, index) else { throw failure(at: name(of: index), type) }
        return value
    }

    /// The next column as an enumeration's label or the like.
    @_disfavoredOverload
    package mutating func read<Value: RawRepresentable>(
        _ type: Value.Type = Value.self
    ) throws(PostgresFailure) -> Value where Value.RawValue: Decodes {
        let index = next
        guard let value = Value(rawValue: try read(Value.RawValue.self)) else {
            throw failure(at: name(of: index), type)
        }
        return value
    }

    /// The next column as an enumeration's label or the like, or nil for NULL.
    @_disfavoredOverload
    package mutating func read<Value: RawRepresentable>(
        _ type: Value?.Type = Value?.self
    ) throws(PostgresFailure) -> Value? where Value.RawValue: Decodes {
        let index = next
        guard let raw = try read(Value.RawValue?.self) else { return nil }
        guard let value = Value(rawValue: raw) else { throw failure(at: name(of: index), Value.self) }
        return value
    }

    /// Passes over the next column.
    package mutating func skip() {
        next += 1
    }

    /// Refuses columns that the statement selects and nobody reads: a sign that text and reader have drifted apart.
    fileprivate func finish() throws(PostgresFailure) {
        guard next >= columns else { throw failure(at: "\(name(of: next)), which nobody reads", Void.self) }
    }

    private func name(of index: Int32) -> String {
        guard let name = unsafe PQfname(handle, index) else { return "column \(index + 1)" }
        return unsafe String(cString: name)
    }

    private func failure(at column: String, _ type: Any.Type) -> PostgresFailure {
        PostgresFailure(
            .decoding(statement: statement, column: column, type: "\(type)"),
            "a row does not read as \(type) at \(column)",
            statement: statement
        )
    }

    private static func value<Value: Decodes>(
        _ type: Value.Type,
        _ handle: OpaquePointer,
        _ row: Int32,
        _ column: Int32
    ) -> Value? {
        guard unsafe PQgetisnull(handle, row, column) == 0 else { return Value.null }
        guard let text = unsafe PQgetvalue(handle, row, column) else { return nil }
        let length = unsafe Int(PQgetlength(handle, row, column))
        return unsafe Value(column: Column(UnsafeRawBufferPointer(start: text, count: length)))
    }
}

extension Answer {
    /// All rows, each read by the query's closure.
    func rows<Row>(of query: Query<Row>) throws -> [Row] {
        guard let reading = query.reading else { return [] }
        var rows: [Row] = []
        rows.reserveCapacity(rowCount)
        for index in 0..<rowCount {
            var reader = RowReader(self, row: index, statement: query.sql.text)
            rows.append(try reading(&reader))
            try reader.finish()
        }
        return rows
    }
}
