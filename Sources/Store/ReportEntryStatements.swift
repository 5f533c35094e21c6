package import Ambient
package import PostgreSQL
package import Recovery
package import Reporting

/// What people add to reports.
package enum ReportEntryStatements {
    private static let columns: SQL = """
        e.entry_id, e.execution_id, e.kind, e.text, e.name, e.role, e.entered_by, e.entered_at, w.withdrawn_by,
        w.withdrawn_at
        """

    /// The entries of an execution, the oldest first.
    package static func list(
        of id: Execution.ID,
        after last: (at: Instant, id: ReportEntry.ID)?,
        limit: Int
    ) -> Query<ReportEntry> {
        let page: SQL = last.map { "AND (e.entered_at, e.entry_id) > (\($0.at), \($0.id))" } ?? ""
        return Query(
            """
            SELECT \(columns) FROM report_entry e LEFT JOIN report_entry_withdrawal w ON w.entry_id = e.entry_id
             WHERE e.execution_id = \(id) \(page) ORDER BY e.entered_at, e.entry_id LIMIT \(limit)
            """,
            reading: ReportEntry.init(row:)
        )
    }

    package static func find(_ id: ReportEntry.ID, of execution: Execution.ID) -> Query<ReportEntry> {
        Query(
            """
            SELECT \(columns) FROM report_entry e LEFT JOIN report_entry_withdrawal w ON w.entry_id = e.entry_id
             WHERE e.entry_id = \(id) AND e.execution_id = \(execution)
            """,
            reading: ReportEntry.init(row:)
        )
    }

    package static func insert(_ entry: ReportEntry) -> Statement {
        Statement(
            """
            INSERT INTO report_entry (entry_id, execution_id, kind, text, name, role, entered_by, entered_at)
            VALUES (\(entry.entryId), \(entry.executionId), \(entry.kind), \(entry.text), \(entry.name), \(entry.role),
                    \(entry.by), \(entry.at))
            """
        )
    }

    /// Takes an entry back; it stays on record.
    package static func withdraw(_ id: ReportEntry.ID, by person: String, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO report_entry_withdrawal (entry_id, withdrawn_by, withdrawn_at)
            VALUES (\(id), \(person), \(now)) ON CONFLICT DO NOTHING
            """
        )
    }
}

extension ReportEntry {
    fileprivate init(row: inout RowReader) throws {
        self.init(
            entryId: try row.read(),
            executionId: try row.read(),
            kind: try row.read(),
            text: try row.read(),
            name: try row.read(),
            role: try row.read(),
            by: try row.read(),
            at: try row.read(),
            withdrawnBy: try row.read(),
            withdrawnAt: try row.read()
        )
    }
}
