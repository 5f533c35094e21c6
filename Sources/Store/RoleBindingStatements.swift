package import PostgreSQL
package import Recovery

extension RoleBinding {
    private static let columns: SQL = """
        b.binding_id, b.kind, b.name, b.role, b.account_ids, b.description, b.created_at, b.modified_at, b.created_by,
        b.revision
        """

    private init(row: inout RowReader) throws {
        self.init(
            bindingId: try row.read(),
            kind: try row.read(),
            name: try row.read(),
            role: try row.read(),
            accounts: try row.read([String]?.self).map { texts in
                // A number that is none covers nothing, so that leaving it out takes nothing away.
                texts.compactMap(AccountNumber.init(rawValue:))
            },
            description: try row.read(),
            createdDate: try row.read(),
            lastModifiedDate: try row.read(),
            createdBy: try row.read(),
            revision: try row.read()
        )
    }

    /// What a list is narrowed to.
    package struct Filter: Sendable {
        package var kind: Kind?
        package var role: Role?
        package var text: String?
        /// The accounts of which the caller may see bindings; nil: all.
        package var scope: [AccountNumber]?

        package init(
            kind: Kind? = nil,
            role: Role? = nil,
            text: String? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.kind = kind
            self.role = role
            self.text = text
            self.scope = scope
        }
    }

    /// Whether the binding `b` reaches an account of the scope.
    private static func isVisible(within scope: [AccountNumber]?) -> SQL {
        let scope = scope?.map(\.rawValue)
        return "(\(scope)::text[] IS NULL OR b.account_ids IS NULL OR b.account_ids && \(scope))"
    }

    /// A page of bindings by name.
    package static func list(_ filter: Filter, after last: (name: String, id: ID)?, limit: Int) -> Query<RoleBinding> {
        let page: SQL = last.map { "AND (b.name, b.binding_id) > (\($0.name), \($0.id))" } ?? ""
        return Query(
            """
            SELECT \(columns) FROM role_binding b
             WHERE \(isVisible(within: filter.scope))
               AND (\(filter.kind)::text IS NULL OR b.kind = \(filter.kind))
               AND (\(filter.role)::text IS NULL OR b.role = \(filter.role))
               AND (\(filter.text)::text IS NULL OR strpos(lower(b.name), lower(\(filter.text))) > 0)
               \(page)
             ORDER BY b.name, b.binding_id LIMIT \(limit)
            """,
            reading: RoleBinding.init(row:)
        )
    }

    /// All of them: there are few, and access is worked out from them together.
    package static let all = Query<RoleBinding>(
        "SELECT \(columns) FROM role_binding b ORDER BY b.name, b.binding_id",
        reading: RoleBinding.init(row:)
    )

    /// One binding, if the caller may see it.
    package static func find(_ id: ID, within scope: [AccountNumber]?) -> Query<RoleBinding> {
        Query(
            "SELECT \(columns) FROM role_binding b WHERE b.binding_id = \(id) AND \(isVisible(within: scope))",
            reading: RoleBinding.init(row:)
        )
    }

    /// One binding, locked until the transaction ends.
    package static func lock(_ id: ID) -> Query<RoleBinding> {
        Query(
            "SELECT \(columns) FROM role_binding b WHERE b.binding_id = \(id) FOR UPDATE",
            reading: RoleBinding.init(row:)
        )
    }

    /// Lets one change of bindings wait for another, so that each is judged by all that hold.
    package static let lockAll = Statement("LOCK TABLE role_binding IN SHARE ROW EXCLUSIVE MODE")

    /// Adds the binding.
    package var insert: Statement {
        Statement(
            """
            INSERT INTO role_binding (binding_id, kind, name, role, account_ids, description, created_at, modified_at,
                                      created_by)
            VALUES (\(bindingId), \(kind), \(name), \(role), \(accounts?.map(\.rawValue)), \(description),
                    \(createdDate), \(lastModifiedDate), \(createdBy))
            """
        )
    }

    /// Replaces what is said of the binding.
    package var update: Statement {
        Statement(
            """
            UPDATE role_binding
               SET kind = \(kind), name = \(name), role = \(role), account_ids = \(accounts?.map(\.rawValue)),
                   description = \(description), modified_at = \(lastModifiedDate), revision = revision + 1
             WHERE binding_id = \(bindingId)
            """
        )
    }

    /// Removes the binding.
    package static func delete(_ id: ID) -> Statement {
        Statement("DELETE FROM role_binding WHERE binding_id = \(id)")
    }

    /// Those of the accounts that are not registered.
    package static func unknown(among accounts: [AccountNumber]) -> Query<String> {
        Query(
            """
            SELECT q.id FROM unnest(\(accounts.map(\.rawValue))) q (id)
             WHERE NOT EXISTS (SELECT FROM account a WHERE a.account_id = q.id) ORDER BY 1
            """,
            as: String.self
        )
    }
}
