import AWS
import Ambient
import AsyncHTTPClient
import Contract
import Logging
import Recovery
import Spoke
import TestKit

/// What performs commands in a spoke, without its hub: reports stay in the outbox, where a test reads them.
struct Bench: Sendable {
    let performers: Performers
    let places: Places
    let leases = Watched(LeaseClock())
    let ambient = Ambient()

    /// Nothing listens where no hub is named: what the test performs talks to none.
    init(
        _ cloud: Cloud,
        role: String = "MusterRecovery",
        hub: String = "http://127.0.0.1:9",
        session: SessionGrant? = nil
    ) throws {
        let exchange = HTTPExchange(client: .shared, time: SystemTime())
        let account = ReachableAccount(
            accountId: Cloud.account,
            roleArn: "arn:aws:iam::\(Cloud.account):role/\(role)",
            externalId: "secret",
            regions: [Cloud.home.region, Cloud.bare.region]
        )
        let badge = Badge()
        if let session { badge.hold(.init(grant: session, grantedAt: ambient.time.elapsed())) }
        let equipment = Equipment(
            name: "test",
            client: AWSClient(
                exchange: exchange,
                endpoints: try cloud.endpoints,
                ambient: ambient,
                policy: CallPolicy(
                    // Far beyond what a calm machine needs: a busy one must not look like a silent AWS.
                    attemptTime: .seconds(20),
                    callTime: .seconds(60),
                    backoff: Backoff(base: .milliseconds(5), limit: .milliseconds(50))
                ),
                pace: Pace(limits: .init(fastest: 2000, burst: 2000)),
                logger: .silent
            ),
            credentials: FixedCredentials(Cloud.credentials),
            hub: HubClient(
                exchange: exchange,
                streaming: .shared,
                addresses: try HubAddress.list(hub),
                time: SystemTime()
            ),
            badge: badge,
            leases: leases,
            cadence: Cloud.cadence,
            ambient: ambient,
            logger: .silent
        )
        places = Places(accounts: [account], equipment: equipment)
        performers = Performers(places: places, equipment: equipment)
    }

    /// The heartbeats that a spoke's progress loop sends, and its pulse.
    private func keepLease() async throws {
        while true {
            try await ambient.time.sleep(for: LeaseClock.pulse)
            let now = ambient.time.reading
            leases.change {
                $0.acknowledged(sentAt: now.elapsed)
                $0.pulsed(at: now, after: now)
            }
        }
    }

    /// Performs a command to its end and answers what it reported.
    ///
    /// Jobs are looked at meanwhile, unless the test has that done itself for many commands.
    func perform(
        _ work: AgentCommand.Work,
        attempt: Int = 1,
        keepsLease: Bool = true,
        looksAtJobs: Bool = true,
        into outbox: Watched<Outbox> = Watched(Outbox())
    ) async throws -> [ProgressEvent] {
        let command = AgentCommand(
            commandId: ambient.identifier(),
            attempt: attempt,
            term: attempt,
            accountId: Cloud.account,
            region: Cloud.home.region,
            deadline: ambient.now + .seconds(35),
            work: work
        )
        let now = ambient.time.elapsed()
        // A lease is good when a heartbeat was acknowledged just before the command came.
        let reading = ambient.time.reading
        leases.change {
            $0.acknowledged(sentAt: keepsLease ? now : now - .seconds(60))
            $0.openedStream(askedAt: .zero)
            $0.pulsed(at: reading, after: reading)
        }
        let reporter = Reporter(command: command, outbox: outbox, time: ambient.time)
        try await withThrowingTaskGroup(of: Void.self) { group in
            if looksAtJobs { group.addTask { try await places.run() } }
            if keepsLease { group.addTask { try await keepLease() } }
            group.addTask {
                try await ambient.time.within(.seconds(120)) {
                    try await performers.perform(
                        command,
                        lease: { GrantedLease(given: now, until: now + .seconds(3600)) },
                        reporter: reporter
                    )
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        return outbox.value.batch.map(\.event)
    }

    func launch(_ key: String, _ servers: [SourceServerID], settle: Int = 0) -> AgentCommand.Work {
        .launch(
            Launch(
                key: key,
                executionId: ambient.identifier(),
                waveNumber: 1,
                isDrill: true,
                servers: servers.map { .init(sourceServerId: $0, recoverySnapshotId: nil) },
                settleSeconds: settle
            )
        )
    }
}

extension [ProgressEvent] {
    var kinds: [ProgressEvent.Kind] { map(\.kind) }

    var jobId: String? {
        for case .jobAccepted(let job) in self { return job.jobId }
        return nil
    }

    /// What was said last of each server.
    var servers: [SourceServerID: ServerReport] {
        var last: [SourceServerID: ServerReport] = [:]
        for case .servers(let reports) in self { for report in reports { last[report.sourceServerId] = report } }
        return last
    }

    var instances: [SourceServerID: InstanceReport] {
        var last: [SourceServerID: InstanceReport] = [:]
        for case .instances(let reports) in self { for report in reports { last[report.sourceServerId] = report } }
        return last
    }

    var logEvents: [String] {
        flatMap { event in if case .logItems(let items) = event { items.map(\.event) } else { [String]() } }
    }

    var problem: ProgressEvent.Problem? {
        for case .startDeferred(let problem) in self { return problem }
        for case .failed(let problem) in self { return problem }
        return nil
    }
}
