internal import AsyncHTTPClient
package import Contract
internal import NIOCore
internal import NIOHTTP1

extension ListAuditEvents: ListCall { package typealias Item = AuditEventView }
extension ListRoleBindings: ListCall { package typealias Item = RoleBindingView }

extension HubClient {
    /// Streams the sealed audit as NDJSON.
    ///
    /// - Parameters:
    ///   - call: Which events are shown; the others are digests.
    ///   - take: Gets each piece in its order.
    /// - Throws: `Refused`, `Unreachable`, and what `take` throws.
    func export(_ call: ListAuditEvents, _ take: ([UInt8]) async throws -> Void) async throws {
        let outgoing = outgoing(try HubRequest(call), [("accept", "application/x-ndjson")])
        let response = try await open(outgoing, until: .distantFuture)
        guard response.status == .ok else { throw refusal(response, try await body(of: response)) }
        guard response.headers.first(name: "content-type")?.hasPrefix("application/x-ndjson") == true else {
            throw Unreadable(reason: "it is no export")
        }
        var isReading = true
        do {
            for try await chunk in response.body {
                isReading = false
                try await take(Array(chunk.readableBytesView))
                isReading = true
            }
        } catch let error where isReading {
            try Task.checkCancellation()
            throw Unreachable(address: address, error)
        }
    }
}
