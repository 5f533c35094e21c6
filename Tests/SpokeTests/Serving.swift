import Logging
import ServiceLifecycle

/// Runs a server while the body runs, and stops it as a program is stopped: connections that are being made are let
/// through, which NIO does not survive when their server is cancelled instead.
func serving(
    _ server: any ServiceLifecycle.Service,
    _ body: @escaping @Sendable () async throws -> Void
) async throws {
    let services = ServiceGroup(services: [server], logger: .silent)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        group.addTask {
            do {
                try await body()
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
        }
        // A server that cannot start ends the body that waits for it.
        do {
            try await group.waitForAll()
        } catch {
            group.cancelAll()
            throw error
        }
    }
}
