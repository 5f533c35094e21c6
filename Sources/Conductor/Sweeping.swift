package import Audit
internal import Ambient
internal import Contract
internal import JSON
internal import PostgreSQL
package import Recovery
internal import Store

extension Conductor {
    /// Has a spoke terminate an orphan, because a person says so.
    ///
    /// - Parameters:
    ///   - id: The recovery instance.
    ///   - deed: Who does it.
    /// - Returns: The orphan, its termination under way; nil when there is no such orphan.
    /// - Throws: `Refusal`.
    package func terminate(orphan id: String, as deed: Deed) async throws -> Orphan? {
        let now = ambient.now
        let found = try await pool.transaction { transaction -> Orphan? in
            guard let orphan = try await transaction.first(Orphan.lock(id)) else { return nil }
            if let refusal = orphan.terminationRefusal { throw refusal }
            let key = "orphan/\(id)/\(now.milliseconds)"
            try await transaction.execute([
                CommandStatements.insert(termination(of: orphan, key: key), at: now), Orphan.note(id, key: key),
                deed.done(
                    to: "RecoveryInstance",
                    id,
                    accounts: [orphan.place.accountId],
                    detail: "an orphan in \(orphan.place)"
                ).insert,
            ])
            return try await transaction.first(Orphan.find(id))
        }
        if let found { hints.send(.work(found.place.accountId)) }
        return found
    }

    private func termination(of orphan: Orphan, key: String) -> CommandStatements.New {
        let body = TerminateInstances(
            key: key,
            // No execution's: only the time in it is of use, from which on DRS's jobs are looked at.
            executionId: ambient.identifier(),
            jobIds: orphan.jobId.map { [$0] } ?? [],
            servers: orphan.sourceServerId.map {
                [.init(sourceServerId: $0, recoveryInstanceId: orphan.recoveryInstanceId)]
            } ?? []
        )
        return CommandStatements.New(
            commandId: ambient.identifier(),
            key: key,
            kind: AgentCommand.Kind.terminateInstances.rawValue,
            place: orphan.place,
            executionId: nil,
            state: "READY",
            isRecovery: false,
            serverCount: 1,
            body: JSON(document: body).text
        )
    }
}
