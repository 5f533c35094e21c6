package import Ambient
package import Contract
internal import JSON
internal import Logging
internal import PostgreSQL
internal import Recovery
package import Store

extension Conductor {
    /// Leases commands that are ready to the spoke of a session, in whose accounts and Regions they are.
    package func lease(for session: Identifier<AgentSession>) async throws -> [AgentCommand] {
        let now = ambient.now
        let stored = try await pool.run(
            CommandStatements.lease(for: session, limit: WorkLease.limit, until: now + WorkLease.time, at: now)
        )
        return readable(stored)
    }

    /// What is leased to a session already.
    ///
    /// A stream that opens gets it first, for the stream before may have lost it; the spoke ignores what it knows.
    package func leased(to session: Identifier<AgentSession>) async throws -> [AgentCommand] {
        readable(try await pool.run(CommandStatements.leased(to: session)))
    }

    private func readable(_ stored: [CommandStatements.Stored]) -> [AgentCommand] {
        stored.compactMap { command in
            do {
                return try Self.command(command)
            } catch {
                // Only a hub of another version can have written it; its own replicas understand it.
                logger.error("a command cannot be read", metadata: ["command": "\(command.key)", "reason": "\(error)"])
                return nil
            }
        }
    }

    /// Renews a session's leases, of the work that its spoke has in hand; nil: of all.
    package func renewLeases(of session: Identifier<AgentSession>, holding: [ProgressBatch.Held]?) async throws {
        let held = holding?.map { (id: Identifier<CommandStatements.StoredCommand>($0.commandId.uuid), term: $0.term) }
        try await pool.execute(
            CommandStatements.renew(session, holding: held, until: ambient.now + WorkLease.time)
        )
    }

    private static func command(_ stored: CommandStatements.Stored) throws -> AgentCommand {
        guard let kind = AgentCommand.Kind(rawValue: stored.kind) else { throw UnknownKind(text: stored.kind) }
        let body = try JSON(parsing: stored.body.utf8)
        let work: AgentCommand.Work
        switch kind {
        case .launch:
            var launch = try body.decoded(as: Launch.self)
            launch.mayStart = stored.isBarred ? false : nil
            launch.settleSeconds = WorkLease.settleSeconds(isUnclear: stored.isUnclear)
            work = .launch(launch)
        case .terminateInstances: work = .terminateInstances(try body.decoded())
        case .syncInventory: work = .syncInventory(try body.decoded())
        case .validateAccess: work = .validateAccess(try body.decoded())
        case .checkServers: work = .checkServers(try body.decoded())
        case .publish: work = .publish(try body.decoded())
        }
        return AgentCommand(
            commandId: AgentCommand.ID(stored.commandId.uuid),
            attempt: stored.attempt,
            term: stored.term,
            accountId: stored.place.accountId,
            region: stored.place.region,
            deadline: stored.leaseUntil ?? Instant(milliseconds: 0),
            trace: stored.trace.flatMap(TraceContext.init),
            work: work
        )
    }

    private struct UnknownKind: Error {
        let text: String
    }
}
