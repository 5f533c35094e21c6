package import Ambient
package import Audit
internal import JSON
package import Logging
package import PostgreSQL
internal import Store

/// Puts what waits into the chain and signs where the chain has come to: one replica at a time, within a second.
///
/// Events are inserted without a number, so that no change waits for another. A sealer takes an advisory lock, gives the
/// events that wait their numbers and hashes, and adds a signed head, all in one transaction: killed in the middle, it has
/// done nothing. The heads name the journals of executions too, so that nobody can cut off their ends.
package struct Sealer: Sendable {
    private let pool: Pool
    private let keys: SealKeys
    private let ambient: Ambient
    private let logger: Logger

    /// Between two looks: two of them, and the work, are within the second that is promised.
    private static let pause = Duration.milliseconds(400)
    /// Events of one transaction: some milliseconds of work.
    private static let batch = 1000
    /// Journals of one head: some 100 kB of its document.
    private static let journals = 500
    /// How long after an execution's end its journal is looked at each time, for its clean-up and its notes.
    private static let aftermath = Duration.seconds(600)
    /// How often all journals are looked at.
    private static let sweep = Duration.seconds(60)

    package init(pool: Pool, keys: SealKeys, ambient: Ambient, logger: Logger) {
        self.pool = pool
        self.keys = keys
        self.ambient = ambient
        self.logger = logger
    }

    /// Seals until cancelled.
    package func run() async throws {
        var lastSweep: Duration?
        var known: AuditHead?
        while true {
            let elapsed = ambient.time.elapsed()
            let isSweep = lastSweep.map { elapsed - $0 >= Self.sweep } ?? true
            do {
                let round = try await seal(allJournals: isSweep, expecting: known)
                if isSweep { lastSweep = elapsed }
                known = round.head ?? known
                if round.isFull { continue }
            } catch let failure as PostgresFailure {
                logger.warning("the audit was not sealed", metadata: ["failure": "\(failure)"])
            }
            try await ambient.time.sleep(for: Self.pause)
        }
    }

    /// What one round did.
    package struct Round: Sendable {
        /// The newest head, whoever made it; nil where another sealer is at work or there is none.
        package var head: AuditHead?
        package var sealed = 0
        /// Whether there may be more to do at once.
        package var isFull = false
    }

    /// One round: what waits now.
    ///
    /// - Parameters:
    ///   - allJournals: Whether the journals of executions long ended are looked at too.
    ///   - known: The newest head that this sealer has seen: if it is there no more, somebody took it away.
    ///   - waits: Whether another sealer is waited for; else nothing is done beside it.
    /// - Returns: What was done.
    /// - Throws: `PostgresFailure`, `OpenSSLError`; then nothing has changed.
    package func seal(
        allJournals: Bool = true,
        expecting known: AuditHead? = nil,
        waiting waits: Bool = false
    ) async throws -> Round {
        try await pool.transaction { transaction in
            let lock = waits ? AuditSealStatements.awaitLock : AuditSealStatements.takeLock
            guard try await transaction.first(lock) == true else { return Round() }
            let former = try await transaction.first(AuditSealStatements.head)
            let head = former.flatMap { AuditHead(document: $0.document) }
            try await lookBack(to: known, from: head, in: transaction)
            let moment = allJournals ? nil : ambient.now - Self.aftermath
            let grown = try await transaction.run(
                AuditSealStatements.grown(endedAfter: moment, limit: Self.journals)
            )
            let (place, count) = try await chain(in: transaction)
            guard count > 0 || !grown.isEmpty else { return Round(head: head) }
            let next = AuditHead(
                number: (head?.number ?? 0) + 1,
                at: ambient.now,
                place: place,
                journals: grown,
                previous: former?.digest ?? Chain.start,
                keyId: keys.signingId
            )
            try await transaction.execute(AuditSealStatements.add(next, try next.signed(by: keys.signing)))
            if !grown.isEmpty { try await transaction.execute(AuditSealStatements.mark(grown)) }
            return Round(
                head: next,
                sealed: count,
                isFull: count == Self.batch || grown.count == Self.journals
            )
        }
    }

    /// Gives what waits its places; answers where the chain is then.
    private func chain(in transaction: Transaction) async throws -> (place: ChainPlace, count: Int) {
        var place = try await transaction.first(AuditSealStatements.place) ?? .start
        let waiting = try await transaction.run(AuditSealStatements.waiting(limit: Self.batch))
        let sealed = waiting.map { event in
            place = place.next(event.text)
            return (id: event.id, place: place)
        }
        if !sealed.isEmpty { try await transaction.execute(AuditSealStatements.seal(sealed)) }
        return (place, sealed.count)
    }

    /// Says so, in the audit too, when a head is gone that was there: its end was cut off while the hub ran.
    private func lookBack(to known: AuditHead?, from head: AuditHead?, in transaction: Transaction) async throws {
        guard let known, (head?.number ?? 0) < known.number else { return }
        logger.error(
            "signed heads of the audit are gone: its end was cut off",
            metadata: ["known": "\(known.number)", "found": "\(head?.number ?? 0)"]
        )
        let event = AuditEvent(
            eventId: ambient.identifier(),
            at: ambient.now,
            principal: "muster",
            action: "MISS_AUDIT_HEAD",
            subjectKind: "audit",
            detail: known.document
        )
        try await transaction.execute(event.insert)
    }
}
