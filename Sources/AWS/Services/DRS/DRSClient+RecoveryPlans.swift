internal import JSON

/// Recovery plans of DRS's own: optional calls, for not every Region, role or stand-in for AWS has them.
extension DRSClient {
    /// The executions of recovery plans that DRS works on now.
    ///
    /// - Returns: none where DRS has no such call or the role may not ask it, for then nothing can ever be known; nil
    ///   where it could not be asked this time.
    /// - Throws: `CancellationError` alone; whatever else goes wrong never holds anything up.
    package func activePlanExecutions() async throws -> [DRS.ActivePlanExecution]? {
        do {
            return try await hurried.readActivePlanExecutions()
        } catch let failure as AWSFailure {
            return failure.isUnavailable ? [] : nil
        }
    }

    private func readActivePlanExecutions() async throws -> [DRS.ActivePlanExecution] {
        let plans = try await available {
            try await pages("ListRecoveryPlans", [:]) as [DRS.RecoveryPlanSummary]
        }
        // No plan, no execution: one call is all that most accounts cost.
        if let plans, plans.isEmpty { return [] }
        let names = Dictionary((plans ?? []).map { ($0.recoveryPlanArn, $0.name) }) { first, _ in first }
        var found: [DRS.ActivePlanExecution] = []
        for execution in try await activeExecutions() {
            found.append(
                DRS.ActivePlanExecution(
                    execution: execution,
                    planName: execution.recoveryPlanArn.flatMap { names[$0] ?? nil },
                    sourceServerIDs: try await servers(of: execution)
                )
            )
        }
        return found
    }

    /// One that moves on between two of the questions is seen once, as it was seen last.
    private func activeExecutions() async throws -> [DRS.RecoveryPlanExecutionSummary] {
        var (order, byArn): ([String], [String: DRS.RecoveryPlanExecutionSummary]) = ([], [:])
        for status in DRS.RecoveryPlanExecutionStatus.active {
            let page: [DRS.RecoveryPlanExecutionSummary] = try await pages(
                "ListRecoveryPlanExecutions",
                ["status": .string(status.rawValue)]
            )
            // A filter that is not obeyed must not make history look active.
            for execution in page where execution.status.map(DRS.RecoveryPlanExecutionStatus.active.contains) == true {
                let arn = execution.recoveryPlanExecutionArn
                if byArn.updateValue(execution, forKey: arn) == nil { order.append(arn) }
            }
        }
        return order.compactMap { byArn[$0] }
    }

    /// The servers of an execution's steps, which were copied from the plan when it began; else those of the plan.
    private func servers(of execution: DRS.RecoveryPlanExecutionSummary) async throws -> [String] {
        var steps = try await available {
            try await pages(
                "ListRecoveryPlanExecutionSteps",
                ["recoveryPlanExecutionArn": .string(execution.recoveryPlanExecutionArn)]
            ) as [DRS.RecoveryPlanStep]
        }
        if steps == nil, let plan = execution.recoveryPlanArn {
            steps = try await available {
                try await pages("ListRecoveryPlanSteps", ["recoveryPlanArn": .string(plan)])
            }
        }
        var seen: Set<String> = []
        return (steps ?? []).flatMap(\.serverIDs).filter { seen.insert($0).inserted }
    }

    /// Nil where the call does not exist or may not be made.
    private func available<Answer>(_ body: () async throws -> Answer) async throws -> Answer? {
        do {
            return try await body()
        } catch let failure as AWSFailure where failure.isUnavailable {
            return nil
        }
    }
}

extension AWSFailure {
    /// There is no such call here, or not for this role: asking again changes nothing.
    var isUnavailable: Bool {
        isUnknownOperation || isAccessDenied
    }
}
