package import Ambient
internal import Audit
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
    /// Whether a hub that died, or slept, has made it already: its audit event is there.
    package let wasMade: Bool

    fileprivate init(_ claim: IdempotencyStatements.Claim, wasMade: Bool) {
        guard let uuid = UUID(uuidString: claim.intent) else {
            preconditionFailure("a claim of an idempotency key holds no UUID")
        }
        self.uuid = uuid
        self.wasMade = wasMade
    }

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
                do {
                    return try await perform(use, under: claim, work)
                } catch {
                    // This hub may have slept while another took the claim over: what that one answers is the answer.
                    if let kept = (try? await kept(use)) ?? nil { return kept }
                    guard (error as? PostgresFailure)?.constraint == AuditEvent.primaryKey else { throw error }
                }
            } else if let kept = try await kept(use) {
                return kept
            }
            guard ambient.time.elapsed() < end else { throw Problem.unavailable }
            try await ambient.time.sleep(for: Self.pause)
        }
    }

    /// The answer that is kept, where there is one.
    private func kept(_ use: IdempotencyStatements.Use) async throws -> KeptAnswer? {
        guard let record = try await pool.first(IdempotencyStatements.find(use)) else { return nil }
        guard record.bodyHash == use.bodyHash else {
            throw Problem(
                .idempotencyKeyReused,
                "This Idempotency-Key was used with another body within \(Limits.idempotencyHours) hours."
            )
        }
        return record.status.map { KeptAnswer(status: $0, headers: record.headers, body: record.body) }
    }

    /// What a claim is for; the change's audit event has its identifier, and is there exactly when the change is.
    private func intent(of claim: IdempotencyStatements.Claim) async throws -> Intent {
        let intent = Intent(claim, wasMade: false)
        guard claim.wasTakenOver, try await pool.first(AuditEvent.isWritten(intent.identifier())) == true else {
            return intent
        }
        return Intent(claim, wasMade: true)
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

    /// What becomes of a claim whose request failed; of this hub's own claim only.
    private func end(
        _ claim: IdempotencyStatements.Claim,
        of use: IdempotencyStatements.Use,
        after error: any Error
    ) -> Statement {
        guard !isRefusal(error) else { return IdempotencyStatements.release(use, claimed: claim.at) }
        let abandoned = ambient.now - Self.abandonedAfter - .milliseconds(1)
        return IdempotencyStatements.abandon(use, claimed: claim.at, abandoned: abandoned)
    }

    private func perform(
        _ use: IdempotencyStatements.Use,
        under claim: IdempotencyStatements.Claim,
        _ work: (Intent) async throws -> KeptAnswer
    ) async throws -> KeptAnswer {
        do {
            let answer = try await work(try await intent(of: claim))
            try await pool.execute(
                IdempotencyStatements.keep(use, status: answer.status, headers: answer.headers, body: answer.body)
            )
            return answer
        } catch {
            // Should this fail too, the claim is taken over when it is old enough.
            _ = try? await pool.execute(end(claim, of: use, after: error))
            throw error
        }
    }
}
