internal import Ambient
package import Audit
package import PostgreSQL
internal import Recovery
internal import Store

/// Goes over the whole audit in the database, and over every journal that a signed head names, as of one moment.
package struct AuditVerification: Sendable {
    private let pool: Pool
    private let keys: AuditKeys

    /// Rows read in one go: some hundred kilobytes.
    private static let batch = 1000

    package init(pool: Pool, keys: AuditKeys) {
        self.pool = pool
        self.keys = keys
    }

    /// What was found.
    package struct Finding: Sendable {
        package var firstBreak: AuditVerifier.Break?
        /// Sealed events that were followed.
        package var events: Int
        /// Events that wait for their seal: at most those of the last second.
        package var unsealed: Int
        /// Journals that were followed.
        package var journals: Int
        /// Where it begins: behind what was archived.
        package var start: ChainPlace
        package var head: SignedHead?
    }

    /// Recomputes everything.
    ///
    /// - Parameter witnesses: Heads that were kept elsewhere, such as in a report.
    /// - Returns: The first thing that is not as it was sealed, if any.
    /// - Throws: `PostgresFailure`.
    package func run(witnesses: [SignedHead] = []) async throws -> Finding {
        try await pool.transaction(.snapshot) { transaction in
            try await Self.finding(in: transaction, keys: keys, witnesses: witnesses)
        }
    }

    /// The same as one transaction sees it.
    package static func finding(
        in transaction: Transaction,
        keys: AuditKeys,
        witnesses: [SignedHead] = []
    ) async throws -> Finding {
        let found = try await start(in: transaction, signedBy: keys)
        let start = found ?? .beginning
        var verifier = AuditVerifier(keys: keys, from: start, witnesses: witnesses)
        if found == nil { verifier.refuseStart() }
        try await follow(from: start, with: &verifier, in: transaction)
        verifier.finish()
        let journals = try await followJournals(with: &verifier, in: transaction)
        return Finding(
            firstBreak: verifier.firstBreak,
            events: verifier.events,
            unsealed: try await transaction.run(AuditReading.unsealed).count,
            journals: journals,
            start: start.place,
            head: try await transaction.first(AuditSealStatements.head)
        )
    }

    /// Where the chain begins; nil where it begins behind something that no sealed event says was archived.
    static func start(in runner: some Runner, signedBy keys: AuditKeys) async throws -> AuditVerifier.Start? {
        let firsts = try await runner.first(AuditReading.firsts)
        guard let link = firsts?.link, link > 1 else { return .beginning }
        let archives = try await runner.run(AuditReading.sealed(AuditArchive.action, limit: AuditArchive.most))
        return archives.compactMap { archive(in: $0, keys)?.end }
            .first { $0.place.sequence == link - 1 }
    }

    private static func archive(in text: String, _ keys: AuditKeys) -> AuditArchive? {
        AuditEvent(text: text).flatMap { AuditArchive($0, signedBy: keys) }
    }

    /// Gives the verifier every link and head in their order.
    static func follow(
        from start: AuditVerifier.Start,
        with verifier: inout AuditVerifier,
        in runner: some Runner
    ) async throws {
        var heads = try await runner.run(AuditReading.heads(after: start.head, limit: batch))
        var (index, lastHead, lastLink) = (0, heads.last?.number ?? start.head, start.place.sequence)
        func takeHeads(upTo sequence: Int, _ verifier: inout AuditVerifier) async throws {
            while true {
                if index == heads.count {
                    heads = try await runner.run(AuditReading.heads(after: lastHead, limit: batch))
                    (index, lastHead) = (0, heads.last?.number ?? lastHead)
                }
                guard index < heads.count, heads[index].sequence <= sequence else { return }
                let head = heads[index]
                index += 1
                verifier.take(head.signed)
                if AuditHead(document: head.signed.document).map({ $0.number != head.number }) ?? true
                    || AuditHead(document: head.signed.document)?.place.sequence != head.sequence
                {
                    verifier.refuseHead("the columns of head \(head.number) are not what was signed")
                }
            }
        }
        while verifier.firstBreak == nil {
            let links = try await runner.run(AuditReading.links(after: lastLink, limit: batch))
            for stored in links {
                try await takeHeads(upTo: stored.link.sequence - 1, &verifier)
                verifier.take(stored.link)
                if !stored.hasItsColumns { verifier.refuseColumns(of: stored.link) }
            }
            lastLink = links.last?.link.sequence ?? lastLink
            if links.count < batch { break }
        }
        if verifier.firstBreak == nil { try await takeHeads(upTo: .max, &verifier) }
    }

    private static func followJournals(with verifier: inout AuditVerifier, in runner: some Runner) async throws -> Int {
        var count = 0
        for (id, place) in verifier.journals.sorted(by: { $0.key < $1.key }) where verifier.firstBreak == nil {
            var chain = JournalChain(of: id)
            while let execution = Execution.ID(id), chain.place.sequence < place.sequence, !chain.isBroken {
                let missing = place.sequence - chain.place.sequence
                let events = try await runner.run(
                    JournalStatements.events(of: execution, after: chain.place.sequence, limit: min(batch, missing))
                )
                guard !events.isEmpty else { break }
                for event in events { chain.take(sequence: event.sequence, text: event.event, hash: event.hash) }
            }
            verifier.judgeJournal(id, hash: chain.place == place ? chain.place.hash : nil)
            count += 1
        }
        return count
    }
}
