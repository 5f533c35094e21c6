package import Ambient

/// The time for something is over.
package struct DeadlineExceeded: Error, Sendable, Hashable {
    package init() {}
}

extension TimeSource {
    /// Runs something that is cancelled when it takes too long, which then throws `DeadlineExceeded`.
    package func within<Answer: Sendable>(
        _ duration: Duration,
        _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await sleep(for: max(duration, .zero))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else { throw DeadlineExceeded() }
            return answer
        }
    }
}
