package import Ambient
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import OpenSSL
internal import PostgreSQL
internal import Recovery
internal import Store

/// The text by which a client says that two requests are the same.
struct IdempotencyKey: Sendable, Hashable {
    private let text: String

    /// Nil where the header is missing.
    ///
    /// - Throws: `Problem` 400.
    init?(_ values: [String]) throws {
        guard let text = values.first?.trimmingBlanks else { return nil }
        guard values.count == 1, (1...Limits.idempotencyKeyLength).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Problem.header(
                .idempotencyKey,
                "must be one text of 1 to \(Limits.idempotencyKeyLength) printable ASCII characters"
            )
        }
        self.text = text
    }

    /// The use of the key by somebody at a path with a body, of which the order of members does not count.
    func use(by caller: Caller, at request: Request, body: JSON?) -> IdempotencyStatements.Use {
        let canonical = (body ?? .null).canonicalText
        return IdempotencyStatements.Use(
            principal: caller.principal,
            path: request.uri.path,
            key: text,
            bodyHash: SHA256.digest(Array(canonical.utf8))
        )
    }
}

/// What a request with a key is to make, chosen before it is made.
///
/// Should the hub die, whoever takes the request over finds by it what was made.
package struct Intent: Sendable, Hashable {
    private let uuid: UUID
    /// Whether a hub that died may have made it already.
    package let wasBegun: Bool
    /// Whether it has, where its transaction ran `note`.
    package let wasMade: Bool
    private let use: IdempotencyStatements.Use

    init(_ claim: IdempotencyStatements.Claim, of use: IdempotencyStatements.Use) {
        guard let uuid = UUID(uuidString: claim.intent) else {
            preconditionFailure("a claim of an idempotency key holds no UUID")
        }
        self.uuid = uuid
        wasBegun = claim.wasTakenOver
        wasMade = claim.wasMade
        self.use = use
    }

    /// Says that it was made; for the transaction that makes what has no identifier to be found by.
    var note: Statement { IdempotencyStatements.noteMade(use) }

    /// The identifier that the object is to have.
    package func identifier<Subject>(for subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        Identifier(uuid)
    }
}

/// Does a request once, however often it is said: the first one claims the key, the others wait and get its answer.
struct AnswerKeeper: Sendable {
    let pool: Pool
    let ambient: Ambient

    /// A claim this old belongs to a hub that died: no call takes as long (the longest waits 5 s for a spoke).
    private static let abandonedAfter = Duration.seconds(15)
    /// How long a second call waits for the first.
    private static let patience = Duration.seconds(25)
    private static let pause = Duration.milliseconds(20)

    func once(
        _ use: IdempotencyStatements.Use,
        _ work: (Intent) async throws -> KeptAnswer
    ) async throws -> KeptAnswer {
        let end = ambient.time.elapsed() + Self.patience
        while true {
            if let claim = try await claim(use) {
                return try await perform(use) { try await work(Intent(claim, of: use)) }
            }
            if let record = try await pool.first(IdempotencyStatements.find(use)) {
                guard record.bodyHash == use.bodyHash else {
                    throw Problem(
                        .idempotencyKeyReused,
                        "This Idempotency-Key was used with another body within \(Limits.idempotencyHours) hours."
                    )
                }
                if let status = record.status {
                    return KeptAnswer(status: status, headers: record.headers, body: record.body)
                }
            }
            guard ambient.time.elapsed() < end else { throw Problem.unavailable }
            try await ambient.time.sleep(for: Self.pause)
        }
    }

    private func claim(_ use: IdempotencyStatements.Use) async throws -> IdempotencyStatements.Claim? {
        let now = ambient.now
        return try await pool.first(
            IdempotencyStatements.claim(
                use,
                intending: ambient.identifier(for: Intent.self).description,
                at: now,
                abandoned: now - Self.abandonedAfter,
                expired: now - .seconds(3600 * Limits.idempotencyHours)
            )
        )
    }

    /// Whether the error says that nothing was changed; a lost database or a bug does not.
    private func isRefusal(_ error: any Error) -> Bool {
        error is Refusal || (error as? Problem).map { $0.status < 500 } ?? false
    }

    private func abandon(_ use: IdempotencyStatements.Use) -> Statement {
        let now = ambient.now
        return IdempotencyStatements.abandon(use, at: now, abandoned: now - Self.abandonedAfter - .milliseconds(1))
    }

    private func perform(
        _ use: IdempotencyStatements.Use,
        _ work: () async throws -> KeptAnswer
    ) async throws -> KeptAnswer {
        do {
            let answer = try await work()
            try await pool.execute(
                IdempotencyStatements.keep(use, status: answer.status, headers: answer.headers, body: answer.body)
            )
            return answer
        } catch {
            // Should this fail too, the claim is taken over when it is old enough.
            _ = try? await pool.execute(isRefusal(error) ? IdempotencyStatements.release(use) : abandon(use))
            throw error
        }
    }
}
