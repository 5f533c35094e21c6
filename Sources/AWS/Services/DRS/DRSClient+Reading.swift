package import Ambient
internal import JSON

extension DRSClient {
    /// The jobs of these identifiers; those that DRS no longer knows are left out.
    package func jobs(_ ids: [String]) async throws -> [DRS.Job] {
        try await items("DescribeJobs", filter: "jobIDs", ids)
    }

    /// The jobs created since a moment, or all that DRS still has; newest first.
    ///
    /// There is no filter by state: to see foreign jobs, ask from the oldest one known to be active.
    package func jobs(since instant: Instant?) async throws -> [DRS.Job] {
        guard let instant else { return try await pages("DescribeJobs", [:]) }
        return try await pages("DescribeJobs", ["filters": ["fromDate": .string(Self.text(of: instant))]])
    }

    /// A job's log.
    package func jobLogItems(of job: String) async throws -> [DRS.JobLogItem] {
        try await pages("DescribeJobLogItems", ["jobID": .string(job)])
    }

    /// Every source server of the account and Region, extended ones included.
    package func sourceServers() async throws -> [DRS.SourceServer] {
        try await pages("DescribeSourceServers", [:])
    }

    /// The source servers of these identifiers; those that do not exist are left out.
    package func sourceServers(_ ids: [String]) async throws -> [DRS.SourceServer] {
        try await items("DescribeSourceServers", filter: "sourceServerIDs", ids)
    }

    /// A server's recovery points, newest first, from a moment on where one is given.
    ///
    /// No page is read any more once what was read is enough; DRS may keep hundreds of points of a server.
    package func recoverySnapshots(
        of server: String,
        since instant: Instant? = nil,
        until isEnough: ([DRS.RecoverySnapshot]) -> Bool = { _ in false }
    ) async throws -> [DRS.RecoverySnapshot] {
        var members: [String: JSON] = ["sourceServerID": .string(server), "order": "DESC"]
        if let instant { members["filters"] = ["fromDateTime": .string(Self.text(of: instant))] }
        return try await pages("DescribeRecoverySnapshots", members, until: isEnough)
    }

    /// Every recovery instance of the account and Region; there is no filter by job or by drill.
    package func recoveryInstances() async throws -> [DRS.RecoveryInstance] {
        try await pages("DescribeRecoveryInstances", [:])
    }

    /// The recovery instances of these source servers.
    package func recoveryInstances(ofServers ids: [String]) async throws -> [DRS.RecoveryInstance] {
        try await items("DescribeRecoveryInstances", filter: "sourceServerIDs", ids)
    }

    /// The recovery instances of these identifiers; those that are gone are left out.
    package func recoveryInstances(_ ids: [String]) async throws -> [DRS.RecoveryInstance] {
        try await items("DescribeRecoveryInstances", filter: "recoveryInstanceIDs", ids)
    }

    /// How a server will be launched.
    package func launchConfiguration(of server: String) async throws -> DRS.LaunchConfiguration {
        try await call("GetLaunchConfiguration", ["sourceServerID": .string(server)])
    }

    /// The tags of a DRS resource by its ARN.
    package func tags(of arn: String) async throws -> [String: String] {
        let request = SignableRequest(method: "GET", path: "/tags/\(PercentEncoding.encode(arn))")
        let answer: Tags = try await perform("ListTagsForResource", request)
        return answer.tags ?? [:]
    }

    private struct Tags: Decodable, Sendable {
        let tags: [String: String]?
    }

    /// DRS's filters take whole seconds (`2020-01-31T00:00:00Z`); the fraction is cut, which never misses a job.
    private static func text(of instant: Instant) -> String {
        "\(instant.description.prefix(19))Z"
    }
}
