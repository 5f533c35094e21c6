package import Ambient
package import JSON
package import Recovery

/// A drill instance that no execution owns, as the API shows it.
package struct OrphanView: Codable, Sendable, Hashable {
    package struct Termination: Codable, Sendable, Hashable {
        /// How the command to terminate it stands: READY, LEASED, DONE, FAILED.
        package var state: String
        @Nullable package var problem: String?

        package init(state: String, problem: String?) {
            self.state = state
            self.problem = problem
        }
    }

    package var recoveryInstanceId: String
    package var accountId: AccountNumber
    package var region: Region
    @Nullable package var sourceServerId: SourceServerID?
    @Nullable package var hostname: String?
    @Nullable package var jobId: String?
    package var state: String
    @Nullable package var instanceType: String?
    /// When EC2 launched it, or else when the hub was first shown it.
    package var since: Instant
    package var isSinceLaunch: Bool
    package var ageSeconds: Int
    package var currency: String
    package var costPerHour: Double
    /// The hours of its age by the price of an hour.
    package var estimatedCost: Double
    @Nullable package var termination: Termination?

    package init(_ orphan: Orphan, prices: InstancePrices, at now: Instant) {
        recoveryInstanceId = orphan.recoveryInstanceId
        accountId = orphan.place.accountId
        region = orphan.place.region
        sourceServerId = orphan.sourceServerId
        hostname = orphan.hostname
        jobId = orphan.jobId
        state = orphan.state
        instanceType = orphan.instanceType
        since = orphan.since
        isSinceLaunch = orphan.isSinceLaunch
        ageSeconds = max(0, Int((now - orphan.since).seconds))
        currency = prices.currency
        costPerHour = prices.perHour(orphan.instanceType)
        estimatedCost = prices.cost(of: orphan.instanceType, since: orphan.since, until: now)
        termination = orphan.termination.map { Termination(state: $0.state, problem: $0.problem) }
    }
}
