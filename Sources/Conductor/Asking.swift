internal import Ambient
package import Contract
internal import JSON
internal import PostgreSQL
package import Recovery
internal import Store

/// Questions to spokes: commands that belong to no execution.
extension Conductor {
    /// How long a person's request waits for a spoke's answer.
    private static let patienceWithSpokes: Duration = .seconds(5)

    /// Asks a spoke of the place to look servers up at DRS, so that the inventory knows them.
    ///
    /// - Returns: false when no spoke serves the place now, or none answered within 5 s.
    package func lookUp(_ servers: [SourceServerID], in place: Place) async throws -> Bool {
        let work = AgentCommand.Work.syncInventory(SyncInventory(serverIds: servers))
        guard let standing = try await ask(work, in: place, prefix: "lookup") else { return false }
        return standing.state == "DONE"
    }

    /// Asks a spoke whether it may do in the place what it will have to do.
    ///
    /// - Returns: nil when no spoke answered; else what it found, or why it could not look.
    package func validateAccess(
        in place: Place
    ) async throws -> (checks: [AccessCheck], problem: (code: String, text: String)?)? {
        guard let standing = try await ask(.validateAccess(ValidateAccess()), in: place, prefix: "validate"),
            standing.hasEnded
        else { return nil }
        let checks = try standing.result.map { try $0.decoded(as: [AccessCheck].self) } ?? []
        return (checks, standing.problemCode.map { ($0, standing.problemText ?? "") })
    }

    /// Has the inventory of places looked at now; answers the places that a spoke serves.
    package func synchronise(_ account: AccountNumber?, in region: Region?) async throws -> [Place] {
        let served = try await pool.run(ReconcilerStatements.placesServed(of: account, at: ambient.now))
        let places = served.filter { region == nil || $0.region == region }
        try await pool.execute(lookAgain(in: Set(places), at: ambient.now))
        for account in Set(places.map(\.accountId)) { hints.send(.work(account)) }
        return places.sorted()
    }

    /// Statements that have the inventory of the places looked at soon; twice at the same moment is once.
    func lookAgain(in places: Set<Place>, at now: Instant) -> [Statement] {
        places.sorted().map { place in
            CommandStatements.insert(
                question(
                    .syncInventory(SyncInventory()),
                    in: place,
                    key: "sync/\(place.accountId)/\(place.region)/\(now.milliseconds)"
                ),
                at: now
            )
        }
    }

    private func ask(
        _ work: AgentCommand.Work,
        in place: Place,
        prefix: String
    ) async throws -> CommandStatements.Standing? {
        let served = try await pool.run(ReconcilerStatements.placesServed(of: place.accountId, at: ambient.now))
        guard served.contains(place) else { return nil }
        let key = "\(prefix)/\(ambient.identifier(for: Conductor.self))"
        try await pool.execute(CommandStatements.insert(question(work, in: place, key: key), at: ambient.now))
        hints.send(.work(place.accountId))
        let end = ambient.time.elapsed() + Self.patienceWithSpokes
        var standing: CommandStatements.Standing?
        while ambient.time.elapsed() < end {
            standing = try await pool.first(CommandStatements.standing(ofKey: key))
            if standing?.hasEnded == true { return standing }
            try await ambient.time.sleep(for: .milliseconds(25))
        }
        // Nobody waits for the answer any more.
        _ = try await pool.run(CommandStatements.withdraw([key], at: ambient.now))
        return standing
    }

    func question(_ work: AgentCommand.Work, in place: Place, key: String) -> CommandStatements.New {
        func document(_ body: some Encodable) -> String { JSON(document: body).text }
        return CommandStatements.New(
            commandId: ambient.identifier(),
            key: key,
            kind: work.kind.rawValue,
            place: place,
            executionId: nil,
            state: "READY",
            isRecovery: false,
            serverCount: 0,
            body: document(work.body),
            trace: TraceContext.current ?? TraceContext(by: ambient.chance)
        )
    }
}
