package import Ambient
internal import AsyncHTTPClient
internal import Glibc
package import Contract
package import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import OrderedCollections

/// Sends the calls of the contract to a hub: one generic sender for all of them.
///
/// What may be sent twice (reads, and everything that takes an `Idempotency-Key`) is sent again a few times when the hub
/// does not answer or says that it cannot now; everything else is sent once.
package struct HubClient: Sendable {
    package let address: HubAddress
    let ambient: Ambient
    private let token: String?
    private let exchange: HTTPClient

    /// Sendings of a repeatable request; with the waits between them a hub that restarts has about 5 seconds.
    package static let attempts = 6
    static let backoff = Backoff(base: .milliseconds(400), limit: .seconds(3))
    /// The most that is read of an answer: an execution of 5,000 servers takes about 3 MB.
    static let answerLimit = 33_554_432
    /// For one answer; the longest call of the hub waits 25 s for a twin of itself.
    private static let patience = TimeAmount.seconds(40)

    /// Runs a client for as long as the body runs.
    package static func running<Answer>(
        at address: HubAddress,
        token: String?,
        ambient: Ambient,
        _ body: (HubClient) async throws -> Answer
    ) async throws -> Answer {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: .seconds(60))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        let exchange = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = HubClient(address: address, ambient: ambient, token: token, exchange: exchange)
        do {
            let answer = try await body(client)
            try await exchange.shutdown()
            return answer
        } catch {
            // What went wrong first is what the caller must hear of.
            try? await exchange.shutdown()
            throw error
        }
    }

    private init(address: HubAddress, ambient: Ambient, token: String?, exchange: HTTPClient) {
        self.address = address
        self.ambient = ambient
        self.token = token
        self.exchange = exchange
    }

    /// An answer together with the document it was read from, which may say more than this version knows.
    package struct Reply<Answer: Sendable>: Sendable {
        package let answer: Answer
        package let document: JSON
    }

    /// Sends a call.
    ///
    /// - Parameters:
    ///   - call: What to ask.
    ///   - revision: The only revision of the object that may be changed.
    /// - Returns: What the hub answers.
    /// - Throws: `Refused`, `Unreachable`, `Unreadable`.
    package func send<Sent: Call>(_ call: Sent, ifMatch revision: Int? = nil) async throws -> Sent.Answer {
        try await reply(to: call, ifMatch: revision).answer
    }

    /// Sends a call and keeps the document that came back.
    package func reply<Sent: Call>(to call: Sent, ifMatch revision: Int? = nil) async throws -> Reply<Sent.Answer> {
        let request = try HubRequest(call)
        var headers: [(String, String)] = [("accept", "application/json, application/problem+json")]
        if let revision { headers.append(("if-match", "\"\(revision)\"")) }
        // One key for all sendings: that is what makes them one request.
        if request.takesKey { headers.append(("idempotency-key", "\(ambient.identifier(for: Sent.self))")) }
        var failures = 0
        while true {
            do {
                let document = try await answer(to: outgoing(request, headers))
                do {
                    return Reply(answer: try document.decoded(as: Sent.Answer.self), document: document)
                } catch {
                    throw Unreadable(reason: String(describing: error))
                }
            } catch let refused as Refused where refused.isPassing && request.isRepeatable {
                failures += 1
                guard failures < Self.attempts else { throw refused }
                try await wait(after: failures, atLeast: refused.retryAfter)
            } catch let unreachable as Unreachable where request.isRepeatable {
                failures += 1
                guard failures < Self.attempts else { throw unreachable }
                try await wait(after: failures, atLeast: nil)
            }
        }
    }

    /// Waits with full jitter, and as long as the hub asks for, but never longer than the backoff's limit.
    private func wait(after failures: Int, atLeast seconds: Int?) async throws {
        let wanted = Duration.seconds(min(seconds ?? 0, 3))
        try await ambient.time.sleep(for: max(wanted, Self.backoff.delay(after: failures, by: ambient.chance)))
    }

    /// A request as it is sent: as part of the trace that the program was started in, if it was in one.
    ///
    /// The trace is handed on as it came: nothing here keeps a step of its own that somebody could look up.
    func outgoing(_ request: HubRequest, _ headers: [(String, String)]) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: address.description + request.target)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers = HTTPHeaders(headers)
        outgoing.headers.add(name: "user-agent", value: "muster")
        if let trace = TraceContext.current { outgoing.headers.add(name: "traceparent", value: trace.description) }
        if let token { outgoing.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let body = request.body {
            outgoing.headers.add(name: "content-type", value: "application/json")
            outgoing.body = .bytes(body)
        }
        return outgoing
    }

    /// Opens a request; its body is still to be read.
    func open(_ request: HTTPClientRequest, until deadline: NIODeadline) async throws -> HTTPClientResponse {
        do {
            return try await exchange.execute(request, deadline: deadline)
        } catch {
            try Task.checkCancellation()
            throw Unreachable(address: address, error)
        }
    }

    private func answer(to request: HTTPClientRequest) async throws -> JSON {
        let response = try await open(request, until: .now() + Self.patience)
        let bytes = try await body(of: response)
        guard (200..<300).contains(response.status.code) else { throw refusal(response, bytes) }
        if bytes.isEmpty { return .object([:]) }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw Unreadable(reason: error.description)
        }
    }

    func body(of response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await chunk in response.body {
                guard bytes.count + chunk.readableBytes <= Self.answerLimit else {
                    throw Unreadable(reason: "it has more than \(Self.answerLimit) bytes")
                }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
        } catch let error as Unreadable {
            throw error
        } catch {
            try Task.checkCancellation()
            throw Unreachable(address: address, error)
        }
        return bytes
    }

    func refusal(_ response: HTTPClientResponse, _ bytes: [UInt8]) -> Refused {
        // What is not JSON did not come from a hub; the status alone is told then.
        let document = (try? JSON(parsing: bytes)) ?? .object([:])
        let retryAfter = response.headers.first(name: "retry-after").flatMap { Int($0) }
        return Refused(status: Int(response.status.code), document: document, retryAfter: retryAfter)
    }
}

/// The hub did not answer.
package struct Unreachable: Error, Sendable {
    package let address: HubAddress
    package let reason: String

    init(address: HubAddress, _ error: any Error) {
        self.address = address
        // A name that has several addresses fails once for each of them; the first failure speaks for all.
        let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
        let isRefused = (cause as? IOError)?.errnoCode == ECONNREFUSED
        reason = isRefused ? "nobody listens there" : String(describing: cause)
    }
}

/// The hub answered what this program cannot read.
package struct Unreadable: Error, Sendable {
    package let reason: String
}

extension Trouble {
    package init(_ unreachable: Unreachable) {
        self.init(
            "The hub at \(unreachable.address) does not answer",
            code: "HUB_UNREACHABLE",
            details: [unreachable.reason],
            advice: "Is it running, and is this its address? --hub-url or MUSTER_HUB_URL says another.",
            status: .unreachable
        )
    }

    package init(_ unreadable: Unreadable) {
        self.init(
            "The hub's answer cannot be read",
            code: "ANSWER_UNREADABLE",
            details: [unreadable.reason],
            advice: "Is there a hub at this address, and is it of the same version as this program?"
        )
    }
}
