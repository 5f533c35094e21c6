internal import ServiceLifecycle

/// Something that goes on until the hub stops.
struct Loop: Service {
    private let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown(body)
        } catch is CancellationError {
            // That is how it ends.
        }
    }
}

/// Something that is closed when everything that uses it has ended: services stop in the opposite order of their start.
struct Closing: Service {
    private let close: @Sendable () async throws -> Void

    init(_ close: @escaping @Sendable () async throws -> Void) {
        self.close = close
    }

    func run() async throws {
        // Throws when it is cancelled instead, and then it is closed all the same.
        try? await gracefulShutdown()
        try await close()
    }
}
