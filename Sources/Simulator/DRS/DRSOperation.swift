internal import JSON
internal import OrderedCollections

/// The operations of DRS that the simulator offers.
package enum DRSOperation: String, Sendable, CaseIterable {
    case startRecovery = "StartRecovery"
    case describeJobs = "DescribeJobs"
    case describeJobLogItems = "DescribeJobLogItems"
    case deleteJob = "DeleteJob"
    case describeSourceServers = "DescribeSourceServers"
    case describeRecoverySnapshots = "DescribeRecoverySnapshots"
    case describeRecoveryInstances = "DescribeRecoveryInstances"
    case terminateRecoveryInstances = "TerminateRecoveryInstances"
    case getLaunchConfiguration = "GetLaunchConfiguration"
    case updateLaunchConfiguration = "UpdateLaunchConfiguration"
    case listTagsForResource = "ListTagsForResource"
    case tagResource = "TagResource"
    case untagResource = "UntagResource"
    case initializeService = "InitializeService"
    case createRecoveryPlan = "CreateRecoveryPlan"
    case getRecoveryPlan = "GetRecoveryPlan"
    case listRecoveryPlans = "ListRecoveryPlans"
    case deleteRecoveryPlan = "DeleteRecoveryPlan"
    case createRecoveryPlanStep = "CreateRecoveryPlanStep"
    case listRecoveryPlanSteps = "ListRecoveryPlanSteps"
    case startRecoveryPlanExecution = "StartRecoveryPlanExecution"
    case cancelRecoveryPlanExecution = "CancelRecoveryPlanExecution"
    case getRecoveryPlanExecution = "GetRecoveryPlanExecution"
    case listRecoveryPlanExecutions = "ListRecoveryPlanExecutions"
    case listRecoveryPlanExecutionSteps = "ListRecoveryPlanExecutionSteps"
}

extension World {
    /// Performs a call of DRS.
    mutating func perform(_ operation: DRSOperation, _ call: Call) throws(Refusal) -> Output {
        advanceNativePlans(at: call.now)
        return switch operation {
        case .startRecovery: try startRecovery(call)
        case .describeJobs: try describeJobs(call)
        case .describeJobLogItems: try describeJobLogItems(call)
        case .deleteJob: try deleteJob(call)
        case .describeSourceServers: try describeSourceServers(call)
        case .describeRecoverySnapshots: try describeRecoverySnapshots(call)
        case .describeRecoveryInstances: try describeRecoveryInstances(call)
        case .terminateRecoveryInstances: try terminateRecoveryInstances(call)
        case .getLaunchConfiguration: try getLaunchConfiguration(call)
        case .updateLaunchConfiguration: try updateLaunchConfiguration(call)
        case .listTagsForResource: try listTags(call)
        case .tagResource: try tag(call)
        case .untagResource: try untag(call)
        case .initializeService: try initializeService(call)
        case .createRecoveryPlan: try createRecoveryPlan(call)
        case .getRecoveryPlan: try getRecoveryPlan(call)
        case .listRecoveryPlans: try listRecoveryPlans(call)
        case .deleteRecoveryPlan: try deleteRecoveryPlan(call)
        case .createRecoveryPlanStep: try createRecoveryPlanStep(call)
        case .listRecoveryPlanSteps: try listRecoveryPlanSteps(call)
        case .startRecoveryPlanExecution: try startRecoveryPlanExecution(call)
        case .cancelRecoveryPlanExecution: try cancelRecoveryPlanExecution(call)
        case .getRecoveryPlanExecution: try getRecoveryPlanExecution(call)
        case .listRecoveryPlanExecutions: try listRecoveryPlanExecutions(call)
        case .listRecoveryPlanExecutionSteps: try listRecoveryPlanExecutionSteps(call)
        }
    }

    var stamp: Stamp { Stamp(clock: clock, format: settings.timestamps) }

    private mutating func initializeService(_ call: Call) throws(Refusal) -> Output {
        var estate = try estate(at: call.place)
        estate.isInitialized = true
        estates[call.place] = estate
        return .empty(status: 204)
    }
}
