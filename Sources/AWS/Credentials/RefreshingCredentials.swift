package import Ambient
internal import Synchronization

/// Keeps another source's credentials until shortly before they expire, and asks for new ones once, however many callers
/// there are.
///
/// A failure never stays: it is given to those who waited for it, and the next caller asks again after a short backoff.
/// Credentials that are still good go on being used while new ones are fetched or cannot be had.
package final class RefreshingCredentials: CredentialSource {
    /// When there is less left than this, new ones are fetched, and the old ones used meanwhile.
    ///
    /// AWS's own endpoints have new ones ready at least 5 minutes ahead.
    package static let early: Duration = .seconds(300)

    /// With less left than this the old ones are not used: a request must not expire on its way.
    package static let last: Duration = .seconds(30)

    private let source: any CredentialSource
    private let ambient: Ambient
    private let state: Mutex<CredentialRefresh>

    package init(
        _ source: any CredentialSource,
        ambient: Ambient,
        backoff: Backoff = Backoff(base: .milliseconds(250), limit: .seconds(10))
    ) {
        self.source = source
        self.ambient = ambient
        state = Mutex(CredentialRefresh(backoff: backoff))
    }

    package func credentials() async throws -> Credentials {
        while true {
            let (now, elapsed) = (ambient.now, ambient.time.elapsed())
            switch state.withLock({ $0.ask(at: now, elapsed: elapsed) }) {
            case .use(let credentials): return credentials
            case .refresh(let pause, let usable): return try await refresh(after: pause, usable: usable)
            case .wait(let number):
                switch await wait(as: number) {
                case .refreshed(let credentials): return credentials
                case .failed(let error): throw error
                case .abandoned: try Task.checkCancellation()
                }
            }
        }
    }

    package func discard(_ credentials: Credentials) async {
        state.withLock { $0.discard(credentials) }
        await source.discard(credentials)
    }

    private func refresh(after pause: Duration, usable: Credentials?) async throws -> Credentials {
        do {
            if pause > .zero { try await ambient.time.sleep(for: pause) }
            let credentials = try await source.credentials()
            finish(.refreshed(credentials))
            return credentials
        } catch {
            guard !Task.isCancelled else {
                finish(.abandoned)
                throw error
            }
            finish(.failed(error))
            guard let usable else { throw error }
            return usable
        }
    }

    private func finish(_ end: CredentialRefresh.End) {
        let elapsed = ambient.time.elapsed()
        let waiting = state.withLock { $0.finish(end, elapsed: elapsed, by: ambient.chance) }
        for waiter in waiting { waiter.resume(returning: end) }
    }

    private func wait(as number: Int) async -> CredentialRefresh.End {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    !state.enlist(continuation, as: number, unless: Task.isCancelled)
                }
                if isLate { continuation.resume(returning: .abandoned) }
            }
        } onCancel: {
            state.withLock { $0.leave(number) }?.resume(returning: .abandoned)
        }
    }
}
