internal import Conductor
internal import Contract
internal import Recovery

extension Executions {
    /// Binds what people do about servers that failed, and their remarks.
    func bindRepairs(_ calls: inout Bindings) {
        calls.answer(RetryWave.self, finding: canSteer) { call, context in
            try await retry(.wave(call.waveNumber), of: call.executionId, context)
        }
        calls.answer(RetryServer.self, finding: canSteer) { call, context in
            try await retry(.server(call.serverId), of: call.executionId, context)
        }
        calls.answer(SkipWave.self, finding: canSteer) { call, context in
            try await skip(.wave(call.waveNumber), of: call.executionId, because: call.body.reason, context)
        }
        calls.answer(SkipServer.self, finding: canSteer) { call, context in
            try await skip(.server(call.serverId), of: call.executionId, because: call.body.reason, context)
        }
        calls.answer(ReplaceRecoveryPoint.self, finding: canSteer) { call, context in
            try await conductor.replaceRecoveryPoint(
                of: call.serverId,
                by: call.body.recoverySnapshotId,
                in: call.executionId,
                person: context.caller.name,
                because: call.body.reason,
                as: context.deed,
                checking: context.precondition.check
            )
            return try await show(call.executionId, context)
        }
        calls.answer(AddNote.self, finding: canSteer) { call, context in
            if !context.isMade {
                try await conductor.note(
                    call.body.text,
                    on: call.executionId,
                    by: context.caller.name,
                    as: context.deed
                )
            }
            return try await show(call.executionId, context)
        }
    }

    private func retry(
        _ selection: Execution.Selection,
        of id: Execution.ID,
        _ context: CallContext
    ) async throws -> ExecutionView {
        if !context.isMade {
            try await conductor.retry(selection, of: id, by: context.caller.name, as: context.deed)
        }
        return try await show(id, context)
    }

    private func skip(
        _ selection: Execution.Selection,
        of id: Execution.ID,
        because reason: String,
        _ context: CallContext
    ) async throws -> ExecutionView {
        if !context.isMade {
            try await conductor.skip(selection, of: id, by: context.caller.name, because: reason, as: context.deed)
        }
        return try await show(id, context)
    }
}
