internal import Foundation
internal import Synchronization

/// One attempt to connect, on a thread of its own.
///
/// Everything else here is nonblocking, but libpq resolves host names, reads password files and asks Kerberos while it
/// connects, and it goes on to the next host after `connect_timeout` only when it may block. A thread for the few
/// milliseconds of an attempt keeps that from the tasks, and lets an attempt be given up at its deadline even when a
/// name server is silent: what the thread brings after that is closed.
final class Opening: Sendable {
    private let waiting = Mutex<CheckedContinuation<Parcel<Session>, any Error>?>(nil)
    private let settings: ConnectionSettings

    private init(_ settings: ConnectionSettings) {
        self.settings = settings
    }

    /// Connects.
    ///
    /// - Throws: `PostgresFailure` of kind `unavailable`, at the deadline too; `CancellationError`.
    static func session(_ settings: ConnectionSettings, until deadline: Duration) async throws -> sending Session {
        let opening = Opening(settings)
        let reactor = Reactor.shared
        let alarm = reactor.alarm(at: deadline) {
            opening.fail(PostgresFailure(.unavailable, "PostgreSQL did not answer in time"))
        }
        defer { reactor.dismiss(alarm) }
        let parcel = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                opening.waiting.withLock { $0 = continuation }
                // Cancelled before there was anything to resume.
                guard !Task.isCancelled else { return opening.fail(CancellationError()) }
                opening.start()
            }
        } onCancel: {
            opening.fail(CancellationError())
        }
        return parcel.content
    }

    private func start() {
        let thread = Thread { [self] in
            guard let session = Session(connecting: settings) else {
                return fail(PostgresFailure(.unavailable, "libpq has no memory for a connection"))
            }
            guard !session.hasFailed, session.becomeNonblocking() else {
                return fail(PostgresFailure(.unavailable, "PostgreSQL cannot be reached: \(session.connectMessage)"))
            }
            let parcel = Parcel(session)
            waiting.withLock { $0.take() }?.resume(returning: parcel)
        }
        thread.name = "postgresql-open"
        thread.start()
    }

    private func fail(_ error: any Error) {
        waiting.withLock { $0.take() }?.resume(throwing: error)
    }
}
