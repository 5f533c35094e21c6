package import Ambient
package import Logging
internal import OrderedCollections
internal import Synchronization

/// Sends hints (`NOTIFY`) with one connection of its own.
///
/// PostgreSQL serialises the commits of all transactions that notify, so no deciding transaction does: it commits, and
/// leaves a hint here. The same hint left twice before it is sent is sent once; what cannot be sent waits for the
/// database, up to a limit, and losing it costs a slow poll's seconds.
package final class Notifier: Sendable {
    private struct Hint: Hashable {
        var channel: String
        var payload: String
    }

    private let settings: ConnectionSettings
    private let ambient: Ambient
    private let logger: Logger
    private let pending = Mutex<OrderedSet<Hint>>([])
    private let signal: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    /// Hints that wait at most; beyond it new ones are dropped, for the slow polls find everything anyway.
    private static let pendingLimit = 10_000
    /// Hints sent in one go: few enough to stay well below a second.
    private static let batch = 1000
    /// The bytes of a payload (PostgreSQL's documentation of `NOTIFY`: shorter than 8000).
    private static let payloadLimit = 7999
    private static let reconnection = Backoff(base: .milliseconds(100), limit: .seconds(5))

    /// Makes a notifier; nothing is sent before `run`.
    ///
    /// - Throws: `PostgresFailure` of kind `configuration` when libpq cannot read the string.
    package init(
        connectionString: String,
        applicationName: String = "muster-notifier",
        ambient: Ambient,
        logger: Logger
    ) throws(PostgresFailure) {
        settings = try ConnectionSettings(connectionString: connectionString, applicationName: applicationName)
        self.ambient = ambient
        self.logger = logger
        (signal, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Leaves a hint; it never waits and never fails.
    ///
    /// Call it after the commit that it tells of.
    ///
    /// The payload is an identifier at most; two hints with the same text become one.
    package func notify(_ channel: String, payload: String = "") {
        precondition(payload.utf8.count <= Self.payloadLimit, "a hint carries an identifier at most")
        pending.withLock { pending in
            if pending.count < Self.pendingLimit { pending.append(Hint(channel: channel, payload: payload)) }
        }
        bell.yield()
    }

    /// A connection whose commits wait for no disk: a hint that a crash loses costs a slow poll.
    private func connect() async throws -> Connection {
        let connection = try await Connection.open(settings)
        try await connection.script("SET synchronous_commit = off")
        return connection
    }

    /// Sends hints until the task is cancelled; only one task may run it.
    package func run() async {
        var connection: Connection?
        var failures = 0
        for await _ in signal {
            while !Task.isCancelled, let hints = take() {
                do {
                    let open =
                        if let connection, !connection.isClosed { connection } else {
                            try await connect()
                        }
                    connection = open
                    try await ambient.failpoints.around("commit.Notifier.run") {
                        _ = try await open.execute(
                            hints.map { Statement("SELECT pg_notify(\($0.channel), \($0.payload))") }
                        )
                    }
                    failures = 0
                } catch {
                    connection?.close()
                    pending.withLock { $0.formUnion(hints) }
                    guard !Task.isCancelled else { return }
                    failures += 1
                    let pause = Self.reconnection.delay(after: failures, by: ambient.chance)
                    logger.warning("hints not sent", metadata: ["reason": "\(error)", "pause": "\(pause)"])
                    // A cancelled sleep ends the loop by its condition.
                    try? await ambient.time.sleep(for: pause)
                }
            }
        }
    }

    /// Takes hints out before they are sent: the same one left meanwhile tells of something newer.
    private func take() -> [Hint]? {
        pending.withLock { pending in
            guard !pending.isEmpty else { return nil }
            let hints = Array(pending.prefix(Self.batch))
            pending.removeFirst(hints.count)
            return hints
        }
    }
}
