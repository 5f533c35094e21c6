package import Ambient
package import Logging
internal import Synchronization

/// A hint that something has changed.
///
/// It carries no data to work on: whoever is woken looks for itself.
package struct WakeUp: Sendable, Hashable {
    /// What the notification named, an identifier at most; nil when anything may have changed, for the connection was
    /// just made or hints were dropped.
    package let payload: String?

    package init(payload: String?) {
        self.payload = payload
    }
}

/// Listens on channels with one connection of its own, and connects again for ever.
///
/// Notifications are lost while it is not connected, so each connection starts with a wake-up on every channel; and
/// hints are best effort by nature, so whoever waits for one also looks on a slow clock.
package final class Listener: Sendable {
    private struct Subscription {
        var channel: String
        var continuation: AsyncStream<WakeUp>.Continuation
    }

    private struct State {
        var lastNumber = 0
        var subscriptions: [Int: Subscription] = [:]
        var isConnected = false
    }

    private let settings: ConnectionSettings
    private let channels: [String]
    private let ambient: Ambient
    private let logger: Logger
    private let state = Mutex(State())

    private static let reconnection = Backoff(base: .milliseconds(100), limit: .seconds(5))

    /// Makes a listener for these channels; nothing happens before `run`.
    ///
    /// - Throws: `PostgresFailure` of kind `configuration` when libpq cannot read the string.
    package init(
        connectionString: String,
        channels: [String],
        applicationName: String = "muster-listener",
        ambient: Ambient,
        logger: Logger
    ) throws(PostgresFailure) {
        settings = try ConnectionSettings(connectionString: connectionString, applicationName: applicationName)
        self.channels = channels
        self.ambient = ambient
        self.logger = logger
    }

    /// The wake-ups of one channel, from now on.
    ///
    /// `buffer` is how many are kept for a slow reader. When more come, the oldest are dropped and the newest says
    ///   that anything may have changed; with one, as for whoever looks for everything anyway, that is every time two meet.
    package func wakeUps(on channel: String, buffer: Int = 1) -> AsyncStream<WakeUp> {
        precondition(channels.contains(channel), "a listener was asked for a channel that it does not listen on")
        let (stream, continuation) = AsyncStream.makeStream(
            of: WakeUp.self,
            bufferingPolicy: .bufferingNewest(max(1, buffer))
        )
        let number = state.withLock { state in
            state.lastNumber += 1
            state.subscriptions[state.lastNumber] = Subscription(channel: channel, continuation: continuation)
            // What came before is not known.
            if state.isConnected { continuation.yield(WakeUp(payload: nil)) }
            return state.lastNumber
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.subscriptions.removeValue(forKey: number) }
        }
        return stream
    }

    /// Listens until the task is cancelled, then ends all streams.
    package func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let connection = try await Connection.open(settings)
                let listen = channels.map { "LISTEN \(SQL.quoted($0))" }.joined(separator: "; ")
                try await connection.script(listen)
                failures = 0
                connected()
                while true {
                    for notification in try await connection.notifications() {
                        deliver(WakeUp(payload: notification.payload), on: notification.channel)
                    }
                }
            } catch {
                state.withLock { $0.isConnected = false }
                guard !Task.isCancelled else { break }
                failures += 1
                let pause = Self.reconnection.delay(after: failures, by: ambient.chance)
                logger.warning("listening interrupted", metadata: ["reason": "\(error)", "pause": "\(pause)"])
                // A cancelled sleep ends the loop by its condition.
                try? await ambient.time.sleep(for: pause)
            }
        }
        let subscriptions = state.withLock { Array($0.subscriptions.values) }
        for subscription in subscriptions { subscription.continuation.finish() }
    }

    private func connected() {
        state.withLock { $0.isConnected = true }
        logger.debug("listening", metadata: ["channels": "\(channels.joined(separator: ","))"])
        for channel in channels { deliver(WakeUp(payload: nil), on: channel) }
    }

    private func deliver(_ wakeUp: WakeUp, on channel: String) {
        let continuations = state.withLock { state in
            state.subscriptions.values.filter { $0.channel == channel }.map(\.continuation)
        }
        for continuation in continuations {
            if case .dropped = continuation.yield(wakeUp) { continuation.yield(WakeUp(payload: nil)) }
        }
    }
}
