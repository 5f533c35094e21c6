internal import Ambient
package import Audit
internal import JSON
internal import Logging
internal import PostgreSQL
package import Recovery
internal import Store

extension Conductor {
    /// Does what a person asks of an execution, if it can be done now.
    ///
    /// - Parameters:
    ///   - id: The execution.
    ///   - request: What is asked, for the refusal.
    ///   - event: The same for the machine.
    ///   - deed: Who asks.
    ///   - detail: What the audit says besides.
    /// - Returns: The execution after it.
    /// - Throws: `Refusal`, or `UnknownExecution`; then nothing has changed.
    package func steer(
        _ id: Execution.ID,
        _ request: Execution.Request,
        _ event: Execution.Event,
        as deed: Deed? = nil,
        saying detail: String? = nil
    ) async throws -> Execution {
        try await turn(of: id) { turn, transaction in
            if let refusal = turn.execution.refusal(of: request) { throw refusal }
            let before = turn.execution.status
            turn.receive(event)
            try await record(deed, on: turn.execution, since: before, saying: detail, in: transaction)
        }
        guard let execution = try await execution(id) else { throw UnknownExecution(id: id) }
        return execution
    }

    /// Launches failed servers once more; an execution that has ended goes on.
    ///
    /// - Throws: `Refusal`, also when something else uses its servers by now; `UnknownExecution`.
    package func retry(
        _ selection: Execution.Selection,
        of id: Execution.ID,
        by person: String,
        as deed: Deed? = nil
    ) async throws {
        try await turn(of: id) { turn, transaction in
            if let refusal = turn.execution.refusal(of: .retry(selection)) { throw refusal }
            let before = turn.execution.status
            turn.receive(.retryRequested(turn.execution.servers(of: selection, whileWaiting: false), by: person))
            try await record(deed, on: turn.execution, since: before, saying: selection.text, in: transaction)
        }
    }

    /// Leaves servers out, with the reason; an execution that has ended goes on.
    ///
    /// - Throws: `Refusal`, also when something else uses its servers by now; `UnknownExecution`.
    package func skip(
        _ selection: Execution.Selection,
        of id: Execution.ID,
        by person: String,
        because reason: String,
        as deed: Deed? = nil
    ) async throws {
        try await turn(of: id) { turn, transaction in
            if let refusal = turn.execution.refusal(of: .skip(selection)) { throw refusal }
            let servers = turn.execution.servers(of: selection, whileWaiting: true)
            let before = turn.execution.status
            turn.receive(.skipRequested(servers, by: person, reason: reason))
            let detail = "\(selection.text): \(reason)"
            try await record(deed, on: turn.execution, since: before, saying: detail, in: transaction)
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
        as deed: Deed? = nil,
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
            let before = turn.execution.status
            turn.receive(.recoveryPointReplaced(server, snapshot, by: person, reason: reason))
            let detail = "server \(server), \(snapshot?.rawValue ?? "its latest data"): \(reason)"
            try await record(deed, on: turn.execution, since: before, saying: detail, in: transaction)
        }
    }

    /// Puts a remark on the timeline.
    package func note(_ text: String, on id: Execution.ID, by person: String, as deed: Deed? = nil) async throws {
        try await turn(of: id) { turn, transaction in
            let before = turn.execution.status
            turn.receive(.noted(by: person, text: text))
            try await record(deed, on: turn.execution, since: before, saying: text, in: transaction)
        }
    }

    /// Fires an execution's due timers.
    func fireTimers(of id: Execution.ID) async throws {
        try await turn(of: id) { turn, transaction in
            for alarm in try await transaction.run(TimerStatements.take(of: id, at: turn.now)) {
                switch alarm {
                case .jobTimedOut(let key): turn.receive(.jobTimedOut(key))
                case .pauseExpired(let wave): turn.receive(.pauseExpired(wave: wave))
                case .cleanUpDue: try await cleanUp(&turn, in: transaction)
                case nil: logger.error("a timer that nobody understands was dropped", metadata: ["execution": "\(id)"])
                }
            }
        }
    }

    /// Terminates what a drill's time is over for, and tells the audit that nobody asked for it.
    private func cleanUp(_ turn: inout Turn, in transaction: Transaction) async throws {
        let before = turn.execution
        turn.receive(.cleanUpDue)
        guard turn.execution.control.cleanUp != before.control.cleanUp else { return }
        let event = AuditEvent(
            eventId: ambient.identifier(),
            at: turn.now,
            principal: "muster",
            action: "CLEAN_UP_DUE"
        )
        try await record(Deed(event), on: turn.execution, since: before.status, saying: nil, in: transaction)
    }

    /// Writes the audit event of what a person did to an execution, in the turn's own transaction.
    private func record(
        _ deed: Deed?,
        on execution: Execution,
        since before: ExecutionStatus,
        saying detail: String?,
        in transaction: Transaction
    ) async throws {
        guard let deed else { return }
        let event = deed.done(
            to: "Execution",
            execution.id,
            accounts: Set(execution.plan.places.map(\.accountId)).sorted(),
            detail: detail,
            before: ["status": .string(before.rawValue)],
            after: ["status": .string(execution.status.rawValue)]
        )
        try await transaction.execute(event.insert)
    }
}

extension Execution.Selection {
    /// The selection in words.
    fileprivate var text: String {
        switch self {
        case .wave(let wave): "wave \(wave)"
        case .server(let server): "server \(server)"
        }
    }
}
