package import Ambient
internal import Conductor
package import PostgreSQL
package import Recovery
internal import Store
internal import Synchronization

/// The one place that says what a caller may do: REST, live streams and pages all ask it, at every request.
///
/// The bindings are read from the database and kept for moments. A change in this replica is known at the next request; one
/// in another replica when its hint arrives, and after `keeping` at the latest.
package final class Authority: Sendable {
    /// How long bindings are good without a hint: as long as a lost hint may let somebody keep what was taken away.
    private static let keeping = Duration.seconds(5)

    private struct State {
        var bindings: [RoleBinding]?
        var until = Duration.zero
        /// Grows with every change, so that bindings read before it are not kept after it.
        var generation = 0
    }

    private let pool: Pool
    private let time: any TimeSource
    private let state = Mutex(State())

    package init(pool: Pool, time: any TimeSource) {
        self.pool = pool
        self.time = time
    }

    /// What the caller may do now.
    ///
    /// - Throws: `PostgresFailure` when nobody knows: then nothing may be done.
    package func access(of caller: Caller) async throws -> Access {
        Access(of: caller.standing, under: try await bindings())
    }

    /// Forgets what was read: the bindings have changed.
    package func forget() {
        state.withLock { state in
            state.bindings = nil
            state.generation += 1
        }
    }

    private func bindings() async throws -> [RoleBinding] {
        let now = time.elapsed()
        let (kept, generation) = state.withLock { state in
            (state.until > now ? state.bindings : nil, state.generation)
        }
        if let kept { return kept }
        let read = try await pool.run(RoleBinding.all)
        state.withLock { state in
            guard state.generation == generation else { return }
            state.bindings = read
            state.until = now + Self.keeping
        }
        return read
    }
}
