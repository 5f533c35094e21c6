/// The limits of DRS in one account and Region (AWS general reference, "AWS Elastic Disaster Recovery endpoints and quotas").
package struct Quotas: Sendable, Hashable {
    package var concurrentJobs = 20
    package var serversPerJob = 100
    package var serversInAllJobs = 500
    package var replicatingServers = 300
    package var totalServers = 4000

    package init() {}

    /// A quota as Service Quotas lists it.
    struct Row: Sendable {
        let code: String
        let name: String
        let value: Int
        let isAdjustable: Bool
    }

    static let concurrentJobsCode = "L-D88FAC3A"
    static let serversPerJobCode = "L-B827C881"
    static let serversInAllJobsCode = "L-05AFA8C6"

    var rows: [Row] {
        [
            Row(
                code: Self.concurrentJobsCode,
                name: "Concurrent jobs in progress",
                value: concurrentJobs,
                isAdjustable: false
            ),
            Row(
                code: Self.serversPerJobCode,
                name: "Max number of source servers in a single job",
                value: serversPerJob,
                isAdjustable: false
            ),
            Row(
                code: Self.serversInAllJobsCode,
                name: "Max number of source servers in all jobs",
                value: serversInAllJobs,
                isAdjustable: false
            ),
            Row(code: "L-DD6D028C", name: "Max concurrent jobs per source server", value: 1, isAdjustable: false),
            Row(
                code: "L-C1D14A2B",
                name: "Max number of replicating source servers",
                value: replicatingServers,
                isAdjustable: false
            ),
            Row(
                code: "L-E28BE5E0",
                name: "Max number of total source servers",
                value: totalServers,
                isAdjustable: true
            ),
        ]
    }
}
