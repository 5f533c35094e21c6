package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

/// A target with what is shown beside it.
package struct NotificationTargetStanding: Sendable {
    package var target: NotificationTarget
    package var hasSecret: Bool
    /// Messages that were given up.
    package var deadDeliveries: Int
    /// Notices that no message holds yet, and messages that are on their way.
    package var waiting: Int
    package var lastDeliveredAt: Instant?
}

extension NotificationTarget {
    static let columns: SQL = """
        t.target_id, t.target_name, t.description, t.kind, t.address, t.event_kinds, t.account_ids, t.plan_ids,
        t.is_enabled, t.created_at, t.modified_at, t.created_by, t.revision
        """

    init(row: inout RowReader) throws {
        let (id, name, description) = (try row.read(ID.self), try row.read(String.self), try row.read(String.self))
        let address = try Address(kind: row.read(Kind.self), document: row.read(JSON.self))
        self.init(
            targetId: id,
            targetName: name,
            description: description,
            address: address,
            // A kind that is none any more is asked for by nobody.
            eventKinds: try row.read([String].self).compactMap(Notice.Kind.init(rawValue:)),
            accounts: try row.read([String]?.self).map { $0.compactMap(AccountNumber.init(rawValue:)) },
            plans: try row.read(),
            isEnabled: try row.read(),
            createdDate: try row.read(),
            lastModifiedDate: try row.read(),
            createdBy: try row.read(),
            revision: try row.read()
        )
    }

    private static let standing: SQL = """
        SELECT \(columns), t.secret IS NOT NULL,
               (SELECT count(*) FROM notification_delivery d WHERE d.target_id = t.target_id AND d.state = 'DEAD'),
               (SELECT count(*) FROM notification n WHERE n.target_id = t.target_id AND n.delivery_id IS NULL)
             + (SELECT count(*) FROM notification_delivery d WHERE d.target_id = t.target_id AND d.ended_at IS NULL),
               (SELECT max(d.ended_at) FROM notification_delivery d
                 WHERE d.target_id = t.target_id AND d.state = 'DELIVERED')
          FROM notification_target t
        """

    private static func read(_ row: inout RowReader) throws -> NotificationTargetStanding {
        try NotificationTargetStanding(
            target: NotificationTarget(row: &row),
            hasSecret: row.read(),
            deadDeliveries: row.read(),
            waiting: row.read(),
            lastDeliveredAt: row.read()
        )
    }

    /// A page of targets by name, without regard to case.
    package static func list(
        text: String?,
        after last: (name: String, id: ID)?,
        limit: Int
    ) -> Query<NotificationTargetStanding> {
        let page: SQL = last.map { "AND (lower(t.target_name), t.target_id) > (lower(\($0.name)), \($0.id))" } ?? ""
        return Query(
            """
            \(standing)
             WHERE (\(text)::text IS NULL OR strpos(lower(t.target_name), lower(\(text))) > 0) \(page)
             ORDER BY lower(t.target_name), t.target_id LIMIT \(limit)
            """
        ) { row in try read(&row) }
    }

    /// One target.
    package static func find(_ id: ID) -> Query<NotificationTargetStanding> {
        Query("\(standing) WHERE t.target_id = \(id)") { row in try read(&row) }
    }

    /// One target and its sealed secret, kept from being changed until the transaction ends.
    package static func lock(_ id: ID) -> Query<(target: NotificationTarget, secret: [UInt8]?)> {
        Query(
            "SELECT \(columns), t.secret FROM notification_target t WHERE t.target_id = \(id) FOR UPDATE"
        ) { row in (try NotificationTarget(row: &row), try row.read()) }
    }

    /// How many there are.
    package static let count = Query("SELECT count(*) FROM notification_target", as: Int.self)

    /// Adds the target.
    package func insert(secret: [UInt8]?) -> Statement {
        Statement(
            """
            INSERT INTO notification_target (target_id, target_name, description, kind, address, secret, event_kinds,
                                             account_ids, plan_ids, is_enabled, rests_until, created_at, modified_at,
                                             created_by)
            VALUES (\(targetId), \(targetName), \(description), \(address.kind), \(address.document), \(secret),
                    \(eventKinds.map(\.rawValue)), \(accounts?.map(\.rawValue)), \(plans), \(isEnabled),
                    \(createdDate), \(createdDate), \(lastModifiedDate), \(createdBy))
            """
        )
    }

    /// Replaces what is said of the target.
    package func update(secret: [UInt8]?) -> Statement {
        Statement(
            """
            UPDATE notification_target
               SET target_name = \(targetName), description = \(description), kind = \(address.kind),
                   address = \(address.document), secret = \(secret), event_kinds = \(eventKinds.map(\.rawValue)),
                   account_ids = \(accounts?.map(\.rawValue)), plan_ids = \(plans), is_enabled = \(isEnabled),
                   modified_at = \(lastModifiedDate), revision = revision + 1
             WHERE target_id = \(targetId)
            """
        )
    }

    /// Removes a target with all that was meant for it.
    package static func delete(_ id: ID) -> [Statement] {
        [
            Statement("DELETE FROM notification WHERE target_id = \(id)"),
            Statement("DELETE FROM notification_target WHERE target_id = \(id)"),
        ]
    }
}

extension NotificationTarget.Address {
    init(kind: NotificationTarget.Kind, document: JSON) throws {
        switch kind {
        case .webhook: self = .webhook(try document.decoded())
        case .topic: self = .topic(try document.decoded())
        case .mail: self = .mail(try document.decoded())
        }
    }

    var document: JSON {
        switch self {
        case .webhook(let webhook): JSON(document: webhook)
        case .topic(let topic): JSON(document: topic)
        case .mail(let mail): JSON(document: mail)
        }
    }
}
