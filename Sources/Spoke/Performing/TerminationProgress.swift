package import AWS
package import Contract
package import Recovery

/// What is known of instances that are to go: what DRS shows comes in, what is to be asked for and told goes out.
///
/// A value that is told the time. It reconciles by state: instances that DRS shows for the execution's jobs are asked to
/// go, those that a TERMINATE job works on are waited for, and those that are no longer shown are terminated.
package struct TerminationProgress: Sendable {
    /// Instances of one call: DRS's quota for the servers of a job.
    package static let instancesPerCall = 100
    /// How often an instance is asked for where DRS says that it cannot be.
    package static let mostRequests = 3
    /// Looks between two requests for one instance: a TERMINATE job takes a moment to show.
    package static let looksBetween = 10

    private let jobIds: Set<String>
    private let named: [SourceServerID: String]
    private let cadence: Cadence
    private var servers: [SourceServerID: Server]

    private struct Server: Sendable {
        var instances: Set<String> = []
        var asked: [String: Request] = [:]
        var state: InstanceReport.State?
        var lastInstance: String?
        var error: String?
        var told: InstanceReport?
    }

    private struct Request: Sendable {
        var count: Int
        let first: Duration
        var last: Duration
        /// Whether a TERMINATE job may still work on it.
        var isUnderWay: Bool
    }

    package init(_ termination: TerminateInstances, cadence: Cadence) {
        jobIds = Set(termination.jobIds)
        named = Dictionary(
            termination.servers.compactMap { server in server.recoveryInstanceId.map { (server.sourceServerId, $0) } }
        ) { first, _ in first }
        servers = Dictionary(termination.servers.map { ($0.sourceServerId, Server()) }) { first, _ in first }
        self.cadence = cadence
    }

    /// Servers of which something is still to come.
    package var unsettled: [SourceServerID] {
        servers.filter { $0.value.state != .terminated && $0.value.state != .failed }.map(\.key).sorted()
    }

    /// Takes what DescribeRecoveryInstances shows of the unsettled servers, and which servers TERMINATE jobs work on.
    package mutating func observe(_ instances: [DRS.RecoveryInstance], underWay: Set<String>, at elapsed: Duration) {
        var present: [SourceServerID: Set<String>] = [:]
        for instance in instances {
            guard let id = instance.sourceServerID.flatMap(SourceServerID.init), servers[id] != nil,
                isOurs(instance, of: id)
            else { continue }
            present[id, default: []].insert(instance.recoveryInstanceID)
        }
        for id in unsettled {
            guard var server = servers[id] else { continue }
            server.instances = present[id] ?? []
            server.lastInstance = server.instances.min() ?? server.lastInstance ?? named[id]
            if server.instances.isEmpty { (server.state, server.error) = (.terminated, nil) }
            for instance in server.instances {
                guard var request = server.asked[instance] else { continue }
                request.isUnderWay = underWay.contains(id.rawValue)
                server.asked[instance] = request
                if elapsed - request.first > cadence.termination
                    || (!request.isUnderWay && request.count >= Self.mostRequests && server.error != nil)
                {
                    server.state = .failed
                    server.error = server.error ?? "the instance is still there"
                }
            }
            servers[id] = server
        }
    }

    /// The instances that should be asked to go now, in calls of a bearable size.
    package func requests(underWay: Set<String>, at elapsed: Duration) -> [[String]] {
        var ids: [String] = []
        for id in unsettled where !underWay.contains(id.rawValue) {
            guard let server = servers[id] else { continue }
            ids += server.instances.filter { instance in
                guard let request = server.asked[instance] else { return true }
                return !request.isUnderWay && elapsed - request.last >= cadence.poll * Self.looksBetween
            }
        }
        let sorted = ids.sorted()
        return stride(from: 0, to: sorted.count, by: Self.instancesPerCall).map {
            Array(sorted[$0..<min($0 + Self.instancesPerCall, sorted.count)])
        }
    }

    /// DRS took the request, or may have.
    package mutating func asked(for ids: [String], at elapsed: Duration) {
        change(ids) { server, instance in
            let count = (server.asked[instance]?.count ?? 0) + 1
            let first = server.asked[instance]?.first ?? elapsed
            server.asked[instance] = Request(count: count, first: first, last: elapsed, isUnderWay: true)
            server.state = .terminating
        }
    }

    /// DRS refused the request; it is tried again unless that cannot help.
    package mutating func refused(_ ids: [String], _ failure: AWSFailure, at elapsed: Duration) {
        let mayHelp = failure.isConflict || failure.isQuota || failure.isThrottle || failure.isTransient
        let again = elapsed - cadence.poll * Self.looksBetween
        change(ids) { server, instance in
            var request = server.asked[instance] ?? Request(count: 0, first: elapsed, last: elapsed, isUnderWay: false)
            // What something else works on (a conflict) does not count as an attempt.
            if !mayHelp { request.count += 1 }
            request.isUnderWay = false
            // What may help is tried at the next look.
            request.last = mayHelp ? again : elapsed
            server.asked[instance] = request
            server.error = mayHelp ? nil : failure.description
        }
    }

    /// What is new since the last time.
    package mutating func events() -> [ProgressEvent] {
        var reports: [InstanceReport] = []
        for (id, server) in servers.sorted(by: { $0.key < $1.key }) {
            guard let state = server.state else { continue }
            let report = InstanceReport(
                sourceServerId: id,
                recoveryInstanceId: server.lastInstance,
                state: state,
                error: state == .failed ? server.error : nil
            )
            guard report != server.told else { continue }
            servers[id]?.told = report
            reports.append(report)
        }
        return stride(from: 0, to: reports.count, by: Self.instancesPerCall).map {
            .instances(Array(reports[$0..<min($0 + Self.instancesPerCall, reports.count)]))
        }
    }

    /// An instance of the execution: by its job, or, where DRS names none, by the identifier that was stored.
    private func isOurs(_ instance: DRS.RecoveryInstance, of id: SourceServerID) -> Bool {
        if let job = instance.jobID { return jobIds.contains(job) }
        return named[id] == instance.recoveryInstanceID
    }

    private mutating func change(_ ids: [String], _ body: (inout Server, String) -> Void) {
        let wanted = Set(ids)
        for id in servers.keys {
            guard var server = servers[id] else { continue }
            for instance in server.instances where wanted.contains(instance) { body(&server, instance) }
            servers[id] = server
        }
    }
}
