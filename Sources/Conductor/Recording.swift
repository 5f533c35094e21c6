package import Ambient
package import Contract
internal import JSON
internal import Logging
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
            let stale = Set(part.stale.map(\.commandId.uuid))
            for (command, reports) in share where !stale.contains(command.commandId.uuid) { say(reports, of: command) }
            acknowledgement.acknowledged += part.acknowledged
            acknowledgement.stale += part.stale
        }
        return acknowledgement
    }

    /// Says what was reported, as a step of the command's trace; a failure to everybody, the rest to who looks closely.
    private func say(_ reports: [ProgressReport], of command: Command) {
        for report in reports {
            var facts: Logger.Metadata = [
                "command": "\(command.commandId)", "kind": "\(command.kind)", "place": "\(command.place)",
                "report": "\(report.event.kind.rawValue)",
            ]
            if let execution = command.executionId { facts["execution"] = "\(execution)" }
            if let trace = command.trace.flatMap(TraceContext.init) { facts["trace"] = "\(trace.traceId)" }
            guard case .failed(let problem) = report.event else {
                logger.debug("progress stored", metadata: facts)
                continue
            }
            facts["reason"] = "\(problem.code): \(problem.message)"
            logger.warning("a command failed", metadata: facts)
        }
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
        let order = ReportOrder(
            term: command.term,
            sequence: command.sequence,
            isLeased: command.state == "LEASED"
        )
        let answer = order.answer(to: reports) { ($0.term, $0.sequence) }
        acknowledgement.stale += answer.stale.sorted().map { .init(commandId: id, term: $0) }
        if let sequence = answer.acknowledged {
            acknowledgement.acknowledged.append(.init(commandId: id, term: command.term, sequence: sequence))
        }
        return answer.news
    }

    /// Gives one report about an execution's command to the machine.
    private func apply(
        _ report: ProgressReport,
        to command: Command,
        _ turn: inout Turn,
        in transaction: Transaction
    ) async throws {
        if case .logItems(let items) = report.event {
            return try await keep(items, of: JobKey(command.key), turn, in: transaction)
        }
        guard let said = WorkReport(report.event) else { return }
        let (event, fate) = said.meaning(
            forKey: command.key,
            isLaunch: command.kind == AgentCommand.Kind.launch.rawValue
        )
        switch fate {
        case .goesOn: break
        case .waits(let problem):
            try await transaction.execute(postponement(of: command, problem, at: turn.now))
        case .done:
            try await transaction.execute(
                CommandStatements.end(command.commandId, as: "DONE", problem: nil, at: turn.now)
            )
            turn.places.insert(command.place)
        case .failed(let problem):
            let said = (code: problem.code, text: problem.text)
            try await transaction.execute(
                CommandStatements.end(command.commandId, as: "FAILED", problem: said, at: turn.now)
            )
            turn.places.insert(command.place)
        }
        turn.receive(event)
    }

    private func keep(
        _ items: [JobLogItem],
        of key: JobKey,
        _ turn: Turn,
        in transaction: Transaction
    ) async throws {
        guard let job = turn.execution.jobs[key], let jobId = job.jobId else { return }
        let new = items.map {
            JobLogStatements.New(at: $0.at, event: $0.event, sourceServerId: $0.sourceServerId, detail: $0.detail)
        }
        try await transaction.execute(JobLogStatements.add(new, of: job, jobId: jobId, in: turn.execution.id))
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
            // What was terminated is soon seen to be gone.
            let isTermination = command.kind == AgentCommand.Kind.terminateInstances.rawValue
            return [acknowledged, CommandStatements.end(command.commandId, as: "DONE", problem: nil, at: ambient.now)]
                + (isTermination ? lookAgain(in: [command.place], at: ambient.now) : [])
        case .failed(let problem):
            let said = (code: problem.code, text: problem.message)
            return [
                acknowledged, CommandStatements.end(command.commandId, as: "FAILED", problem: said, at: ambient.now),
            ]
        case .startDeferred(let problem):
            return [acknowledged, postponement(of: command, WorkReport.Problem(problem), at: ambient.now)]
        case .jobAccepted, .servers, .logItems, .jobEnded, .instances:
            return [acknowledged]
        }
    }

    /// Waits between refused starts: short at first, for capacity may return at any moment.
    private static let patience = Backoff(base: .seconds(1), limit: .seconds(20))

    private func postponement(of command: Command, _ problem: WorkReport.Problem, at now: Instant) -> Statement {
        let pause = Self.patience.delay(after: command.attempt, by: ambient.chance)
        let asked = Duration.seconds(problem.retryAfterSeconds ?? 0)
        return CommandStatements.deferLaunch(
            command.commandId,
            until: now + max(pause, min(asked, .seconds(60))),
            isUnclear: problem.isUnclear,
            isSettled: problem.isSettled,
            code: problem.code,
            text: problem.text
        )
    }
}

extension WorkReport {
    /// The part of a report that decides anything; nil for what is only kept.
    fileprivate init?(_ event: ProgressEvent) {
        switch event {
        case .jobAccepted(let job): self = .jobAccepted(jobId: job.jobId)
        case .startDeferred(let problem): self = .deferred(Problem(problem))
        case .servers(let servers): self = .servers(servers)
        case .jobEnded: self = .jobEnded
        case .instances(let instances): self = .instances(instances)
        case .done: self = .done
        case .failed(let problem): self = .failed(Problem(problem))
        case .logItems, .access, .findings: return nil
        }
    }
}

extension WorkReport.Problem {
    fileprivate init(_ problem: ProgressEvent.Problem) {
        self.init(
            code: problem.code,
            text: problem.message,
            isUnclear: problem.isUnclear,
            retryAfterSeconds: problem.retryAfterSeconds
        )
    }
}
