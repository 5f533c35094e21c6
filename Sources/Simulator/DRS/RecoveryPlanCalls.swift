internal import JSON
internal import OrderedCollections

/// Recovery plans of DRS's own (botocore 1.44.5; DRS user guide, "Recovery plans"), as far as others need them to be in
/// the way: plans are made, read and deleted, not edited.
extension World {
    mutating func createRecoveryPlan(_ call: Call) throws(Refusal) -> Output {
        let (input, estate) = (Members(call.json), try initializedEstate(at: call.place))
        let name = try Self.name(input, "name")
        guard estate.native.plans.count < NativePlans.plansPerPlace else {
            throw .planQuota("The limit of \(NativePlans.plansPerPlace) recovery plans is exceeded.")
        }
        guard !estate.native.plans.contains(where: { $0.name == name }) else {
            throw .conflict("A recovery plan named \(name) exists.", name, "RecoveryPlan")
        }
        let tags = try input.texts("tags") ?? [:]
        try checkTags(tags)
        let moment = clock.simulated(at: call.now)
        let plan = NativePlan(
            arn: call.place.arn("recovery-plan/\(Naming(chance: chance).name("rp"))"),
            name: name,
            description: try input.string("description") ?? "",
            tags: tags,
            created: moment,
            updated: moment
        )
        estates[call.place]?.native.plans.append(plan)
        return .json(status: 201, .object(["recoveryPlan": render(plan)]))
    }

    func getRecoveryPlan(_ call: Call) throws(Refusal) -> Output {
        let native = try initializedEstate(at: call.place).native
        let plan = native.plans[try native.plan(try Self.arn(call, "recoveryPlanArn"))]
        return .json(.object(["recoveryPlan": render(plan)]))
    }

    func listRecoveryPlans(_ call: Call) throws(Refusal) -> Output {
        let plans = try initializedEstate(at: call.place).native.plans.map(summary)
        return .json(try Self.list("recoveryPlans", plans, call, settings))
    }

    mutating func deleteRecoveryPlan(_ call: Call) throws(Refusal) -> Output {
        let (arn, native) = (try Self.arn(call, "recoveryPlanArn"), try initializedEstate(at: call.place).native)
        let index = try native.plan(arn)
        if let active = native.executions.first(where: { $0.plan == arn && $0.status.isActive }) {
            throw .conflict("The recovery plan has an active execution.", active.arn, "RecoveryPlanExecution")
        }
        estates[call.place]?.native.plans.remove(at: index)
        return .json(.object(["recoveryPlanArn": .string(arn)]))
    }

    // MARK: Steps

    mutating func createRecoveryPlanStep(_ call: Call) throws(Refusal) -> Output {
        let (input, estate) = (Members(call.json), try initializedEstate(at: call.place))
        let index = try estate.native.plan(try Self.arn(call, "recoveryPlanArn"))
        let plan = estate.native.plans[index]
        guard plan.steps.count < NativePlans.stepsPerPlan else {
            throw .planQuota("The limit of \(NativePlans.stepsPerPlan) steps in a recovery plan is exceeded.")
        }
        let order = try input.integer("stepOrder") ?? plan.steps.count + 1
        guard (1...plan.steps.count + 1).contains(order) else {
            throw .validation("stepOrder must be between 1 and \(plan.steps.count + 1).")
        }
        let work = try Self.work(of: input, in: estate)
        try Self.check(work, in: plan, at: order)
        let moment = clock.simulated(at: call.now)
        let step = NativePlan.Step(
            arn: "\(plan.arn)/step/\(Naming(chance: chance).name("rps"))",
            name: try Self.name(input, "stepName"),
            work: work,
            created: moment
        )
        estates[call.place]?.native.plans[index].steps.insert(step, at: order - 1)
        estates[call.place]?.native.plans[index].updated = moment
        return .json(status: 201, .object(["recoveryPlanStep": render(step, order: order, at: call.place)]))
    }

    func listRecoveryPlanSteps(_ call: Call) throws(Refusal) -> Output {
        let native = try initializedEstate(at: call.place).native
        let plan = native.plans[try native.plan(try Self.arn(call, "recoveryPlanArn"))]
        let steps = plan.steps.enumerated().map { render($0.element, order: $0.offset + 1, at: call.place) }
        return .json(try Self.list("recoveryPlanSteps", steps, call, settings))
    }

