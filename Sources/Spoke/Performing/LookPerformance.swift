internal import AWS
internal import Contract
internal import Recovery

/// Looks at servers one after the other: how each would be launched, and from which recovery points.
///
/// Two calls a server, one at a time, at the pace that AWS allows: nothing here is urgent. What was found is told every
/// few servers, so that a look that is cut short was not for nothing; performed twice it says the same.
struct LookPerformance: Sendable {
    /// Servers of one report.
    static let serversPerReport = 10

    let look: CheckServers
    let place: ServedPlace
    let reporter: Reporter

    func perform() async throws {
        var findings: [ServerFinding] = []
        for server in look.servers {
            findings.append(try await finding(of: server))
            guard findings.count == Self.serversPerReport else { continue }
            try await reporter.report(.findings(findings))
            findings = []
        }
        if !findings.isEmpty { try await reporter.report(.findings(findings)) }
        try await reporter.report(.done)
    }

    private func finding(of server: CheckServers.Server) async throws -> ServerFinding {
        let (id, pins) = (server.sourceServerId.rawValue, Set(server.recoverySnapshotIds.map(\.rawValue)))
        let configuration = try await shown { try await place.drs.launchConfiguration(of: id) }
        // One page tells whether there is any point; only pinned ones make it worth reading on.
        let points =
            try await shown {
                try await place.drs.recoverySnapshots(of: id) { pins.isSubset(of: $0.map(\.snapshotID)) }
            } ?? []
        let seen = Set(points.map(\.snapshotID))
        return ServerFinding(
            sourceServerId: server.sourceServerId,
            hasLaunchConfiguration: configuration != nil,
            hasRecoveryPoint: !points.isEmpty,
            foundSnapshotIds: server.recoverySnapshotIds.filter { seen.contains($0.rawValue) },
            goneSnapshotIds: server.recoverySnapshotIds.filter { !seen.contains($0.rawValue) }
        )
    }

    /// What DRS shows; nil where it says that there is none.
    private func shown<Answer: Sendable>(_ ask: () async throws -> Answer) async throws -> Answer? {
        do {
            return try await ask()
        } catch let failure as AWSFailure where failure.isNotFound || failure.isUninitialized {
            return nil
        }
    }
}
