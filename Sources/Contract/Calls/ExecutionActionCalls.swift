package import JSON
package import Recovery

extension Contract {
    static let executionActions: [CallDescription] = [
        CallDescription(CancelExecution.self), CallDescription(PauseExecution.self),
        CallDescription(ResumeExecution.self), CallDescription(ApproveWave.self),
        CallDescription(DeclineWave.self), CallDescription(TerminateExecutionInstances.self),
    ]
}

/// Cancels an execution: waves that wait never start, running jobs are followed to their end.
package struct CancelExecution: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.delete("/executions/{executionId}", of: .executions, answering: .accepted)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Cancel an execution"
    package static let details = """
        Pending waves never start; running DRS jobs cannot be stopped, so that the execution is CANCELLING until they end.
        """
    package static let parameters = [Parameter.execution]

    package var executionId: Execution.ID

    package init(
        executionId: Execution.ID
    ) {
        self.executionId = executionId
    }
}

/// Pauses an execution before its next wave, or at once.
package struct PauseExecution: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/pause",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Pause an execution"
    package static let details = "NOW also holds back jobs that wait for quota; jobs that DRS has go on."
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.pause
    package static let isBodyOptional = true

    package var executionId: Execution.ID
    package var body: Body

    /// How soon.
    package struct Body: Codable, Sendable, Hashable {
        package var mode: Execution.PauseMode?

        package init(
            mode: Execution.PauseMode? = nil
        ) {
            self.mode = mode
        }
    }

    package init(
        executionId: Execution.ID,
        body: Body
    ) {
        self.executionId = executionId
        self.body = body
    }
}

/// Resumes a paused execution.
package struct ResumeExecution: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/resume",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Resume an execution"
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.resume
    package static let isBodyOptional = true

    package var executionId: Execution.ID
    package var body: Body

    /// Which wave, where several wait; all of them unless said.
    package struct Body: Codable, Sendable, Hashable {
        package var waveNumber: Int?
        package var comment: String?

        package init(
            waveNumber: Int? = nil,
            comment: String? = nil
        ) {
            self.waveNumber = waveNumber
            self.comment = comment
        }
    }

    package init(
        executionId: Execution.ID,
        body: Body
    ) {
        self.executionId = executionId
        self.body = body
    }
}

/// Approves the start of a wave.
package struct ApproveWave: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/waves/{waveNumber}/approve",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Approve a wave"
    package static let parameters = [Parameter.execution, Parameter.wave]
    package static let bodyShape: Shape? = Shapes.comment
    package static let isBodyOptional = true

    package var executionId: Execution.ID
    package var waveNumber: Int
    package var body: CommentBody

    package init(
        executionId: Execution.ID,
        waveNumber: Int,
        body: CommentBody
    ) {
        self.executionId = executionId
        self.waveNumber = waveNumber
        self.body = body
    }
}

/// Declines the start of a wave, which cancels the execution.
package struct DeclineWave: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/waves/{waveNumber}/decline",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .manageExecution
    package static let summary = "Decline a wave"
    package static let details = "The execution is cancelled."
    package static let parameters = [Parameter.execution, Parameter.wave]
    package static let bodyShape: Shape? = Shapes.comment
    package static let isBodyOptional = true

    package var executionId: Execution.ID
    package var waveNumber: Int
    package var body: CommentBody

    package init(
        executionId: Execution.ID,
        waveNumber: Int,
        body: CommentBody
    ) {
        self.executionId = executionId
        self.waveNumber = waveNumber
        self.body = body
    }
}

/// What a person says with a decision.
package struct CommentBody: Codable, Sendable, Hashable {
    package var comment: String?

    package init(
        comment: String? = nil
    ) {
        self.comment = comment
    }
}

/// Terminates the instances that an ended execution launched.
package struct TerminateExecutionInstances: Call {
    package typealias Answer = ExecutionView
    package static let route = Route.post(
        "/executions/{executionId}/terminate-instances",
        of: .executions,
        answering: .accepted
    )
    package static let permission: Permission? = .terminateInstances
    package static let summary = "Terminate an execution's instances"
    package static let details = """
        Ended executions only. A recovery must be confirmed by its plan's name (422 CONFIRMATION_MISSING). 409 \
        TERMINATION_IN_PROGRESS while one runs, ALREADY_TERMINATED when all are gone.
        """
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.terminate
    package static let isBodyOptional = true

    package var executionId: Execution.ID
    package var body: Body

    /// The plan's name, for a recovery.
    package struct Body: Codable, Sendable, Hashable {
        package var confirm: String?

        package init(
            confirm: String? = nil
        ) {
            self.confirm = confirm
        }
    }

    package init(
        executionId: Execution.ID,
        body: Body
    ) {
        self.executionId = executionId
        self.body = body
    }
}

extension Parameter {
    static let execution = Parameter.path("executionId", Shapes.identifier, "The execution.")
    static let wave = Parameter.path("waveNumber", Shapes.waveNumber, "The wave, counted from 0.", as: .integer)
}
