package import Contract
internal import JSON
internal import OrderedCollections
internal import Recovery

/// A call that answers a list in pages.
package protocol ListCall: Call where Answer == Page<Item> {
    associatedtype Item: Codable & Sendable
    var limit: Int? { get set }
    var nextToken: String? { get set }
}

extension ListAccounts: ListCall { package typealias Item = AccountView }
extension ListAuditKeys: ListCall { package typealias Item = AuditKeyView }
extension ListCampaigns: ListCall { package typealias Item = CampaignView }
extension ListExecutionEvents: ListCall { package typealias Item = JournalView }
extension ListExecutions: ListCall { package typealias Item = ExecutionView }
extension ListJobLogs: ListCall { package typealias Item = JobLogView }
extension ListNotificationDeliveries: ListCall { package typealias Item = NotificationDeliveryView }
extension ListNotificationTargets: ListCall { package typealias Item = NotificationTargetView }
extension ListOrphans: ListCall { package typealias Item = OrphanView }
extension ListProtectionGroups: ListCall { package typealias Item = ProtectionGroupView }
extension ListQuotas: ListCall { package typealias Item = QuotaUse }
extension ListRecoveryPlanVersions: ListCall { package typealias Item = RecoveryPlanVersionSummary }
extension ListRecoveryPlans: ListCall { package typealias Item = RecoveryPlanView }
extension ListRegions: ListCall { package typealias Item = RegionView }
extension ListScheduleRuns: ListCall { package typealias Item = ScheduleRunView }
extension ListSchedules: ListCall { package typealias Item = ScheduleView }
extension ListSessions: ListCall { package typealias Item = SessionView }
extension ListSourceServers: ListCall { package typealias Item = SourceServerView }
extension ListSpokes: ListCall { package typealias Item = SpokeView }
extension ListWallLinks: ListCall { package typealias Item = WallLinkView }

extension HubClient {
    /// Every item of a list, or the first so many: all pages, one after another.
    ///
    /// The document is one page with all items; it has a `nextToken` where there are more.
    package func every<Listed: ListCall>(
        _ call: Listed,
        atMost maximum: Int? = nil
    ) async throws -> Reply<[Listed.Item]> {
        var call = call
        var (items, documents): ([Listed.Item], [JSON]) = ([], [])
        var next: String?
        repeat {
            call.limit = min(Limits.pageSize.upperBound, (maximum ?? .max) - items.count)
            call.nextToken = next
            let page = try await reply(to: call)
            items += page.answer.items
            documents += page.document["items"]?.array ?? []
            next = page.answer.nextToken
        } while next != nil && items.count < maximum ?? .max
        let cursor: JSON = next.map { .string($0) } ?? .null
        return Reply(answer: items, document: ["items": .array(documents), "nextToken": cursor])
    }

    /// The first item that is looked for, from as many pages as it takes.
    func first<Listed: ListCall>(
        of call: Listed,
        where isWanted: (Listed.Item) -> Bool
    ) async throws -> Listed.Item? {
        var call = call
        call.limit = Limits.pageSize.upperBound
        repeat {
            let page = try await send(call)
            if let found = page.items.first(where: isWanted) { return found }
            call.nextToken = page.nextToken
        } while call.nextToken != nil
        return nil
    }
}
