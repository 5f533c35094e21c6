package import Ambient
package import Audit
internal import Conductor
internal import JSON
package import Logging
package import PostgreSQL
package import Recovery
package import Reporting
internal import Store

/// Makes reports: interim ones for whoever asks, final ones by itself when an execution or its clean-up ends.
///
/// Any replica does it. What each final report was made for is its occasion, of which the database takes one only, so that
/// a report is made once whoever is killed between which lines: either it is there whole, or the next look makes it.
package struct ReportMaking: Sendable {
    let pool: Pool
    let keys: SealKeys
    let press: ReportPress
    let ambient: Ambient
    let logger: Logger

    /// Between two looks for what ended.
    private static let pause = Duration.seconds(2)
    /// How far back a look goes; what ended before is found by the sweep.
    private static let recent = Duration.seconds(900)
    /// How often everything is looked at: for clean-ups of what ended long ago.
    private static let sweep = Duration.seconds(60)
    /// Reports of one look: each takes a moment, and the hub has other work.
    static let batch = 10
    /// How long a report without a PDF is tried to be printed unasked.
    private static let printing = Duration.seconds(86_400)
    /// Until a print that failed is tried again.
    private static let printPause = Duration.seconds(60)

    package init(pool: Pool, keys: SealKeys, press: ReportPress, ambient: Ambient, logger: Logger) {
        self.pool = pool
        self.keys = keys
        self.press = press
        self.ambient = ambient
        self.logger = logger
    }

    /// A report as of now, which nobody keeps; nil when there is no such execution.
    package func interim(_ id: Execution.ID, for person: String) async throws -> (report: Report, seal: ReportSeal)? {
        guard let material = try await ReportGathering.material(of: id, from: pool) else { return nil }
        let report = Report(
            material,
            ReportMaterial.Order(
                reportId: ambient.identifier(for: Report.self).description,
                version: 0,
                why: "somebody asked for it",
                madeBy: person,
                madeAt: ambient.now,
                hubVersion: MusterVersion.text
            )
        )
        return (report, try ReportSeal(report, by: keys))
    }

    /// Makes and keeps the next version, unless one was made for the same occasion.
    ///
    /// - Parameters:
    ///   - id: The execution.
    ///   - occasion: What it is made for.
    ///   - why: The same in words.
    ///   - person: Who asked for it.
    ///   - reportId: How it is to be named.
    ///   - deed: Of whom the audit tells; nil: the hub's own.
    /// - Returns: Its version; nil when it was made before, or the execution runs (again).
    /// - Throws: `PostgresFailure`, `OpenSSLError`; then there is none.
    package func make(
        _ id: Execution.ID,
        for occasion: String,
        because why: String,
        by person: String,
        as reportId: Identifier<Report>,
        _ deed: Deed? = nil
    ) async throws -> Int? {
        guard let material = try await ReportGathering.material(of: id, from: pool), material.execution.endedAt != nil
        else { return nil }
        return try await pool.transaction { transaction in
            _ = try await transaction.first(ReportStatements.lock(id))
            guard let standing = try await transaction.first(ReportStatements.standing(of: id, occasion)),
                !standing.isMade
            else { return nil }
            let version = standing.versions + 1
            let report = Report(
                material,
                ReportMaterial.Order(
                    reportId: reportId.description,
                    version: version,
                    why: why,
                    madeBy: person,
                    madeAt: ambient.now,
                    hubVersion: MusterVersion.text
                )
            )
            let seal = try ReportSeal(report, by: keys)
            try await transaction.execute(
                ReportStatements.insert(.init(report, seal, id: reportId, occasion: occasion))
            )
            try await transaction.execute(event(of: report, seal, deed).insert)
            return version
        }
    }

    private func event(of report: Report, _ seal: ReportSeal, _ deed: Deed?) -> AuditEvent {
        let deed =
            deed
            ?? Deed(
                AuditEvent(
                    eventId: ambient.identifier(),
                    at: ambient.now,
                    principal: "muster",
                    action: "MAKE_REPORT"
                )
            )
        let accounts = Set(report.servers.map(\.accountId)).compactMap(AccountNumber.init(rawValue:)).sorted()
        return deed.done(
            to: "Report",
            report.identity.reportId,
            accounts: accounts,
            detail: report.identity.why,
            after: [
                "contentHash": .string(seal.contentHash),
                "executionId": .string(report.identity.executionId.description),
                "journalHead": .string(report.evidence.journalHead),
                "version": .integer(Int64(report.identity.version)),
            ]
        )
    }
}

