package import AWS
package import Ambient
package import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Calls the hub: at the address that answered last, and at the next one after it did not.
package final class HubClient: Sendable {
    /// The time for one exchange: the hub answers from its database, so that more means it is gone.
    package static let exchangeTime: Duration = .seconds(10)
    /// The most bytes of an answer that are read; a grant for 10,000 accounts in every Region has about 6 MB.
    package static let answerLimit = 8 << 20

    private let exchange: HTTPExchange
    private let streaming: HTTPClient
    private let time: any TimeSource
    private let addresses: [HubAddress]
    private let current = Mutex(0)
    private let clock = Mutex<Duration>(.zero)

    /// - Parameters:
    ///   - exchange: For calls with one answer.
    ///   - streaming: For the stream of commands; made with `HubClient.streamConfiguration`.
    ///   - addresses: At least one.
    ///   - time: What the hub's clock is compared with.
    package init(exchange: HTTPExchange, streaming: HTTPClient, addresses: [HubAddress], time: any TimeSource) {
        precondition(!addresses.isEmpty, "a spoke without a hub cannot be configured")
        self.exchange = exchange
        self.streaming = streaming
        self.time = time
        self.addresses = addresses
    }

    /// A stream that is silent for three keep-alives (45 s) is dead, whatever TCP thinks.
    package static var streamConfiguration: HTTPClient.Configuration {
        var configuration = HTTPExchange.configuration
        configuration.timeout.read = .seconds(45)
        return configuration
    }

    /// The hub's clock, as its answers tell it; leases end by that.
    ///
    /// It lags by up to a second, which is what HTTP's dates are counted in.
    package func hubTime(at now: Instant) -> Instant {
        clock.withLock { now + $0 }
    }

    private func learn(fromDate header: String?, at now: Instant) {
        guard let date = header.flatMap(Instant.init(httpDate:)) else { return }
        clock.withLock { $0 = date - now }
    }

    /// The address in use.
    package var address: HubAddress {
        addresses[current.withLock { $0 }]
    }

    /// Goes on to the next address, unless somebody did already.
    package func leave(_ address: HubAddress) {
        current.withLock { current in
            if addresses[current] == address { current = (current + 1) % addresses.count }
        }
    }

    /// Posts a body and reads the answer.
    ///
    /// - Throws: `HubFailure`; `CancellationError`.
    package func post<Answer: Decodable>(
        _ path: String,
        _ body: some Encodable,
        token: String?,
        at address: HubAddress? = nil,
        within time: Duration = HubClient.exchangeTime
    ) async throws -> Answer {
        let bytes = try JSON(encoding: body).bytes
        let answer = try await answer(to: bytes, at: path, token: token, of: address ?? self.address, within: time)
        do {
            return try JSON(parsing: answer.body).decoded()
        } catch {
            throw HubFailure.unreadable("\(path): \(error)")
        }
    }

    /// Posts a body whose answer has nothing in it that matters.
    package func post(_ path: String, _ body: some Encodable, token: String?) async throws {
        let bytes = try JSON(encoding: body).bytes
        _ = try await answer(to: bytes, at: path, token: token, of: address, within: Self.exchangeTime)
    }

    private func answer(
        to body: [UInt8],
        at path: String,
        token: String?,
        of address: HubAddress,
        within time: Duration
    ) async throws -> HTTPExchange.Answer {
        var request = SignableRequest(path: path, headers: [("content-type", "application/json")], body: body)
        let now = self.time.now()
        if let token { request.headers.append(("authorization", "Bearer \(token)")) }
        if let trace = TraceContext.current { request.headers.append(("traceparent", trace.description)) }
        let answer: HTTPExchange.Answer
        do {
            answer = try await exchange.send(
                "hub\(path)",
                request,
                to: address.origin,
                within: time,
                limit: Self.answerLimit
            )
        } catch let failure as HTTPExchange.Failure {
            leave(address)
            throw HubFailure.unreachable("\(address): \(failure)")
        }
        learn(fromDate: answer.header("date"), at: now)
        guard (200..<300).contains(answer.status) else {
            if answer.status >= 500 { leave(address) }
            throw Self.refusal(status: answer.status, body: answer.body)
        }
        return answer
    }

    /// The failure that a problem document (RFC 9457) tells of; a body that is none leaves the status.
    private static func refusal(status: Int, body: [UInt8]) -> HubFailure {
        let problem = try? JSON(parsing: body)
        return .refused(
            status: status,
            code: problem?["code"]?.string ?? "",
            detail: problem?["detail"]?.string ?? problem?["title"]?.string ?? ""
        )
    }
}

extension HubClient {
    /// Opens the stream of commands and hands out its lines until it ends.
    ///
    /// - Throws: `HubFailure`; `CancellationError`; what `receive` throws.
    package func lines(
        of path: String,
        token: String,
        opened: @Sendable () -> Void,
        receive: (_ line: [UInt8]) async throws -> Void
    ) async throws {
        let address = self.address
        var request = HTTPClientRequest(url: address.origin + path)
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        request.headers.add(name: "accept", value: "application/x-ndjson")
        do {
            let prepared = request
            let response = try await exchange.failpoints.around("call.hub\(path)") {
                try await streaming.execute(prepared, deadline: .distantFuture)
            }
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: Self.answerLimit)
                if response.status.code >= 500 { leave(address) }
                throw Self.refusal(status: Int(response.status.code), body: Array(body.readableBytesView))
            }
            opened()
            var lines = LineSplitter()
            for try await chunk in response.body {
                for line in try lines.append(chunk.readableBytesView) { try await receive(line) }
            }
            // A cancelled body ends as if it were complete.
            try Task.checkCancellation()
        } catch let failure as HubFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
            leave(address)
            throw HubFailure.unreachable("\(address): \(error)")
        }
    }
}
