/// A recovery plan of DRS's own: steps one after the other, in one account and Region.
package struct NativePlan: Sendable {
    /// What a step does; its kind never changes.
    enum Work: Sendable {
        case servers([Server])
        case wait(minutes: Int)

        var servers: [Server] {
            switch self {
            case .servers(let servers): servers
            case .wait: []
            }
        }
    }

    struct Server: Sendable {
        let id: String
        /// Whether its failure fails the step (`impactLevel`).
        let isCritical: Bool
    }

    struct Step: Sendable {
        let arn: String
        let name: String
        let work: Work
        let created: Duration
    }

    let arn: String
    let name: String
    let description: String
    let tags: [String: String]
    let created: Duration
    var updated: Duration
    /// In their order.
    var steps: [Step] = []

    var servers: [Server] { steps.flatMap(\.work.servers) }

    /// `INVALID` is a plan that would recover nothing (DRS user guide, "Creating a recovery plan").
    var status: String { servers.isEmpty ? "INVALID" : "ACTIVE" }
}

/// One run of a native plan, as the plan was when it began.
package struct NativeExecution: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case created = "CREATED"
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case failed = "FAILED"
        case cancelling = "CANCELLING"
        case cancelled = "CANCELLED"

        package var isActive: Bool {
            switch self {
            case .created, .inProgress, .cancelling: true
            case .completed, .failed, .cancelled: false
            }
        }
    }

    struct Step: Sendable {
        enum Status: String, Sendable, CaseIterable {
            case notStarted = "NOT_STARTED"
            case executing = "EXECUTING"
            case waiting = "WAITING"
            case completed = "COMPLETED"
            case failed = "FAILED"
            case skipped = "SKIPPED"
        }

        let arn: String
        let name: String
        let work: NativePlan.Work
        var status = Status.notStarted
        /// The ordinary job that launches the step's servers.
        var job: String?
        var error: String?
    }

    package let arn: String
    let plan: String
    let isDrill: Bool
    let started: Duration
    let tags: [String: String]
    /// By which a repeated start is known (`clientToken`).
    let token: String?
    /// The recovery points that servers are pinned to.
    let points: [String: String]
    package internal(set) var status = Status.created
    var steps: [Step]
    var ended: Duration?
    var error: String?
    /// The step that runs, or is next.
    var current = 0
    /// When something happens next; nil once it has ended.
    var next: Duration?

    var servers: [NativePlan.Server] { steps.flatMap(\.work.servers) }
}

/// The native plans of one place, and their executions, oldest first.
package struct NativePlans: Sendable {
    /// DRS user guide, "Recovery plans: quotas".
    static let plansPerPlace = 1000
    static let stepsPerPlan = 20
    static let serversPerPlan = 100
    static let waitMinutes = 1...120

    var plans: [NativePlan] = []
    package internal(set) var executions: [NativeExecution] = []

    func plan(_ arn: String) throws(Refusal) -> Int {
        guard let index = plans.firstIndex(where: { $0.arn == arn }) else { throw .notFound(arn, "RecoveryPlan") }
        return index
    }

    func execution(_ arn: String) throws(Refusal) -> Int {
        guard let index = executions.firstIndex(where: { $0.arn == arn }) else {
            throw .notFound(arn, "RecoveryPlanExecution")
        }
        return index
    }

    /// The execution in which something happens first, by a moment.
    func due(by moment: Duration) -> Int? {
        executions.indices.filter { executions[$0].next.map { $0 <= moment } ?? false }.min {
            (executions[$0].next ?? moment, $0) < (executions[$1].next ?? moment, $1)
        }
    }
}
