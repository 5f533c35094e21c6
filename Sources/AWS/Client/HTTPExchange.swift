package import Ambient
package import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// One request and its answer over HTTP: no retry, no redirect, a deadline, and a limit to what is read.
package struct HTTPExchange: Sendable {
    private let client: HTTPClient
    let time: any TimeSource
    /// Where a test may end the process; whoever streams with a client of their own passes them too.
    package let failpoints: Failpoints

    /// - Parameters:
    ///   - client: The program's one client, made with `HTTPExchange.configuration`.
    ///   - time: What deadlines are measured with.
    ///   - failpoints: Passed before and after every call.
    package init(client: HTTPClient, time: any TimeSource, failpoints: Failpoints = .none) {
        self.client = client
        self.time = time
        self.failpoints = failpoints
    }

    /// What an HTTP client for AWS must be set to.
    ///
    /// Redirects are never followed, because a signature is for one host and an identity is believed from one host.
    /// A connection that cannot be made fails at once, so that the retry is ours. Idle connections are dropped before
    /// AWS drops them (after about 20 s), which would look like a lost answer.
    package static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5))
        )
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// A whole answer.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        /// The first value of a header, by its name in any case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Why there is no answer.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        /// Whether the request's body was never handed to a connection, so that nobody can have acted on it.
        package let isUnsent: Bool

        /// What happened, for the log.
        package let description: String
    }

    /// Sends a request and reads its answer whole.
    ///
    /// - Parameters:
    ///   - name: What the call is called, for `Failpoints`: `drs.StartRecovery`.
    ///   - request: What to send; its path is the whole path on that host.
    ///   - origin: Scheme and authority, such as `https://drs.eu-west-1.amazonaws.com`.
    ///   - duration: The time for everything, from connecting to the last byte.
    ///   - limit: The most bytes of body that are read; a longer answer is a failure.
    /// - Returns: The answer, whatever its status.
    /// - Throws: `Failure`, or `CancellationError` when the caller was cancelled.
    package func send(
        _ name: @autoclosure () -> String,
        _ request: SignableRequest,
        to origin: String,
        within duration: Duration,
        limit: Int
    ) async throws -> Answer {
        try await failpoints.around("call.\(name())") {
            try await send(request, to: origin, within: duration, limit: limit)
        }
    }

    private func send(
        _ request: SignableRequest,
        to origin: String,
        within duration: Duration,
        limit: Int
    ) async throws -> Answer {
        let upload = Upload(request.body)
        var outgoing = HTTPClientRequest(url: origin + request.target)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if !request.body.isEmpty { outgoing.body = .stream(upload, length: .known(Int64(request.body.count))) }
        let prepared = outgoing
        do {
            return try await time.within(duration) {
                try await receive(client.execute(prepared, deadline: .distantFuture), limit: limit)
            }
        } catch {
            // A cancelled caller is told so; everything else is this exchange's own failure.
            try Task.checkCancellation()
            let reason = error is DeadlineExceeded ? "no answer within \(duration)" : String(describing: error)
            throw Failure(isUnsent: !upload.hasBegun && !request.body.isEmpty, description: reason)
        }
    }

    private func receive(_ response: HTTPClientResponse, limit: Int) async throws -> Answer {
        var body: [UInt8] = []
        for try await chunk in response.body {
            guard body.count + chunk.readableBytes <= limit else {
                throw Failure(isUnsent: false, description: "an answer of more than \(limit) bytes")
            }
            body.append(contentsOf: chunk.readableBytesView)
        }
        // A cancelled body ends as if it were complete.
        try Task.checkCancellation()
        return Answer(
            status: Int(response.status.code),
            headers: response.headers.map { ($0.name, $0.value) },
            body: body
        )
    }
}
