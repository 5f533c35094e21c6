package import Ambient

/// Asks STS who signed a proof: what lets a spoke in.
package struct CallerIdentityCheck: Sendable {
    /// What came of it.
    package enum Verdict: Sendable, Hashable {
        case identified(CallerIdentity)

        /// The proof is malformed, or STS refused it: it is nobody's.
        case refused(String)

        /// STS could not be asked, or its answer cannot be believed: this says nothing about the proof.
        case unavailable(String)
    }

    /// The time for STS to answer.
    package static let time: Duration = .seconds(10)

    private let exchange: HTTPExchange

    package init(exchange: HTTPExchange) {
        self.exchange = exchange
    }

    /// Rebuilds the proof's request and sends it to the endpoint, whose host the challenge must name.
    ///
    /// Only an answer of status 200 that reads strictly identifies anyone; a redirect never does.
    ///
    /// - Parameters:
    ///   - proof: What the spoke sent.
    ///   - challenge: What the hub had asked.
    ///   - endpoint: The STS endpoint of the hub's allow-list.
    ///   - instant: The hub's time.
    /// - Returns: Who it is, or why not.
    /// - Throws: `CancellationError` alone.
    package func verdict(
        on proof: GetCallerIdentityProof,
        answering challenge: GetCallerIdentityProof.Challenge,
        askedOf endpoint: Endpoint,
        at instant: Instant
    ) async throws -> Verdict {
        guard endpoint.authority == challenge.stsHost else { return .refused("the proof is for another STS endpoint") }
        let request: SignableRequest
        do { request = try proof.request(answering: challenge, at: instant) } catch {
            return .refused(error.description)
        }
        let answer: HTTPExchange.Answer
        do {
            answer = try await exchange.send(
                "sts.GetCallerIdentity.proof",
                request,
                to: endpoint.origin,
                within: Self.time,
                limit: CallerIdentity.longestAnswer
            )
        } catch let failure as HTTPExchange.Failure {
            return .unavailable("STS gave no answer: \(failure)")
        }
        switch answer.status {
        case 200:
            do { return .identified(try CallerIdentity(parsing: answer.body)) } catch {
                return .unavailable("STS gave an answer that cannot be believed: \(error)")
            }
        case 429: return .unavailable("STS answered 429")
        case 400..<500: return .refused("STS answered \(answer.status)")
        default: return .unavailable("STS answered \(answer.status)")
        }
    }
}