    /// What a new step does: servers or a wait, one of them.
    private static func work(of input: Members, in estate: Estate) throws(Refusal) -> NativePlan.Work {
        let configuration = try input.object("configuration")
        let servers = try configuration?.object("serverStepConfiguration")
        let wait = try configuration?.object("waitStepConfiguration")
        guard (servers == nil) != (wait == nil) else {
            throw .validation("configuration must have one of serverStepConfiguration and waitStepConfiguration.")
        }
        if let wait {
            guard let minutes = try wait.integer("waitDurationMinutes"), NativePlans.waitMinutes.contains(minutes)
            else {
                throw .validation("waitDurationMinutes must be between 1 and 120.")
            }
            return .wait(minutes: minutes)
        }
        var members: [NativePlan.Server] = []
        for entry in try servers?.objects("servers") ?? [] {
            let arn = try entry.string("serverArn") ?? ""
            guard let id = arn.split(separator: "/").last.map(String.init), estate.servers[id] != nil,
                arn == estate.place.arn("source-server/\(id)")
            else { throw .validation("'\(arn.prefix(256))' is no source server of this account and Region.") }
            let level = try entry.string("impactLevel") ?? "CRITICAL"
            guard ["CRITICAL", "OPTIONAL"].contains(level) else {
                throw .validation("impactLevel must be CRITICAL or OPTIONAL.")
            }
            members.append(NativePlan.Server(id: id, isCritical: level == "CRITICAL"))
        }
        guard (1...NativePlans.serversPerPlan).contains(members.count) else {
            throw .validation("servers must have between 1 and \(NativePlans.serversPerPlan) members.")
        }
        return .servers(members)
    }

    private static func check(_ work: NativePlan.Work, in plan: NativePlan, at order: Int) throws(Refusal) {
        if case .wait = work, order == 1 { throw .validation("The first step must not be a wait.") }
        let servers = (plan.servers + work.servers).map(\.id)
        guard Set(servers).count == servers.count else {
            throw .validation("A source server may be in a recovery plan only once.")
        }
        guard servers.count <= NativePlans.serversPerPlan else {
            throw .planQuota("The limit of \(NativePlans.serversPerPlan) servers in a recovery plan is exceeded.")
        }
    }

    // MARK: What calls name

    static func arn(_ call: Call, _ name: String) throws(Refusal) -> String {
        guard let arn = try Members(call.json).string(name) else { throw .validation("\(name) is required.") }
        guard (20...2048).contains(arn.utf8.count), arn.hasPrefix("arn:") else {
            throw .validation("'\(arn.prefix(256))' at '\(name)' is no ARN of DRS.")
        }
        return arn
    }

    /// 1 to 256 letters, digits, blanks, `_` and `-`, a letter or digit first.
    private static func name(_ input: Members, _ member: String) throws(Refusal) -> String {
        guard let name = try input.string(member) else { throw .validation("\(member) is required.") }
        func isWordy(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard (1...256).contains(name.utf8.count), name.utf8.first.map(isWordy) == true,
            name.utf8.allSatisfy({ isWordy($0) || " _-".utf8.contains($0) })
        else { throw .validation("\(member) must match [a-zA-Z0-9][a-zA-Z0-9 _-]* and have 1 to 256 characters.") }
        return name
    }

    static func list(
        _ member: String,
        _ items: [JSON],
        _ call: Call,
        _ settings: Settings
    ) throws(Refusal) -> JSON {
        let page = try Page(of: call, settings: settings)
        let (shown, next) = page.items(of: items)
        var answer: OrderedDictionary<String, JSON> = [member: .array(shown)]
        if let next { answer["nextToken"] = next }
        return .object(answer)
    }
}

extension Refusal {
    /// 402 for what is limited in recovery plans, whose quotas have no codes that are known.
    static func planQuota(_ message: String) -> Refusal {
        var refusal = Refusal(402, "ServiceQuotaExceededException", message)
        refusal.members = [("resourceId", ""), ("resourceType", "RecoveryPlan"), ("serviceCode", "drs")]
        return refusal
    }
}
