package import Ambient
package import PostgreSQL
package import Recovery
package import Reporting

/// Findings: every revision is a row, the newest one is how it stands.
package enum ReportFindingStatements {
    private static let columns: SQL = """
        f.finding_id, f.execution_id, e.plan_name, f.title, f.detail, f.severity, f.cause, f.owner,
        to_char(f.due_on, 'YYYY-MM-DD'), f.ticket, f.risk_acceptance, f.retest_execution_id, f.state,
        EXISTS (SELECT FROM finding o JOIN execution x ON x.execution_id = o.execution_id
                 WHERE x.plan_id = e.plan_id AND x.started_at < e.started_at AND lower(o.cause) = lower(f.cause)),
        b.changed_by, b.changed_at, f.changed_by, f.changed_at, f.revision
        """
    /// `f` is the newest revision, `b` the first, `e` the execution.
    private static let tables: SQL = """
        finding f JOIN finding b ON b.finding_id = f.finding_id AND b.revision = 1
                  JOIN execution e ON e.execution_id = f.execution_id
        """
    private static let isNewest: SQL = """
        NOT EXISTS (SELECT FROM finding n WHERE n.finding_id = f.finding_id AND n.revision > f.revision)
        """

    /// What a list is narrowed to.
    package struct Filter: Sendable {
        package var executionId: Execution.ID?
        package var state: ReportFinding.State?
        package var severity: ReportFinding.Severity?
        /// Only open ones that were due before this day.
        package var dueBefore: Instant?
        /// All accounts of the execution must be among these; nil: all.
        package var scope: [AccountNumber]?

        package init(
            executionId: Execution.ID? = nil,
            state: ReportFinding.State? = nil,
            severity: ReportFinding.Severity? = nil,
            dueBefore: Instant? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.executionId = executionId
            self.state = state
            self.severity = severity
            self.dueBefore = dueBefore
            self.scope = scope
        }
    }

    private static func isVisible(within scope: [AccountNumber]?) -> SQL {
        let scope = scope?.map(\.rawValue)
        return """
            (\(scope)::text[] IS NULL
             OR NOT EXISTS (SELECT FROM execution_place p
                             WHERE p.execution_id = f.execution_id AND p.account_id <> ALL (\(scope))))
            """
    }

    /// A page of findings, the newest first.
    package static func list(_ filter: Filter, before last: ReportFinding.ID?, limit: Int) -> Query<ReportFinding> {
        Query(
            """
            SELECT \(columns) FROM \(tables)
             WHERE \(isNewest) AND \(isVisible(within: filter.scope))
               AND (\(filter.executionId)::uuid IS NULL OR f.execution_id = \(filter.executionId))
               AND (\(filter.state)::text IS NULL OR f.state = \(filter.state))
               AND (\(filter.severity)::text IS NULL OR f.severity = \(filter.severity))
               AND (\(filter.dueBefore)::timestamptz IS NULL
                    OR f.state = 'OPEN' AND f.due_on < (\(filter.dueBefore) AT TIME ZONE 'UTC')::date)
               AND (\(last)::uuid IS NULL OR f.finding_id < \(last))
             ORDER BY f.finding_id DESC LIMIT \(limit)
            """,
            reading: ReportFinding.init(row:)
        )
    }

    package static func find(_ id: ReportFinding.ID, within scope: [AccountNumber]?) -> Query<ReportFinding> {
        Query(
            """
            SELECT \(columns) FROM \(tables)
             WHERE f.finding_id = \(id) AND \(isNewest) AND \(isVisible(within: scope))
            """,
            reading: ReportFinding.init(row:)
        )
    }

    /// Adds a revision; the same number twice is refused by `finding_revision_once`.
    package static func insert(_ finding: ReportFinding) -> Statement {
        Statement(
            """
            INSERT INTO finding (finding_id, revision, execution_id, title, detail, severity, cause, owner, due_on,
                                 ticket, risk_acceptance, retest_execution_id, state, changed_by, changed_at)
            VALUES (\(finding.findingId), \(finding.revision), \(finding.executionId), \(finding.title),
                    \(finding.detail), \(finding.severity), \(finding.cause), \(finding.owner),
                    to_date(\(finding.dueOn), 'YYYY-MM-DD'), \(finding.ticket), \(finding.riskAcceptance),
                    \(finding.retestExecutionId), \(finding.state), \(finding.changedBy), \(finding.changedAt))
            """
        )
    }

    /// The accounts of an execution, hidden or not: whether somebody may see its report is decided by these.
    package static func accounts(of id: Execution.ID) -> Query<[AccountNumber]> {
        Query(
            """
            SELECT ARRAY(SELECT DISTINCT account_id FROM execution_place WHERE execution_id = \(id) ORDER BY 1)
              FROM execution WHERE execution_id = \(id)
            """
        ) { row in try row.readLabels() }
    }
}

extension ReportFinding {
    fileprivate init(row: inout RowReader) throws {
        self.init(
            findingId: try row.read(),
            executionId: try row.read(),
            planName: try row.read(),
            title: try row.read(),
            detail: try row.read(),
            severity: try row.read(),
            cause: try row.read(),
            owner: try row.read(),
            dueOn: try row.read(),
            ticket: try row.read(),
            riskAcceptance: try row.read(),
            retestExecutionId: try row.read(),
            state: try row.read(),
            isRepeat: try row.read(),
            createdBy: try row.read(),
            createdAt: try row.read(),
            changedBy: try row.read(),
            changedAt: try row.read(),
            revision: try row.read()
        )
    }
}
