package import Ambient
package import PostgreSQL
package import Recovery
package import Reporting

/// Reports as they were made: added, read, and never changed.
package enum ReportStatements {
    /// A report of an execution, without its content.
    package struct Version: Sendable, Hashable {
        package var reportId: Identifier<Report>
        package var executionId: Execution.ID
        package var version: Int
        package var why: String
        package var madeBy: String
        package var madeAt: Instant
        package var sealDocument: String
        package var signature: String
        package var isPrinted: Bool
    }

    /// One that is to be kept.
    package struct New: Sendable {
        package var reportId: Identifier<Report>
        package var executionId: Execution.ID
        package var version: Int
        package var occasion: String
        package var why: String
        package var madeBy: String
        package var madeAt: Instant
        package var document: String
        package var sealDocument: String
        package var signature: String

        package init(_ report: Report, _ seal: ReportSeal, id: Identifier<Report>, occasion: String) {
            reportId = id
            executionId = report.identity.executionId
            version = report.identity.version
            self.occasion = occasion
            why = report.identity.why
            madeBy = report.identity.madeBy
            madeAt = report.identity.madeAt
            document = seal.content ?? report.text
            sealDocument = seal.document
            signature = seal.signature
        }
    }

    /// Lets one report of an execution be made after the other; the lock goes with the transaction.
    package static func lock(_ id: Execution.ID) -> Query<Bool> {
        let name: String = "report \(id)"
        return Query("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0)) IS NOT NULL", as: Bool.self)
    }

    /// How many reports there are of an execution, and whether one was made for an occasion.
    package static func standing(of id: Execution.ID, _ occasion: String) -> Query<(versions: Int, isMade: Bool)> {
        Query(
            """
            SELECT coalesce(max(version), 0), coalesce(bool_or(occasion = \(occasion)), false)
              FROM report WHERE execution_id = \(id)
            """
        ) { row in (try row.read(), try row.read()) }
    }

    package static func insert(_ new: New) -> Statement {
        Statement(
            """
            INSERT INTO report (report_id, execution_id, version, occasion, why, made_by, made_at, document,
                                seal_document, signature)
            VALUES (\(new.reportId), \(new.executionId), \(new.version), \(new.occasion), \(new.why), \(new.madeBy),
                    \(new.madeAt), \(new.document), \(new.sealDocument), \(new.signature))
            """
        )
    }

    /// The versions of an execution's report, the newest first.
    package static func versions(of id: Execution.ID, before version: Int?, limit: Int) -> Query<Version> {
        let page: SQL = version.map { "AND r.version < \($0)" } ?? ""
        return Query(
            """
            SELECT r.report_id, r.execution_id, r.version, r.why, r.made_by, r.made_at, r.seal_document, r.signature,
                   EXISTS (SELECT FROM report_print p WHERE p.report_id = r.report_id)
              FROM report r WHERE r.execution_id = \(id) \(page) ORDER BY r.version DESC LIMIT \(limit)
            """,
            reading: Version.init(row:)
        )
    }

    /// A version with its content; nil: the newest.
    package static func document(
        of id: Execution.ID,
        version: Int?
    ) -> Query<(reportId: Identifier<Report>, document: String, seal: String, signature: String)> {
        let which: SQL = version.map { "AND version = \($0)" } ?? ""
        return Query(
            """
            SELECT report_id, document, seal_document, signature FROM report
             WHERE execution_id = \(id) \(which) ORDER BY version DESC LIMIT 1
            """
        ) { row in (try row.read(), try row.read(), try row.read(), try row.read()) }
    }

    /// A report as PDF.
    package static func pdf(of id: Identifier<Report>) -> Query<[UInt8]> {
        Query("SELECT pdf FROM report_print WHERE report_id = \(id)") { row in try row.read() }
    }

    /// Keeps a report as PDF; the first one stays.
    package static func keep(_ pdf: [UInt8], of id: Identifier<Report>, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO report_print (report_id, pdf, made_at) VALUES (\(id), \(pdf), \(now)) ON CONFLICT DO NOTHING
            """
        )
    }

    /// Reports made after a moment that nobody has printed, the oldest first.
    package static func unprinted(
        after moment: Instant,
        limit: Int
    ) -> Query<(executionId: Execution.ID, version: Int, reportId: Identifier<Report>)> {
        Query(
            """
            SELECT r.execution_id, r.version, r.report_id FROM report r
             WHERE r.made_at > \(moment) AND NOT EXISTS (SELECT FROM report_print p WHERE p.report_id = r.report_id)
             ORDER BY r.made_at LIMIT \(limit)
            """
        ) { row in (try row.read(), try row.read(), try row.read()) }
    }

    /// An ended execution of which something has no report yet.
    package struct Due: Sendable, Hashable {
        package var executionId: Execution.ID
        package var occasion: String
        package var isCleanUp: Bool
    }

    /// What ended after a moment and has no report of its end, or of the end of its clean-up.
    package static func due(endedAfter moment: Instant, limit: Int) -> Query<Due> {
        Query(
            """
            SELECT d.execution_id, d.occasion, d.is_clean_up
              FROM (SELECT e.execution_id, 'ENDED ' || to_char(e.ended_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS'),
                           false, e.ended_at
                      FROM execution e WHERE e.ended_at > \(moment)
                     UNION ALL
                    SELECT e.execution_id, 'CLEANED UP ' || (e.control -> 'cleanUp' ->> 'attempt')
                                           || ' ' || (e.control -> 'cleanUp' ->> 'state'),
                           true, e.ended_at
                      FROM execution e
                     WHERE e.ended_at > \(moment) AND e.control -> 'cleanUp' ->> 'state' IN ('COMPLETED', 'PARTIAL'))
                   AS d (execution_id, occasion, is_clean_up, ended_at)
             WHERE NOT EXISTS (SELECT FROM report r
                                WHERE r.execution_id = d.execution_id AND r.occasion = d.occasion)
             ORDER BY d.ended_at, d.is_clean_up LIMIT \(limit)
            """
        ) { row in Due(executionId: try row.read(), occasion: try row.read(), isCleanUp: try row.read()) }
    }
}

extension ReportStatements.Version {
    fileprivate init(row: inout RowReader) throws {
        self.init(
            reportId: try row.read(),
            executionId: try row.read(),
            version: try row.read(),
            why: try row.read(),
            madeBy: try row.read(),
            madeAt: try row.read(),
            sealDocument: try row.read(),
            signature: try row.read(),
            isPrinted: try row.read()
        )
    }
}
