internal import Ambient
internal import JSON
internal import OrderedCollections

/// Executions of DRS's own recovery plans.
extension World {
    mutating func startRecoveryPlanExecution(_ call: Call) throws(Refusal) -> Output {
        let (input, native) = (Members(call.json), try initializedEstate(at: call.place).native)
        let arn = try Self.arn(call, "recoveryPlanArn")
        let plan = native.plans[try native.plan(arn)]
        let mode = try input.string("mode") ?? ""
        guard ["DRILL", "RECOVERY"].contains(mode) else { throw .validation("mode must be DRILL or RECOVERY.") }
        let token = try input.string("clientToken")
        if let token, let known = native.executions.first(where: { $0.token == token && $0.plan == arn }) {
            return .json(status: 201, .object(["recoveryPlanExecution": render(known)]))
        }
        guard !plan.servers.isEmpty else { throw .validation("The recovery plan has no step with servers.") }
        try Self.checkFree(plan, in: native)
        var points: [String: String] = [:]
        for entry in try input.objects("sourceServers") ?? [] {
            let server = try entry.identifier("sourceServerID", prefix: "s")
            points[server] = try entry.identifier("recoverySnapshotID", prefix: "pit")
        }
        let tags = try input.texts("tags") ?? [:]
        try checkTags(tags)
        let (naming, moment) = (Naming(chance: chance), clock.simulated(at: call.now))
        let id = call.place.arn("recovery-plan-execution/\(naming.name("rpe"))")
        let execution = NativeExecution(
            arn: id,
            plan: arn,
            isDrill: mode == "DRILL",
            started: moment,
            tags: tags,
            token: token,
            points: points,
            steps: plan.steps.map { step in
                NativeExecution.Step(arn: "\(id)/step/\(naming.name("rpes"))", name: step.name, work: step.work)
            },
            next: moment + settings.timeline.jobStart
        )
        estates[call.place]?.native.executions.append(execution)
        return .json(status: 201, .object(["recoveryPlanExecution": render(execution)]))
    }

    /// Refuses a plan that runs, or whose servers another plan's execution has (DRS user guide, "Executing a plan").
    private static func checkFree(_ plan: NativePlan, in native: NativePlans) throws(Refusal) {
        let servers = Set(plan.servers.map(\.id))
        for active in native.executions where active.status.isActive {
            if active.plan == plan.arn {
                throw .conflict("The recovery plan has an active execution.", active.arn, "RecoveryPlanExecution")
            }
            guard !servers.isDisjoint(with: active.servers.map(\.id)) else { continue }
            throw .conflict(
                "Source servers of this plan are in the active execution \(active.arn) of the plan \(active.plan).",
                active.arn,
                "RecoveryPlanExecution"
            )
        }
    }

    mutating func cancelRecoveryPlanExecution(_ call: Call) throws(Refusal) -> Output {
        let native = try initializedEstate(at: call.place).native
        let index = try native.execution(try Self.arn(call, "recoveryPlanExecutionArn"))
        var execution = native.executions[index]
        guard execution.status == .created || execution.status == .inProgress else {
            throw .conflict(
                "The execution is \(execution.status.rawValue): it cannot be cancelled.",
                execution.arn,
                "RecoveryPlanExecution"
            )
        }
        // A job that runs is not stopped; without one there is nothing to wait for.
        let runs = execution.steps.contains { $0.status == .executing }
        execution.status = .cancelling
        if !runs { execution.next = clock.simulated(at: call.now) }
        estates[call.place]?.native.executions[index] = execution
        return .json(.object(["recoveryPlanExecution": render(execution)]))
    }

    func getRecoveryPlanExecution(_ call: Call) throws(Refusal) -> Output {
        let native = try initializedEstate(at: call.place).native
        let execution = native.executions[try native.execution(try Self.arn(call, "recoveryPlanExecutionArn"))]
        return .json(.object(["recoveryPlanExecution": render(execution)]))
    }

    func listRecoveryPlanExecutions(_ call: Call) throws(Refusal) -> Output {
        let (input, native) = (Members(call.json), try initializedEstate(at: call.place).native)
        let (plan, status) = (try input.string("recoveryPlanArn"), try input.string("status"))
        if let status, NativeExecution.Status(rawValue: status) == nil {
            throw .validation("status must be one of \(NativeExecution.Status.allCases.map(\.rawValue)).")
        }
        let shown = native.executions.reversed().filter { execution in
            (plan == nil || plan == execution.plan) && (status == nil || status == execution.status.rawValue)
        }
        return .json(try Self.list("recoveryPlanExecutions", shown.map(summary), call, settings))
    }

