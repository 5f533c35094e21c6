internal import Ambient
internal import AsyncHTTPClient
package import Contract
internal import JSON
internal import NIOCore
internal import NIOHTTP1
package import Recovery

extension HubClient {
    /// Reads one live stream of an execution's journal until the hub ends it.
    ///
    /// - Parameters:
    ///   - execution: Whose journal.
    ///   - sequence: The last event that is known, after which the stream resumes (`Last-Event-ID`).
    ///   - take: Gets each event in its order.
    /// - Throws: `Refused`, `Unreachable`, `Unreadable`, and what `take` throws.
    package func stream(
        _ execution: Execution.ID,
        after sequence: Int,
        _ take: (JournalView) async throws -> Void
    ) async throws {
        let request = try HubRequest(ListExecutionEvents(executionId: execution))
        let outgoing = outgoing(request, [("accept", "text/event-stream"), ("last-event-id", "\(sequence)")])
        let response = try await open(outgoing, until: .distantFuture)
        guard response.status == .ok else { throw refusal(response, try await body(of: response)) }
        guard response.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true else {
            throw Unreadable(reason: "it is no stream of events")
        }
        var reader = ServerSentEvents()
        // What goes wrong between two chunks is the connection's; everything else is the caller's to know.
        var isReading = true
        do {
            for try await chunk in response.body {
                isReading = false
                for event in try reader.receive(chunk.readableBytesView) where event.name == "journal" {
                    try await take(try JSON(parsing: Array(event.data.utf8)).decoded(as: JournalView.self))
                }
                isReading = true
            }
        } catch let error where isReading {
            try Task.checkCancellation()
            throw Unreachable(address: address, error)
        }
    }

    /// Reads streams one after another, each from where the last one ended, until cancelled or refused.
    ///
    /// A hub that restarts, or a connection that breaks, only makes a new stream necessary.
    package func streams(
        _ execution: Execution.ID,
        after start: Int,
        _ take: (JournalView) async throws -> Void
    ) async throws {
        var (last, failures) = (start, 0)
        while !Task.isCancelled {
            do {
                try await stream(execution, after: last) { entry in
                    (last, failures) = (entry.sequence, 0)
                    try await take(entry)
                }
                failures = 1
            } catch is Unreachable {
                failures += 1
            } catch let refused as Refused where refused.isPassing {
                failures += 1
            }
            try await ambient.time.sleep(for: Self.backoff.delay(after: failures, by: ambient.chance))
        }
    }
}