extension ReportMaking {
    /// Makes what is due until cancelled.
    package func run() async throws {
        var lastSweep: Duration?
        var nextPrint = Duration.zero
        while true {
            let elapsed = ambient.time.elapsed()
            let isSweep = lastSweep.map { elapsed - $0 >= Self.sweep } ?? true
            do {
                let made = try await look(back: isSweep ? nil : Self.recent)
                if isSweep { lastSweep = elapsed }
                if elapsed >= nextPrint, try await printNext() == false { nextPrint = elapsed + Self.printPause }
                if made == Self.batch { continue }
            } catch let error as CancellationError {
                throw error
            } catch {
                // The hub has other work: whatever is wrong with one report is looked at again at the next look.
                logger.warning("reports were not made", metadata: ["failure": "\(error)"])
            }
            try await ambient.time.sleep(for: Self.pause)
        }
    }

    /// Makes what is due.
    ///
    /// - Parameter recent: How far back it looks; nil: at everything.
    /// - Returns: How many there were.
    /// - Throws: `PostgresFailure`, `OpenSSLError`.
    package func look(back recent: Duration?) async throws -> Int {
        let moment = recent.map { ambient.now - $0 } ?? Instant(milliseconds: 0)
        let due = try await pool.run(ReportStatements.due(endedAfter: moment, limit: Self.batch))
        var made = 0
        for item in due {
            do {
                _ = try await make(
                    item.executionId,
                    for: item.occasion,
                    because: item.isCleanUp ? "the clean-up ended" : "the execution ended",
                    by: "muster",
                    as: ambient.identifier()
                )
                made += 1
            } catch let error as CancellationError {
                throw error
            } catch {
                // One that cannot be made must not keep the others from being made.
                let execution = "\(item.executionId)"
                logger.error("a report was not made", metadata: ["execution": "\(execution)", "failure": "\(error)"])
            }
        }
        try await lookAtCampaigns(back: moment)
        return made
    }

    /// Prints a report that nobody has printed; answers false where one could not be.
    ///
    /// One that cannot be printed does not keep the next ones from it.
    private func printNext() async throws -> Bool {
        guard press.isAvailable else { return true }
        let oldest = ambient.now - Self.printing
        var succeeded = true
        for next in try await pool.run(ReportStatements.unprinted(after: oldest, limit: Self.batch)) {
            guard let (report, seal) = try await stored(next.executionId, version: next.version) else { continue }
            do {
                _ = try await pdf(of: report, seal, isStored: true)
                return succeeded
            } catch ReportPress.Failure.busy {
                return succeeded
            } catch let failure as ReportPress.Failure {
                succeeded = false
                logger.error(
                    "a report was not printed",
                    metadata: ["report": "\(next.reportId)", "failure": "\(failure)"]
                )
            }
        }
        return succeeded
    }

    /// A version as it was made; nil where there is none.
    package func stored(_ id: Execution.ID, version: Int?) async throws -> (report: Report, seal: ReportSeal)? {
        guard let row = try await pool.first(ReportStatements.document(of: id, version: version)),
            let seal = ReportSeal(document: row.seal, signature: row.signature, of: row.document)
        else { return nil }
        return (try Report(text: row.document), seal)
    }
}