    func listRecoveryPlanExecutionSteps(_ call: Call) throws(Refusal) -> Output {
        let native = try initializedEstate(at: call.place).native
        let execution = native.executions[try native.execution(try Self.arn(call, "recoveryPlanExecutionArn"))]
        let status = try Members(call.json).object("filter")?.string("status")
        let steps = execution.steps.enumerated().filter { status == nil || status == $0.element.status.rawValue }
        let shown = steps.map { render($0.element, index: $0.offset + 1, at: call.place) }
        return .json(try Self.list("recoveryPlanExecutionSteps", shown, call, settings))
    }

    // MARK: In DRS's words

    func summary(_ plan: NativePlan) -> JSON {
        .object(members(of: plan))
    }

    func render(_ plan: NativePlan) -> JSON {
        var answer = members(of: plan)
        answer["description"] = .string(plan.description)
        answer["tags"] = Self.render(plan.tags)
        return .object(answer)
    }

    private func members(of plan: NativePlan) -> OrderedDictionary<String, JSON> {
        [
            "recoveryPlanArn": .string(plan.arn), "name": .string(plan.name), "status": .string(plan.status),
            "createdAt": stamp.text(plan.created), "updatedAt": stamp.text(plan.updated),
        ]
    }

    func render(_ step: NativePlan.Step, order: Int, at place: Place) -> JSON {
        .object([
            "recoveryPlanStepArn": .string(step.arn), "stepOrder": .integer(Int64(order)),
            "stepName": .string(step.name),
            "configuration": Self.configuration(step.work, "serverStepConfiguration", job: nil, at: place),
            "createdAt": stamp.text(step.created), "updatedAt": stamp.text(step.created),
        ])
    }

    private func summary(_ execution: NativeExecution) -> JSON {
        .object(members(of: execution))
    }

    private func render(_ execution: NativeExecution) -> JSON {
        var answer = members(of: execution)
        if let ended = execution.ended { answer["completedAt"] = stamp.text(ended) }
        answer["tags"] = Self.render(execution.tags)
        return .object(answer)
    }

    private func members(of execution: NativeExecution) -> OrderedDictionary<String, JSON> {
        var answer: OrderedDictionary<String, JSON> = [
            "recoveryPlanExecutionArn": .string(execution.arn), "recoveryPlanArn": .string(execution.plan),
            "mode": .string(execution.isDrill ? "DRILL" : "RECOVERY"), "status": .string(execution.status.rawValue),
            "startedAt": stamp.text(execution.started),
        ]
        answer["errorDetail"] = execution.error.map(Self.detail)
        return answer
    }

    private func render(_ step: NativeExecution.Step, index: Int, at place: Place) -> JSON {
        let servers = "executionServerStepConfiguration"
        var answer: OrderedDictionary<String, JSON> = [
            "recoveryPlanExecutionStepArn": .string(step.arn), "stepName": .string(step.name),
            "stepIndex": .integer(Int64(index)), "status": .string(step.status.rawValue),
            "configuration": Self.configuration(step.work, servers, job: step.job, at: place),
        ]
        answer["errorDetail"] = step.error.map(Self.detail)
        return .object(answer)
    }

    private static func configuration(_ work: NativePlan.Work, _ name: String, job: String?, at place: Place) -> JSON {
        switch work {
        case .wait(let minutes):
            return .object(["waitStepConfiguration": .object(["waitDurationMinutes": .integer(Int64(minutes))])])
        case .servers(let servers):
            let members = servers.map { server -> JSON in
                var member: OrderedDictionary<String, JSON> = [
                    "serverArn": .string(place.arn("source-server/\(server.id)")),
                    "impactLevel": .string(server.isCritical ? "CRITICAL" : "OPTIONAL"),
                ]
                if let job { member["jobID"] = .string(job) }
                return .object(member)
            }
            return .object([name: .object(["servers": .array(members)])])
        }
    }

    private static func detail(_ error: String) -> JSON {
        .object(["message": .string(error), "code": "ValidationException"])
    }
}
