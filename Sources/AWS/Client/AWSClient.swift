package import Ambient
internal import JSON
package import CoreMetrics
package import Logging

/// Calls AWS: addresses, signs, sends, reads, and tries again where that is right.
///
/// Every call has a deadline for each attempt and for the whole. What is tried again: a request that did not leave, 429
/// and the throttling codes (after `Retry-After` and full jitter), and where repeating is harmless also a lost or unreadable
/// answer and 5xx. A call that must not be performed twice ends as `.unclear` then. A token bucket for each account, Region and
/// operation slows all callers together. A wrong clock is corrected once from the server's date; a token that AWS calls
/// expired is thrown away once.
package struct AWSClient: Sendable {
    let exchange: HTTPExchange
    let endpoints: Endpoints
    let ambient: Ambient
    let policy: CallPolicy
    let pace: Pace
    let skew: ClockSkew
    let logger: Logger
    let meter: CallMeter

    package init(
        exchange: HTTPExchange,
        endpoints: Endpoints,
        ambient: Ambient,
        policy: CallPolicy = CallPolicy(),
        pace: Pace = Pace(),
        skew: ClockSkew = ClockSkew(),
        logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.exchange = exchange
        self.endpoints = endpoints
        self.ambient = ambient
        self.policy = policy
        self.pace = pace
        self.skew = skew
        self.logger = logger
        meter = CallMeter(metrics)
    }

    /// The same client for a question that is optional and must not hold anything up.
    var hurried: AWSClient {
        let hurry = CallPolicy(attemptTime: .seconds(5), callTime: .seconds(10), attempts: 2, backoff: policy.backoff)
        return AWSClient(
            exchange: exchange,
            endpoints: endpoints,
            ambient: ambient,
            policy: hurry,
            pace: pace,
            skew: skew,
            logger: logger,
            metrics: meter.factory
        )
    }

    /// Makes a call and reads its answer.
    ///
    /// - Parameters:
    ///   - call: What to call.
    ///   - credentials: What to sign with.
    ///   - reading: Reads the body of an answer of 200 to 299; what it throws makes the answer an unreadable one.
    /// - Returns: What `reading` made of the answer.
    /// - Throws: `AWSFailure`; what `call.beforeSending` threw; `CancellationError`, after which a call that was being
    ///   sent is as unclear as after a time-out.
    package func perform<Answer: Sendable>(
        _ call: AWSCall,
        with credentials: any CredentialSource,
        reading: @Sendable (HTTPExchange.Answer) throws -> Answer
    ) async throws -> Answer {
        let end = ambient.time.elapsed() + policy.callTime
        var attempts = 0
        var hasRepaired = false
        while true {
            try await waitForTurn(call, until: end)
            attempts += 1
            let sent = ambient.time.elapsed()
            let outcome = try await attempt(call, with: credentials, until: end, reading: reading)
            meter.count(call, Self.failure(of: outcome), took: ambient.time.elapsed() - sent)
            guard case .failure(let missed) = outcome else { return try outcome.get().answer }
            let failure = missed.failure
            if !hasRepaired, try await repair(missed, credentials: credentials) {
                hasRepaired = true
                continue
            }
            let remaining = end - ambient.time.elapsed()
            guard let delay = delay(after: failure, attempts: attempts, remaining: remaining) else { throw failure }
            logger.debug(
                "call is tried again",
                metadata: ["call": "\(call.name)", "region": "\(call.region)", "failure": "\(failure)"]
            )
            try await ambient.time.sleep(for: delay)
        }
    }

    /// An attempt that did not succeed, with what is needed to find out why.
    private struct Missed: Error {
        let failure: AWSFailure
        var date: String?
        var credentials: Credentials?
    }

    private static func failure<Answer>(of outcome: Result<Got<Answer>, Missed>) -> AWSFailure? {
        guard case .failure(let missed) = outcome else { return nil }
        return missed.failure
    }

    /// Keeps any answer apart from the errors of `Result`.
    private struct Got<Answer: Sendable>: Sendable {
        let answer: Answer
    }

    private func delay(after failure: AWSFailure, attempts: Int, remaining: Duration) -> Duration? {
        func delay(_ chance: some Chance) -> Duration? {
            policy.delay(after: failure, attempts: attempts, remaining: remaining, by: chance)
        }
        return delay(ambient.chance)
    }

    private func waitForTurn(_ call: AWSCall, until end: Duration) async throws {
        let now = ambient.time.elapsed()
        let turn = pace.turn(of: call, at: now)
        guard turn > .zero else { return }
        guard now + turn < end else {
            let message = "too many calls of this operation in this account and Region"
            throw AWSFailure(
                .refused,
                operation: call.name,
                region: call.region,
                code: "ThrottlingException",
                message: message,
                retryAfter: turn
            )
        }
        meter.count(call, waiting: turn)
        try await ambient.time.sleep(for: turn)
    }

    /// Corrects the clock or throws away a token, where that is what the failure asks for.
    private func repair(_ missed: Missed, credentials source: any CredentialSource) async throws -> Bool {
        guard missed.failure.kind == .refused else { return false }
        if missed.failure.isExpiredToken, let credentials = missed.credentials {
            await source.discard(credentials)
            return true
        }
        guard missed.failure.isSkew, skew.learn(fromDate: missed.date, at: ambient.now) else { return false }
        logger.warning("this machine's clock is wrong, signing with the server's time")
        return true
    }

    private func attempt<Answer: Sendable>(
        _ call: AWSCall,
        with source: any CredentialSource,
        until end: Duration,
        reading: @Sendable (HTTPExchange.Answer) throws -> Answer
    ) async throws -> Result<Got<Answer>, Missed> {
        func missed(_ kind: AWSFailure.Kind, _ error: any Error) -> Result<Got<Answer>, Missed> {
            let message = String(describing: error)
            return .failure(
                Missed(failure: AWSFailure(kind, operation: call.name, region: call.region, message: message))
            )
        }
        let credentials: Credentials
        do {
            credentials = try await ambient.time.within(end - ambient.time.elapsed()) { try await source.credentials() }
        } catch let error as AWSFailure {
            // The failure of AssumeRole says more than "no credentials" would; the role's source has tried again itself.
            throw error
        } catch {
            try Task.checkCancellation()
            return missed(.noCredentials, error)
        }
        let endpoint: Endpoint
        do { endpoint = try endpoints.endpoint(of: call.service, in: call.region) } catch {
            return missed(.noEndpoint, error)
        }
        let request = signed(call, for: endpoint, with: credentials)
        try await call.beforeSending?()
        let time = min(policy.attemptTime, end - ambient.time.elapsed())
        let answer: HTTPExchange.Answer
        do {
            answer = try await exchange.send(
                call.name.split(separator: ":").joined(separator: "."),
                request,
                to: endpoint.origin,
                within: time,
                limit: policy.answerLimit
            )
        } catch let failure as HTTPExchange.Failure {
            return missed(failure.isUnsent ? .notSent : doubt(call), failure)
        }
        guard (200..<300).contains(answer.status) else {
            let failure = judged(answer, of: call)
            return .failure(Missed(failure: failure, date: answer.header("date"), credentials: credentials))
        }
        pace.succeeded(call, at: ambient.time.elapsed())
        do { return .success(Got(answer: try reading(answer))) } catch { return missed(doubt(call), error) }
    }

    /// What it is called that nobody knows whether a call was performed.
    private func doubt(_ call: AWSCall) -> AWSFailure.Kind {
        switch call.repetition {
        case .harmless: .lost
        case .onlyIfNotDone: .unclear
        }
    }

    /// The failure behind an answer; a 5xx that is no throttle leaves it open whether the call was performed.
    private func judged(_ answer: HTTPExchange.Answer, of call: AWSCall) -> AWSFailure {
        var failure = AWSFailure.reading(answer, of: call)
        if failure.isThrottle {
            pace.throttled(call, at: ambient.time.elapsed(), retryAfter: failure.retryAfter)
        } else if answer.status >= 500, answer.status != 501, call.repetition == .onlyIfNotDone {
            failure.kind = .unclear
        }
        return failure
    }

    private func signed(_ call: AWSCall, for endpoint: Endpoint, with credentials: Credentials) -> SignableRequest {
        var request = call.request
        request.path = endpoint.basePath + request.path
        request.headers.append(("host", endpoint.authority))
        request.headers += SignatureV4.sign(
            request,
            credentials: credentials,
            region: endpoint.signingRegion,
            service: call.service.rawValue,
            at: skew.corrected(ambient.now)
        )
        return request
    }
}
