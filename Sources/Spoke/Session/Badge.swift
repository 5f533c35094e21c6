package import Contract

/// What a spoke shows the hub: the session it holds now, for everyone who calls the hub to take.
package final class Badge: Sendable {
    package struct Session: Sendable, Hashable {
        package let grant: SessionGrant
        /// When it was granted, on the clock that goes on while the machine sleeps.
        package let grantedAt: Duration

        package init(grant: SessionGrant, grantedAt: Duration) {
            self.grant = grant
            self.grantedAt = grantedAt
        }

        package var token: String { grant.sessionToken }
    }

    private let held = Watched<Session?>(nil)

    package init() {}

    package var current: Session? { held.value }

    /// The session; waits until there is one.
    package func session() async throws -> Session {
        try await held.when { $0 }
    }

    package func hold(_ session: Session) {
        held.change { $0 = session }
    }

    /// The hub no longer knows this token: whoever calls next waits for a new one.
    package func discard(token: String) {
        held.change { session in
            if session?.token == token { session = nil }
        }
    }

    /// Waits until the token is no longer the one that is held.
    package func change(from token: String) async throws {
        try await held.when { $0?.token == token ? nil : true }
    }
}
