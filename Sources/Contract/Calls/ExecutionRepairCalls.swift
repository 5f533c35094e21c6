package import JSON
package import Recovery

extension Contract {
    static let executionRepairs: [CallDescription] = [
        CallDescription(RetryWave.self), CallDescription(SkipWave.self), CallDescription(RetryServer.self),
        CallDescription(SkipServer.self), CallDescription(ReplaceRecoveryPoint.self), CallDescription(AddNote.self),
    ]

    fileprivate static let repairDetails = """
        Of an execution that FAILED or is PARTIAL it takes up the execution again: waves that were cancelled wait for their \
        turn once more. 409 CLEANUP_STARTED once its instances are being terminated, SERVER_CONFLICT when something else \
        uses its servers by now, NOT_FAILED when there is nothing to do.
        """
}

/// Launches the failed servers of a wave once more.
package struct RetryWave: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/waves/{waveNumber}/retry",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Retry a wave's failed servers"
    package static let details = Contract.repairDetails
    package static let parameters = [Parameter.execution, Parameter.wave]

    package var executionId: Execution.ID
    package var waveNumber: Int

    package init(executionId: Execution.ID, waveNumber: Int) {
        self.executionId = executionId
        self.waveNumber = waveNumber
    }
}

/// Goes on without the failed servers of a wave.
package struct SkipWave: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/waves/{waveNumber}/skip",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Skip a wave's failed servers"
    package static let details = Contract.repairDetails
    package static let parameters = [Parameter.execution, Parameter.wave]
    package static let bodyShape: Shape? = Shapes.skip

    package var executionId: Execution.ID
    package var waveNumber: Int
    package var body: ReasonBody

    package init(executionId: Execution.ID, waveNumber: Int, body: ReasonBody) {
        self.executionId = executionId
        self.waveNumber = waveNumber
        self.body = body
    }
}

/// Launches one failed server once more, while the others go on.
package struct RetryServer: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/servers/{serverId}/retry",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Retry one failed server"
    package static let details = Contract.repairDetails
    package static let parameters = [Parameter.execution, Parameter.server]

    package var executionId: Execution.ID
    package var serverId: SourceServerID

    package init(executionId: Execution.ID, serverId: SourceServerID) {
        self.executionId = executionId
        self.serverId = serverId
    }
}

/// Goes on without one server that failed or waits for its wave.
package struct SkipServer: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/servers/{serverId}/skip",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Skip one server"
    package static let details = Contract.repairDetails
    package static let parameters = [Parameter.execution, Parameter.server]
    package static let bodyShape: Shape? = Shapes.skip

    package var executionId: Execution.ID
    package var serverId: SourceServerID
    package var body: ReasonBody

    package init(executionId: Execution.ID, serverId: SourceServerID, body: ReasonBody) {
        self.executionId = executionId
        self.serverId = serverId
        self.body = body
    }
}

/// Has one server that is not started launched from another recovery point, while the others go on.
package struct ReplaceRecoveryPoint: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.put(
        "/executions/{executionId}/servers/{serverId}/recovery-point",
        of: .executions
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Replace or unpin the recovery point of a server"
    package static let details = """
        Of a server that waits for its wave, whose job no spoke has yet, or that failed and may be retried; null launches \
        it from its latest data. 409 SERVER_STARTED once its launch is under way. The plan itself stays as it is.
        """
    package static let parameters = [Parameter.execution, Parameter.server]
    package static let bodyShape: Shape? = Shapes.recoveryPoint

    package var executionId: Execution.ID
    package var serverId: SourceServerID
    package var body: Body

    /// From what, and why.
    package struct Body: Codable, Sendable, Hashable {
        @Nullable package var recoverySnapshotId: RecoverySnapshotID?
        package var reason: String

        package init(recoverySnapshotId: RecoverySnapshotID?, reason: String) {
            self.recoverySnapshotId = recoverySnapshotId
            self.reason = reason
        }
    }

    package init(executionId: Execution.ID, serverId: SourceServerID, body: Body) {
        self.executionId = executionId
        self.serverId = serverId
        self.body = body
    }
}

/// Why a server is left out; the journal and the verdict say it.
package struct ReasonBody: Codable, Sendable, Hashable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}

/// Puts a remark on the timeline of an execution, at any time.
package struct AddNote: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post("/executions/{executionId}/notes", of: .executions, answering: .accepted)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Add a note to an execution's journal"
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.note

    package var executionId: Execution.ID
    package var body: Body

    package struct Body: Codable, Sendable, Hashable {
        package var text: String

        package init(text: String) {
            self.text = text
        }
    }

    package init(executionId: Execution.ID, body: Body) {
        self.executionId = executionId
        self.body = body
    }
}

extension Parameter {
    static let server = Parameter.path("serverId", Shapes.serverId, "The source server.")
}
