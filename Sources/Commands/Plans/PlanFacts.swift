internal import ArgumentParser
internal import Contract

/// What can be said of a plan besides its waves.
struct PlanFacts: ParsableArguments {
    @Option(help: "What the plan is for.") var description: String?
    @Option(help: "The recovery time objective in minutes.") var rto: Int?
    @Option(help: "The recovery point objective in seconds.") var rpo: Int?
    @Option(help: "Who answers for the plan.") var owner: String?
    @Option(help: "The application it recovers.") var application: String?

    var isEmpty: Bool {
        description == nil && rto == nil && rpo == nil && owner == nil && application == nil
    }

    /// Writes what was said over what is there.
    func fill(_ body: inout RecoveryPlanBody) {
        if let description { body.description = description }
        if let rto { body.recoveryTimeObjectiveMinutes = rto }
        if let rpo { body.recoveryPointObjectiveSeconds = rpo }
        if let owner { body.owner = owner }
        if let application { body.application = application }
    }
}
