package import Ambient
package import Audit
package import PostgreSQL
package import Recovery

/// Reading the audit: what a person asks for, and all of it for verification and export.
package enum AuditReading {
    /// What a list is narrowed to.
    package struct Filter: Sendable {
        package var principal: String?
        package var action: String?
        package var subjectId: String?
        package var outcome: AuditEvent.Outcome?
        package var from: Instant?
        package var to: Instant?
        /// The accounts that the caller may see; nil: all.
        package var scope: [AccountNumber]?
        /// Who asks: their own deeds they may see wherever.
        package var asker: String

        package init(
            principal: String? = nil,
            action: String? = nil,
            subjectId: String? = nil,
            outcome: AuditEvent.Outcome? = nil,
            from: Instant? = nil,
            to: Instant? = nil,
            scope: [AccountNumber]? = nil,
            asker: String
        ) {
            self.principal = principal
            self.action = action
            self.subjectId = subjectId
            self.outcome = outcome
            self.from = from
            self.to = to
            self.scope = scope
            self.asker = asker
        }

        fileprivate var sql: SQL {
            let scope = scope?.map(\.rawValue)
            return """
                (\(scope)::text[] IS NULL OR a.account_ids && \(scope) OR a.principal = \(asker))
                AND (\(principal)::text IS NULL OR a.principal = \(principal))
                AND (\(action)::text IS NULL OR a.action = \(action))
                AND (\(subjectId)::text IS NULL OR a.subject_id = \(subjectId))
                AND (\(outcome)::text IS NULL OR a.outcome = \(outcome))
                AND (\(from)::timestamptz IS NULL OR a.at >= \(from))
                AND (\(to)::timestamptz IS NULL OR a.at < \(to))
                """
        }
    }

    /// A page of events, the newest first, each with its number in the chain once it is sealed.
    package static func list(
        _ filter: Filter,
        after last: (at: Instant, id: AuditEvent.ID)?,
        limit: Int
    ) -> Query<(text: String, sequence: Int?)> {
        let page: SQL = last.map { "AND (a.at, a.event_id) < (\($0.at), \($0.id))" } ?? ""
        return Query(
            """
            SELECT a.event, s.sequence FROM audit_event a LEFT JOIN audit_seal s ON s.event_id = a.event_id
             WHERE \(filter.sql) \(page) ORDER BY a.at DESC, a.event_id DESC LIMIT \(limit)
            """
        ) { row in (try row.read(), try row.read()) }
    }

    /// A link of the chain as it is stored, and whether the event's columns say what its text says.
    package struct StoredLink: Sendable {
        package var link: AuditVerifier.Link
        /// The event as its columns have it; nil where it is gone.
        package var columns: AuditEvent?

        /// Whether the columns, by which events are found, are those of the text.
        package var hasItsColumns: Bool {
            guard case .text(let text) = link.content, var event = AuditEvent(text: text) else { return true }
            event.changes = []
            return event == columns
        }
    }

    /// Links of the chain after a number, in their order.
    package static func links(after sequence: Int, limit: Int) -> Query<StoredLink> {
        Query(
            """
            SELECT s.sequence, s.event_id, s.hash, a.event, a.at, a.principal, a.action, a.subject_kind, a.subject_id,
                   a.account_ids, a.source_address, a.request_id, a.outcome, a.old_revision, a.new_revision, a.detail
              FROM audit_seal s LEFT JOIN audit_event a ON a.event_id = s.event_id
             WHERE s.sequence > \(sequence) ORDER BY s.sequence LIMIT \(limit)
            """
        ) { row in
            let (sequence, id, hash) = (
                try row.read(Int.self), try row.read(AuditEvent.ID.self), try row.read(String.self)
            )
            let text = try row.read(String?.self)
            let link = AuditVerifier.Link(
                sequence: sequence,
                eventId: id.description,
                hash: hash,
                content: text.map { .text($0) } ?? .gone
            )
            return StoredLink(link: link, columns: try AuditEvent(columns: &row, id: id))
        }
    }

    /// Heads after a number, in their order.
    package static func heads(after number: Int, limit: Int) -> Query<StoredHead> {
        Query(
            """
            SELECT document, signature, number, sequence FROM audit_head
             WHERE number > \(number) ORDER BY number LIMIT \(limit)
            """
        ) { row in
            StoredHead(
                signed: try AuditSealStatements.signed(row: &row),
                number: try row.read(),
                sequence: try row.read()
            )
        }
    }

    /// A head with the columns by which it is found.
    package struct StoredHead: Sendable {
        package var signed: SignedHead
        package var number: Int
        package var sequence: Int
    }

    /// The first link and the first head that are there.
    package static let firsts = Query<(link: Int?, head: Int?)>(
        "SELECT (SELECT min(sequence) FROM audit_seal), (SELECT min(number) FROM audit_head)"
    ) { row in (try row.read(), try row.read()) }

    /// Events that no seal covers yet.
    package static let unsealed = Query<String>(
        """
        SELECT a.event FROM audit_event a
         WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.event_id = a.event_id) ORDER BY a.at, a.event_id
        """,
        as: String.self
    )

    /// Sealed events of an action, the newest first.
    package static func sealed(_ action: String, limit: Int) -> Query<String> {
        Query(
            """
            SELECT a.event FROM audit_event a JOIN audit_seal s ON s.event_id = a.event_id
             WHERE a.action = \(action) ORDER BY a.at DESC, a.event_id DESC LIMIT \(limit)
            """,
            as: String.self
        )
    }
}

extension AuditEvent {
    /// Reads the columns after the event's text; nil where the row is gone, or a column is not what a hub writes.
    fileprivate init?(columns row: inout RowReader, id: ID) throws {
        let (at, principal, action) = (
            try row.read(Instant?.self), try row.read(String?.self), try row.read(String?.self)
        )
        let (kind, subject) = (try row.read(String?.self), try row.read(String?.self))
        let accounts = try row.read([String]?.self)
        let (address, request) = (try row.read(String?.self), try row.read(String?.self))
        let outcome = try row.read(String?.self).flatMap(Outcome.init(rawValue:))
        let (old, new) = (try row.read(Int?.self), try row.read(Int?.self))
        let detail = try row.read(String?.self)
        guard let at, let principal, let action, let accounts, let outcome else { return nil }
        self.init(
            eventId: id,
            at: at,
            principal: principal,
            action: action,
            subjectKind: kind,
            subjectId: subject,
            accounts: accounts.compactMap(AccountNumber.init(rawValue:)),
            sourceAddress: address,
            requestId: request,
            outcome: outcome,
            oldRevision: old,
            newRevision: new,
            detail: detail
        )
    }
}
