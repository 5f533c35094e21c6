package import Ambient
package import JSON
package import PostgreSQL
package import Recovery

/// Commands: work that is stored before any spoke sees it, and the leases under which spokes do it.
package enum CommandStatements {
    /// A command as the hub works with it.
    package struct Stored: Sendable {
        package var commandId: Identifier<StoredCommand>
        package var key: String
        package var kind: String
        package var place: Place
        package var executionId: Execution.ID?
        package var state: String
        package var body: String
        package var attempt: Int
        package var term: Int
        package var sequence: Int
        package var isUnclear: Bool
        package var isBarred: Bool
        package var leaseUntil: Instant?
        /// A `traceparent`; nil of commands from before there were any.
        package var trace: String?
    }

    /// What names a stored command.
    package enum StoredCommand {}

    private static let columns: SQL = """
        command_id, key, kind, account_id, region, execution_id, state, body, attempt, term, sequence, is_unclear,
        is_barred, lease_until, trace
        """

    private static func read(_ row: inout RowReader) throws -> Stored {
        try Stored(
            commandId: row.read(),
            key: row.read(),
            kind: row.read(),
            place: Place(accountId: row.read(), region: row.read()),
            executionId: row.read(),
            state: row.read(),
            body: row.read(),
            attempt: row.read(),
            term: row.read(),
            sequence: row.read(),
            isUnclear: row.read(),
            isBarred: row.read(),
            leaseUntil: row.read(),
            trace: row.read()
        )
    }

    /// What a new command says of itself.
    package struct New: Sendable {
        package var commandId: Identifier<StoredCommand>
        package var key: String
        package var kind: String
        package var place: Place
        package var executionId: Execution.ID?
        package var state: String
        package var isRecovery: Bool
        package var serverCount: Int
        package var body: String
        /// The step that orders it; nil: that which began its execution.
        package var trace: TraceContext?

        package init(
            commandId: Identifier<StoredCommand>,
            key: String,
            kind: String,
            place: Place,
            executionId: Execution.ID?,
            state: String,
            isRecovery: Bool,
            serverCount: Int,
            body: String,
            trace: TraceContext? = nil
        ) {
            self.commandId = commandId
            self.key = key
            self.kind = kind
            self.place = place
            self.executionId = executionId
            self.state = state
            self.isRecovery = isRecovery
            self.serverCount = serverCount
            self.body = body
            self.trace = trace
        }
    }

    /// Writes a command down; the same key again writes nothing.
    package static func insert(_ command: New, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO command (command_id, key, kind, account_id, region, execution_id, state, is_recovery,
                                 server_count, body, trace, not_before, created_at)
            VALUES (\(command.commandId), \(command.key), \(command.kind), \(command.place.accountId),
                    \(command.place.region), \(command.executionId), \(command.state), \(command.isRecovery),
                    \(command.serverCount), \(command.body),
                    coalesce(\(command.trace?.description),
                             (SELECT trace FROM execution WHERE execution_id = \(command.executionId))),
                    \(now), \(now))
                ON CONFLICT (key) DO NOTHING
            """
        )
    }

    /// Leases ready commands of the accounts and Regions that the session serves: RECOVERY first, then oldest first.
    ///
    /// A session that counts as lost gets none, though its stream stands (its machine sleeps, its process is stopped):
    /// it would only keep them from the spokes that live.
    package static func lease(
        for session: Identifier<AgentSession>,
        limit: Int,
        until deadline: Instant,
        at now: Instant
    ) -> Query<Stored> {
        Query(
            """
            UPDATE command
               SET state = 'LEASED', attempt = attempt + 1, term = term + 1, sequence = 0, session_id = \(session),
                   spoke_id = (SELECT spoke_id FROM agent_session WHERE session_id = \(session)),
                   lease_until = \(deadline)
             WHERE command_id IN (
                   SELECT command.command_id
                     FROM agent_session_account AS served
                     JOIN agent_session ON agent_session.session_id = served.session_id
                     JOIN spoke ON spoke.spoke_id = agent_session.spoke_id
                     JOIN command ON command.account_id = served.account_id AND command.region = ANY (served.regions)
                    WHERE served.session_id = \(session) AND NOT spoke.is_draining
                      AND agent_session.last_seen_at > \(now - Spoke.silence)
                      AND command.state = 'READY' AND command.not_before <= \(now)
                    ORDER BY command.is_recovery DESC, command.created_at
                    LIMIT \(limit)
                      FOR UPDATE OF command SKIP LOCKED)
            RETURNING \(columns)
            """,
            reading: read
        )
    }

    /// A lease that has more than this left of its time is not renewed: a heartbeat comes long before its end.
    private static let fresh: Duration = .seconds(10)

    /// What is leased to a session already: for a stream that opens, whose forerunner may have lost it on the way.
    package static func leased(to session: Identifier<AgentSession>) -> Query<Stored> {
        Query(
            "SELECT \(columns) FROM command WHERE session_id = \(session) AND state = 'LEASED' ORDER BY created_at",
            reading: read
        )
    }

    /// Renews the session's leases, of the work that the spoke has in hand: the heartbeat.
    ///
    /// What is not named was lost on the way, or forgotten: it runs out, and is given again under a new term.
    ///
    /// It need not survive a crash of PostgreSQL, for then the lease ends earlier, never later: so its commit waits for
    /// no disk. It must stand alone, outside any transaction.
    package static func renew(
        _ session: Identifier<AgentSession>,
        holding: [(id: Identifier<StoredCommand>, term: Int)]?,
        until deadline: Instant
    ) -> Statement {
        let (ids, terms) = (holding?.map(\.id), holding?.map(\.term))
        return Statement(
            """
            WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
            UPDATE command SET lease_until = \(deadline) FROM relaxed
             WHERE session_id = \(session) AND state = 'LEASED' AND lease_until < \(deadline - fresh)
               AND (\(ids)::uuid[] IS NULL
                    OR EXISTS (SELECT FROM unnest(\(ids), \(terms)) AS held (id, term)
                                WHERE held.id = command_id AND held.term = command.term))
            """
        )
    }

    /// The commands that reports are about, without locking them.
    package static func find(_ ids: [Identifier<StoredCommand>]) -> Query<Stored> {
        Query("SELECT \(columns) FROM command WHERE command_id = ANY (\(ids))", reading: read)
    }

    /// The same, locked in the order of their identifiers; the execution's row must be locked before.
    package static func lock(_ ids: [Identifier<StoredCommand>]) -> Query<Stored> {
        Query(
            "SELECT \(columns) FROM command WHERE command_id = ANY (\(ids)) ORDER BY command_id FOR UPDATE",
            reading: read
        )
    }

    /// Remembers how far the reports of the present term are stored.
    package static func acknowledge(_ id: Identifier<StoredCommand>, sequence: Int) -> Statement {
        Statement("UPDATE command SET sequence = \(sequence) WHERE command_id = \(id)")
    }

    /// Ends a command.
    package static func end(
        _ id: Identifier<StoredCommand>,
        as state: String,
        problem: (code: String, text: String)?,
        at now: Instant
    ) -> Statement {
        Statement(
            """
            UPDATE command
               SET state = \(state), ended_at = \(now), lease_until = NULL, session_id = NULL,
                   problem_code = \(problem?.code), problem_text = \(problem?.text)
             WHERE command_id = \(id) AND ended_at IS NULL
            """
        )
    }

    /// Puts a leased command back: it waits for capacity again, not before the given time.
    ///
    /// `isSettled`: its job was looked for and there is none, so that nothing is unclear any more, and nothing barred.
    package static func deferLaunch(
        _ id: Identifier<StoredCommand>,
        until notBefore: Instant,
        isUnclear: Bool,
        isSettled: Bool,
        code: String,
        text: String
    ) -> Statement {
        Statement(
            """
            UPDATE command
               SET state = CASE WHEN kind = 'LAUNCH' THEN 'QUEUED' ELSE 'READY' END, lease_until = NULL,
                   session_id = NULL, not_before = \(notBefore),
                   is_unclear = (is_unclear OR \(isUnclear)) AND NOT \(isSettled),
                   is_barred = is_barred AND NOT \(isSettled),
                   problem_code = \(code), problem_text = \(text)
             WHERE command_id = \(id) AND state = 'LEASED'
            """
        )
    }

    /// Gives back what spokes hold whose lease ended, or whose session is lost; their next attempt settles first.
    ///
    /// A session is lost 30 s after its last heartbeat or 2 s after its stream closed (the agent contract).
    package static func expireLeases(at now: Instant) -> Query<Place> {
        Query(
            """
            UPDATE command
               SET state = 'READY', lease_until = NULL, session_id = NULL, is_unclear = true
             WHERE state = 'LEASED'
               AND (lease_until < \(now)
                    OR NOT EXISTS (SELECT FROM agent_session
                                    WHERE agent_session.session_id = command.session_id
                                      AND last_seen_at > \(now - Spoke.silence)
                                      AND (stream_closed_at IS NULL OR stream_closed_at > \(now - Spoke.reopening))))
            RETURNING account_id, region
            """
        ) { row in try Place(accountId: row.read(), region: row.read()) }
    }

    /// How a command stands that somebody waits for.
    package struct Standing: Sendable {
        package var state: String
        package var problemCode: String?
        package var problemText: String?
        package var result: JSON?

        package var hasEnded: Bool { state == "DONE" || state == "FAILED" || state == "WITHDRAWN" }
    }

    package static func standing(ofKey key: String) -> Query<Standing> {
        Query("SELECT state, problem_code, problem_text, result FROM command WHERE key = \(key)") { row in
            try Standing(state: row.read(), problemCode: row.read(), problemText: row.read(), result: row.read())
        }
    }

    package static func keep(_ result: JSON, of id: Identifier<StoredCommand>) -> Statement {
        Statement("UPDATE command SET result = \(result) WHERE command_id = \(id)")
    }

    /// Forgets work that belongs to no execution and ended a while ago.
    package static func forget(endedBefore time: Instant) -> Statement {
        Statement("DELETE FROM command WHERE execution_id IS NULL AND ended_at < \(time)")
    }
}

/// What names a spoke's session; its token is never kept.
package enum AgentSession {}
