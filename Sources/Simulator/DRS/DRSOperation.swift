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
    case listRecoveryPlans = "ListRecoveryPlans"
    case listRecoveryPlanExecutions = "ListRecoveryPlanExecutions"
}

extension World {
    /// Performs a call of DRS.
    mutating func perform(_ operation: DRSOperation, _ call: Call) throws(Refusal) -> Output {
        switch operation {
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
        case .listRecoveryPlans: try emptyList("recoveryPlans", call)
        case .listRecoveryPlanExecutions: try emptyList("recoveryPlanExecutions", call)
        }
    }

    var stamp: Stamp { Stamp(clock: clock, format: settings.timestamps) }

    private mutating func initializeService(_ call: Call) throws(Refusal) -> Output {
        var estate = try estate(at: call.place)
        estate.isInitialized = true
        estates[call.place] = estate
        return .empty(status: 204)
    }

    /// Native recovery plans exist at AWS; no world has any.
    private func emptyList(_ name: String, _ call: Call) throws(Refusal) -> Output {
        _ = try initializedEstate(at: call.place)
        _ = try Page(of: call, settings: settings)
        return .json(.object([name: []]))
    }
}
