internal import Ambient

/// The state behind `RefreshingCredentials`: what is held, who refreshes, who waits.
///
/// A value that is told the time.
struct CredentialRefresh {
    typealias Waiter = CheckedContinuation<End, Never>

    /// What a caller is to do.
    enum Turn {
        case use(Credentials)

        /// Fetch new ones after a pause, and use the old ones, where there are any, if that fails.
        case refresh(after: Duration, usable: Credentials?)

        /// Enlist under this number and wait for the refresh under way.
        case wait(number: Int)
    }

    /// What a refresh ended with, for those who waited.
    enum End {
        case refreshed(Credentials)
        case failed(any Error)

        /// The caller who was refreshing was cancelled, or the one who waited was: ask again.
        case abandoned
    }

    private let backoff: Backoff
    private var held: Credentials?
    private var isRefreshing = false
    private var failures = 0

    /// On the clock that only goes forward; no refresh begins before it.
    private var notBefore: Duration = .zero
    private var waiters: [Int: Waiter] = [:]
    private var nextNumber = 0

    init(backoff: Backoff) {
        self.backoff = backoff
    }

    mutating func ask(at now: Instant, elapsed: Duration) -> Turn {
        func lasts(_ credentials: Credentials, _ duration: Duration) -> Bool {
            credentials.expiration.map { $0 - now > duration } ?? true
        }
        if let held, lasts(held, RefreshingCredentials.early) { return .use(held) }
        let usable = held.flatMap { lasts($0, RefreshingCredentials.last) ? $0 : nil }
        if let usable, isRefreshing || elapsed < notBefore { return .use(usable) }
        guard !isRefreshing else {
            nextNumber += 1
            return .wait(number: nextNumber)
        }
        isRefreshing = true
        return .refresh(after: notBefore - elapsed, usable: usable)
    }

    /// Adds a waiter; false where the refresh is over already or the caller is cancelled.
    mutating func enlist(_ waiter: Waiter, as number: Int, unless isCancelled: Bool) -> Bool {
        guard isRefreshing, !isCancelled else { return false }
        waiters[number] = waiter
        return true
    }

    mutating func leave(_ number: Int) -> Waiter? {
        waiters.removeValue(forKey: number)
    }

    /// Ends the refresh and answers who is to be told.
    mutating func finish(_ end: End, elapsed: Duration, by chance: any Chance) -> [Waiter] {
        isRefreshing = false
        switch end {
        case .refreshed(let credentials): (held, failures, notBefore) = (credentials, 0, .zero)
        case .failed:
            failures += 1
            func delay(_ chance: some Chance) -> Duration { backoff.delay(after: failures, by: chance) }
            notBefore = elapsed + delay(chance)
        case .abandoned: break
        }
        defer { waiters = [:] }
        return Array(waiters.values)
    }

    mutating func discard(_ credentials: Credentials) {
        if held == credentials { held = nil }
    }
}
