import Ambient
import Conductor
import Contract
import Logging
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit

/// A database with one account served by one spoke, and a conductor (or several) over it.
struct Stage {
    let database: TestDatabase
    let pool: Pool
    let conductor: Conductor
    let session = Identifier<AgentSession>(at: Instant(milliseconds: 1), by: SeededChance(seed: 1))
    let ambient = Ambient()
    let accounts: Set<AccountNumber> = [Place.sample().accountId]

    init() async throws {
        database = try TestDatabase.current
        pool = try database.pool(size: 8)
        conductor = try Self.conductor(over: database, pool)
        try await populate()
    }

    /// One more replica over the same database.
    static func conductor(over database: TestDatabase, _ pool: Pool) throws -> Conductor {
        let ambient = Ambient()
        let notifier = try Notifier(connectionString: database.connectionString, ambient: ambient, logger: .quiet)
        let listener = try Listener(
            connectionString: database.connectionString,
            channels: Hints.channels,
            ambient: ambient,
            logger: .quiet
        )
        let hints = Hints(notifier: notifier, listener: listener)
        return Conductor(pool: pool, hints: hints, ambient: ambient, logger: .quiet)
    }

    /// The session was heard of so late that it stays alive however slow the machine is.
    private func populate() async throws {
        let (now, place) = (ambient.now, Place.sample())
        let spoke = Identifier<Spoke>(at: now, by: SeededChance(seed: 2))
        try await pool.execute([
            Statement(
                """
                INSERT INTO account (account_id, account_name, regions, spoke_principals, external_id, created_at,
                                     modified_at)
                VALUES (\(place.accountId), 'production', \([place.region.rawValue]), \([String]()), 'x', \(now), \(now))
                """
            ),
            Statement(
                """
                INSERT INTO spoke (spoke_id, name, principal, version, last_seen_at)
                VALUES (\(spoke), 'east', 'arn:aws:iam::999900001111:role/MusterSpoke', '1', \(now))
                """
            ),
            Statement(
                """
                INSERT INTO agent_session (session_id, spoke_id, token_hash, issued_at, expires_at, last_seen_at)
                VALUES (\(session), \(spoke), \([UInt8(1)]), \(now), \(now + .seconds(7200)), \(now + .seconds(3600)))
                """
            ),
            Statement(
                """
                INSERT INTO agent_session_account (session_id, account_id, regions)
                VALUES (\(session), \(place.accountId), \([place.region.rawValue]))
                """
            ),
        ])
    }

    func start(
        _ plan: FrozenPlan,
        type: ExecutionType = .drill,
        cancelsDrills: Bool = false,
        by conductor: Conductor? = nil
    ) async throws -> Execution {
        try await (conductor ?? self.conductor).start { _ in
            StartOrder(
                plan: plan,
                type: type,
                reason: "a test",
                declaredAt: nil,
                cancelsDrills: cancelsDrills,
                person: "pat"
            )
        }
    }

    func execution(_ id: Execution.ID) async throws -> Execution {
        guard let execution = try await conductor.execution(id) else { throw UnknownExecution(id: id) }
        return execution
    }

    /// Reports events on a command, numbered on from the given sequence.
    @discardableResult
    func report(
        _ events: [ProgressEvent],
        on command: AgentCommand,
        from sequence: Int = 1,
        by conductor: Conductor? = nil
    ) async throws -> ProgressAcknowledgement {
        let reports = events.enumerated().map { offset, event in
            ProgressReport(
                commandId: command.commandId,
                attempt: command.attempt,
                term: command.term,
                sequence: sequence + offset,
                at: ambient.now,
                event: event
            )
        }
        return try await (conductor ?? self.conductor).record(reports, from: session, serving: accounts)
    }

    /// Everything a spoke reports of a launch that goes well.
    static func success(of launch: Launch, job: String) -> [ProgressEvent] {
        let ids = launch.servers.map(\.sourceServerId)
        let accepted = ProgressEvent.JobAccepted(jobId: job, status: "PENDING", sourceServerIds: ids)
        let log = ids.map {
            JobLogItem(at: Instant(milliseconds: 5), event: "LAUNCH_END", sourceServerId: $0, detail: nil)
        }
        let launched = ids.map {
            ServerReport(
                sourceServerId: $0,
                launchStatus: "LAUNCHED",
                recoveryInstanceId: "i-\($0.rawValue.dropFirst(2))"
            )
        }
        return [
            .jobAccepted(accepted), .servers(ids.map { ServerReport(sourceServerId: $0, launchStatus: "IN_PROGRESS") }),
            .logItems(log), .servers(launched), .jobEnded(.init(jobId: job, endedAt: nil)), .done,
        ]
    }

    /// Performs whatever is leased until nothing is left to do.
    func perform(by conductor: Conductor? = nil) async throws {
        while true {
            let commands = try await (conductor ?? self.conductor).lease(for: session)
            guard !commands.isEmpty else { return }
            for command in commands { try await perform(command, by: conductor) }
        }
    }

    /// DRS takes the jobs that are leased now, and launches nothing.
    func fail() async throws {
        for command in try await conductor.lease(for: session) {
            guard case .launch(let launch) = command.work else { continue }
            let ids = launch.servers.map(\.sourceServerId)
            let failed = ids.map { ServerReport(sourceServerId: $0, launchStatus: "FAILED", error: "no capacity") }
            let job = ProgressEvent.JobAccepted(
                jobId: "drsjob-\(command.attempt)",
                status: "PENDING",
                sourceServerIds: ids
            )
            let ended = ProgressEvent.JobEnded(jobId: job.jobId, endedAt: nil)
            try await report([.jobAccepted(job), .servers(failed), .jobEnded(ended), .done], on: command)
        }
    }

    private func perform(_ command: AgentCommand, by conductor: Conductor?) async throws {
        switch command.work {
        case .launch(let launch):
            let job = "drsjob-\(command.commandId.description.replacing("-", with: "").prefix(17))"
            try await report(Self.success(of: launch, job: job), on: command, by: conductor)
        case .terminateInstances(let order):
            let gone = order.servers.map {
                InstanceReport(
                    sourceServerId: $0.sourceServerId,
                    recoveryInstanceId: $0.recoveryInstanceId,
                    state: .terminated
                )
            }
            try await report([.instances(gone), .done], on: command, by: conductor)
        case .syncInventory, .validateAccess, .checkServers, .publish:
            try await report([.done], on: command, by: conductor)
        }
    }
}
