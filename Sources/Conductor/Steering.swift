internal import Ambient
internal import Logging
internal import PostgreSQL
package import Recovery
internal import Store

extension Conductor {
    /// Does what a person asks of an execution, if it can be done now.
    ///
    /// - Throws: `Refusal`, or `UnknownExecution`; then nothing has changed.
    package func steer(
        _ id: Execution.ID,
        _ request: Execution.Request,
        _ event: Execution.Event
    ) async throws -> Execution {
        try await turn(of: id) { turn, _ in
            if let refusal = turn.execution.refusal(of: request) { throw refusal }
            turn.receive(event)
        }
        guard let execution = try await execution(id) else { throw UnknownExecution(id: id) }
        return execution
    }

    /// Launches failed servers once more; an execution that has ended goes on.
    ///
    /// - Throws: `Refusal`, also when something else uses its servers by now; `UnknownExecution`.
    package func retry(_ selection: Execution.Selection, of id: Execution.ID, by person: String) async throws {
        try await turn(of: id) { turn, _ in
            if let refusal = turn.execution.refusal(of: .retry(selection)) { throw refusal }
            turn.receive(.retryRequested(turn.execution.servers(of: selection, whileWaiting: false), by: person))
        }
    }

    /// Leaves servers out, with the reason; an execution that has ended goes on.
    ///
    /// - Throws: `Refusal`, also when something else uses its servers by now; `UnknownExecution`.
    package func skip(
        _ selection: Execution.Selection,
        of id: Execution.ID,
        by person: String,
        because reason: String
    ) async throws {
        try await turn(of: id) { turn, _ in
            if let refusal = turn.execution.refusal(of: .skip(selection)) { throw refusal }
            let servers = turn.execution.servers(of: selection, whileWaiting: true)
            turn.receive(.skipRequested(servers, by: person, reason: reason))
        }
    }

    /// Has a server that is not started launched from another recovery point; nil: from its latest data.
    ///
    /// - Throws: `Refusal`, also when a spoke has its launch already; `UnknownExecution`.
    package func replaceRecoveryPoint(
        of server: SourceServerID,
        by snapshot: RecoverySnapshotID?,
        in id: Execution.ID,
        person: String,
        because reason: String,
        checking check: @Sendable (_ version: Int) throws -> Void = { _ in }
    ) async throws {
        try await turn(of: id) { turn, transaction in
            if let version = try await transaction.first(ExecutionStatements.version(of: id)) { try check(version) }
            if let refusal = turn.execution.refusal(of: .replaceRecoveryPoint(server)) { throw refusal }
            if let job = turn.execution.queuedJob(of: server),
                try await transaction.first(CommandStatements.keepBack(job.key.text)) == nil
            {
                throw Execution.started(server, "a spoke has its launch")
            }
            turn.receive(.recoveryPointReplaced(server, snapshot, by: person, reason: reason))
        }
    }

    /// Puts a remark on the timeline.
    package func note(_ text: String, on id: Execution.ID, by person: String) async throws {
        try await turn(of: id) { turn, _ in turn.receive(.noted(by: person, text: text)) }
    }

    /// Fires an execution's due timers.
    func fireTimers(of id: Execution.ID) async throws {
        try await turn(of: id) { turn, transaction in
            for alarm in try await transaction.run(TimerStatements.take(of: id, at: turn.now)) {
                switch alarm {
                case .jobTimedOut(let key): turn.receive(.jobTimedOut(key))
                case .pauseExpired(let wave): turn.receive(.pauseExpired(wave: wave))
                case nil: logger.error("a timer that nobody understands was dropped", metadata: ["execution": "\(id)"])
                }
            }
        }
    }
}
