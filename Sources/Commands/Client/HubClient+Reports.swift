internal import AsyncHTTPClient
package import Contract
internal import NIOCore
internal import NIOHTTP1
internal import Recovery
package import Reporting

extension ListReports: ListCall { package typealias Item = ReportVersionView }
extension ListCampaignReports: ListCall { package typealias Item = CampaignReportVersionView }
extension ListReportEntries: ListCall { package typealias Item = ReportEntry }
extension ListFindings: ListCall { package typealias Item = ReportFinding }

extension HubClient {
    /// How long a report may be in the making: a large one takes seconds, and the hub's own limit is two minutes.
    private static let printing = TimeAmount.seconds(150)

    /// Fetches a report as it is, byte for byte.
    ///
    /// - Throws: `Refused`, `Unreachable`, `Unreadable`.
    func download(_ call: some Call) async throws -> [UInt8] {
        let type = call.preferredType ?? "application/json"
        let request = outgoing(try HubRequest(call), [("accept", "\(type), application/problem+json")])
        let response = try await open(request, until: .now() + Self.printing)
        let bytes = try await body(of: response)
        guard response.status == .ok else { throw refusal(response, bytes) }
        return bytes
    }
}
