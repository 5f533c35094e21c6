package import Ambient
package import Contract
package import PostgreSQL
internal import Recovery

/// A complete sync of one place, all pages together, and what it changes.
package struct InventorySync: Sendable {
    private let whole: InventoryPage

    /// Puts pages together; nil where one is missing.
    package init?(_ pages: [InventoryPage]) {
        guard let last = pages.last, last.isLast, pages.map(\.page) == Array(0..<pages.count) else { return nil }
        var whole = last
        whole.sourceServers = Self.distinct(pages.flatMap(\.sourceServers), by: \.sourceServerId)
        whole.recoveryInstances = Self.distinct(pages.flatMap(\.recoveryInstances), by: \.recoveryInstanceId)
        whole.jobs = Self.distinct(pages.flatMap(\.jobs), by: \.jobId)
        if last.nativeExecutions != nil {
            let executions = pages.flatMap { $0.nativeExecutions ?? [] }
            whole.nativeExecutions = Self.distinct(executions, by: \.executionArn)
        }
        self.whole = whole
    }

    /// Makes it the hub's inventory, in one transaction; answers how many servers appeared, changed and went.
    package func apply(through pool: Pool, at now: Instant) async throws -> Changes {
        let (page, place) = (whole, whole.place)
        return try await pool.transaction { transaction in
            // First of all, so that two syncs of one place follow each other.
            try await transaction.execute(InventoryStatements.lookedUp(in: place))
            let concerned = try await transaction.run(ConcernedPlans.ofSync(page))
            if page.lookedUp == nil { try await transaction.execute(InventoryStatements.synced(page, at: now)) }
            let servers = try await transaction.execute([
                InventoryStatements.removeServers(
                    except: page.sourceServers.map(\.sourceServerId),
                    lookedUp: page.lookedUp,
                    in: place
                ),
                InventoryStatements.changeServers(page.sourceServers, in: place),
                InventoryStatements.addServers(page.sourceServers, in: place),
            ])
            let changes = Changes(removed: servers[0], changed: servers[1], added: servers[2])
            var rest = InventoryStatements.instances(
                page.recoveryInstances,
                lookedUp: page.lookedUp,
                in: place,
                at: now
            )
            if page.lookedUp == nil {
                rest += InventoryStatements.jobs(page.jobs, in: place)
                rest += NativeExecutionStatements.observe(page.nativeExecutions, in: place, at: now)
            }
            if changes.areAny { rest += ProtectionGroup.reselect(in: place, at: now) }
            rest.append(InventoryStatements.unstage(page.syncToken, in: place, at: now))
            if !concerned.isEmpty {
                rest.append(PlanReadinessStatements.recheck(concerned, at: now + PlanCheck.settling))
            }
            try await transaction.execute(rest)
            return changes
        }
    }

    /// How many servers a sync added, changed and removed.
    package struct Changes: Sendable, Hashable {
        package var removed: Int
        package var changed: Int
        package var added: Int

        package var areAny: Bool { removed + changed + added > 0 }
    }

    /// The elements, each key once: a page that came twice with other contents must not end the sync.
    private static func distinct<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key) -> [Element] {
        var seen: Set<Key> = []
        return elements.filter { seen.insert(key($0)).inserted }
    }
}
