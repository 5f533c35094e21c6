package import Ambient
package import Contract
internal import JSON
internal import PostgreSQL
package import Recovery
package import Store

/// A spoke reported on a command of an account that it does not serve.
package struct ForeignCommand: Error, Sendable {
    package let commandId: AgentCommand.ID
    package let accountId: AccountNumber
}

extension Conductor {
    private typealias Command = CommandStatements.Stored

    /// Stores what a spoke reports: each report once, under a lease that still holds, in the order it was numbered.
    ///
    /// All reports about one execution share a transaction. What is repeated is acknowledged again and changes nothing.
    /// - Throws: `ForeignCommand` when a report is about an account the session does not serve; then nothing is stored.
    package func record(
        _ reports: [ProgressReport],
        from session: Identifier<AgentSession>,
        serving accounts: Set<AccountNumber>
    ) async throws -> ProgressAcknowledgement {
        let ids = Set(reports.map(\.commandId)).sorted().map { Identifier<CommandStatements.StoredCommand>($0.uuid) }
        guard !ids.isEmpty else { return ProgressAcknowledgement(acknowledged: [], stale: []) }
        let commands = try await pool.run(CommandStatements.find(ids))
        if let foreign = commands.first(where: { !accounts.contains($0.place.accountId) }) {
            throw ForeignCommand(
                commandId: AgentCommand.ID(foreign.commandId.uuid),
                accountId: foreign.place.accountId
            )
        }
        let byCommand = Dictionary(grouping: reports, by: \.commandId)
        var acknowledgement = Self.unknown(byCommand, known: commands)
        for (execution, group) in Dictionary(grouping: commands, by: \.executionId) {
            let share = group.map { ($0, byCommand[AgentCommand.ID($0.commandId.uuid), default: []]) }
            let part =
                if let execution {
                    try await record(share, of: execution, from: session)
                } else {
                    try await record(share, from: session)
                }
            acknowledgement.acknowledged += part.acknowledged
            acknowledgement.stale += part.stale
        }
        return acknowledgement
    }

    private static func unknown(
        _ reports: [AgentCommand.ID: [ProgressReport]],
        known: [Command]
    ) -> ProgressAcknowledgement {
        let known = Set(known.map(\.commandId.uuid))
        let stale = reports.filter { !known.contains($0.key.uuid) }.flatMap { id, reports in
            Set(reports.map(\.term)).map { ProgressAcknowledgement.Stale(commandId: id, term: $0) }
        }
        return ProgressAcknowledgement(acknowledged: [], stale: stale)
    }

    /// Reports on an execution's commands: one turn.
    private func record(
        _ share: [(Command, [ProgressReport])],
        of execution: Execution.ID,
        from session: Identifier<AgentSession>
    ) async throws -> ProgressAcknowledgement {
        try await turn(of: execution) { turn, transaction in
            let locked = try await transaction.run(CommandStatements.lock(share.map(\.0.commandId)))
            var acknowledgement = ProgressAcknowledgement(acknowledged: [], stale: [])
            for command in locked {
                let reports = share.first { $0.0.commandId == command.commandId }?.1 ?? []
                let news = Self.news(reports, of: command, into: &acknowledgement)
                for report in news { try await apply(report, to: command, &turn, in: transaction) }
                if let last = news.last {
                    try await transaction.execute(
                        CommandStatements.acknowledge(command.commandId, sequence: last.sequence)
                    )
                }
            }
            return acknowledgement
        }
    }

    /// Reports on commands that belong to no execution.
    private func record(
        _ share: [(Command, [ProgressReport])],
        from session: Identifier<AgentSession>
    ) async throws -> ProgressAcknowledgement {
        try await pool.transaction { transaction in
            let locked = try await transaction.run(CommandStatements.lock(share.map(\.0.commandId)))
            var acknowledgement = ProgressAcknowledgement(acknowledged: [], stale: [])
            for command in locked {
                let reports = share.first { $0.0.commandId == command.commandId }?.1 ?? []
                for report in Self.news(reports, of: command, into: &acknowledgement) {
                    try await transaction.execute(answers(report, to: command))
                }
            }
            return acknowledgement
        }
    }

    /// The reports that are new and in order; says what is stored, or that the term is over.
    private static func news(
        _ reports: [ProgressReport],
        of command: Command,
        into acknowledgement: inout ProgressAcknowledgement
    ) -> [ProgressReport] {
        let id = AgentCommand.ID(command.commandId.uuid)
        for term in Set(reports.map(\.term)) where term != command.term {
            acknowledgement.stale.append(.init(commandId: id, term: term))
        }
        let current = reports.filter { $0.term == command.term }.sorted { $0.sequence < $1.sequence }
        guard !current.isEmpty else { return [] }
        guard command.state == "LEASED" else {
            // Ended under this very term: the answer was lost, not the report. Otherwise somebody took it back.
            let isOurs = current.allSatisfy { $0.sequence <= command.sequence }
            if isOurs {
                acknowledgement.acknowledged.append(
                    .init(commandId: id, term: command.term, sequence: command.sequence)
                )
            } else {
                acknowledgement.stale.append(.init(commandId: id, term: command.term))
            }
            return []
        }
        var (news, last) = ([ProgressReport](), command.sequence)
        for report in current where report.sequence == last + 1 {
            news.append(report)
            last = report.sequence
        }
        acknowledgement.acknowledged.append(.init(commandId: id, term: command.term, sequence: last))
        return news
    }

    /// Gives one report about an execution's command to the machine.
    private func apply(
        _ report: ProgressReport,
        to command: Command,
        _ turn: inout Turn,
        in transaction: Transaction
    ) async throws {
        let key = JobKey(command.key)
        let isLaunch = command.kind == AgentCommand.Kind.launch.rawValue
        switch report.event {
        case .jobAccepted(let job):
            turn.receive(.jobAccepted(key, jobId: job.jobId))
        case .startDeferred(let problem):
            try await transaction.execute(postponement(of: command, problem, at: turn.now))
            turn.receive(.launchDeferred(key, code: problem.code, text: problem.message))
        case .servers(let servers):
            turn.receive(.serversReported(key, servers))
        case .logItems(let items):
            guard let job = turn.execution.jobs[key], let jobId = job.jobId else { return }
            let new = items.map {
                JobLogStatements.New(at: $0.at, event: $0.event, sourceServerId: $0.sourceServerId, detail: $0.detail)
            }
            try await transaction.execute(JobLogStatements.add(new, of: job, jobId: jobId, in: turn.execution.id))
        case .jobEnded:
            turn.receive(.jobEnded(key))
        case .instances(let instances):
            turn.receive(.instancesReported(instances))
        case .access, .findings:
            break
        case .done:
            try await transaction.execute(
                CommandStatements.end(command.commandId, as: "DONE", problem: nil, at: turn.now)
            )
            turn.places.insert(command.place)
            turn.receive(isLaunch ? .jobEnded(key) : .terminationEnded(key: command.key, problem: nil))
        case .failed(let problem):
            let said = (code: problem.code, text: problem.message)
            try await transaction.execute(
                CommandStatements.end(command.commandId, as: "FAILED", problem: said, at: turn.now)
            )
            turn.places.insert(command.place)
            turn.receive(
                isLaunch
                    ? .launchRefused(key, code: problem.code, text: problem.message)
                    : .terminationEnded(key: command.key, problem: "\(problem.code): \(problem.message)")
            )
        }
    }

    /// What a report about a command of no execution leaves behind.
    private func answers(_ report: ProgressReport, to command: Command) -> [Statement] {
        let acknowledged = CommandStatements.acknowledge(command.commandId, sequence: report.sequence)
        switch report.event {
        case .access(let checks):
            return [CommandStatements.keep(JSON(document: checks), of: command.commandId), acknowledged]
                + FindingStatements.keep(checks, in: command.place, at: ambient.now)
        case .findings(let findings):
            return [acknowledged, FindingStatements.keep(findings, in: command.place, at: ambient.now)]
        case .done:
            return [acknowledged, CommandStatements.end(command.commandId, as: "DONE", problem: nil, at: ambient.now)]
        case .failed(let problem):
            let said = (code: problem.code, text: problem.message)
            return [
                acknowledged, CommandStatements.end(command.commandId, as: "FAILED", problem: said, at: ambient.now),
            ]
        case .startDeferred(let problem):
            return [acknowledged, postponement(of: command, problem, at: ambient.now)]
        case .jobAccepted, .servers, .logItems, .jobEnded, .instances:
            return [acknowledged]
        }
    }

    /// Waits between refused starts: short at first, for capacity may return at any moment.
    private static let patience = Backoff(base: .seconds(1), limit: .seconds(20))

    private func postponement(of command: Command, _ problem: ProgressEvent.Problem, at now: Instant) -> Statement {
        let pause = Self.patience.delay(after: command.attempt, by: ambient.chance)
        let asked = Duration.seconds(problem.retryAfterSeconds ?? 0)
        return CommandStatements.deferLaunch(
            command.commandId,
            until: now + max(pause, min(asked, .seconds(60))),
            isUnclear: problem.isUnclear,
            code: problem.code,
            text: problem.message
        )
    }
}
