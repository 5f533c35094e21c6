package import Contract
package import Recovery

/// Cuts an inventory into pages that the hub takes: by number, and by weight, for tags may be large.
package struct InventoryPages: Sendable {
    /// Source servers of one page.
    package static let serversPerPage = 500
    /// Bytes of one page, roughly: the hub takes bodies of 1 MiB.
    package static let weight = 600_000

    package var place: Place
    package var syncToken: String
    package var isInitialized: Bool
    package var lookedUp: [SourceServerID]?
    package var servers: [InventoryPage.Server] = []
    package var instances: [InventoryPage.RecoveryInstance] = []
    package var jobs: [InventoryPage.Job] = []
    package var quotas: Quotas?
    /// Nil where nobody could ask.
    package var nativeExecutions: [InventoryPage.NativeExecution]?

    package init(place: Place, syncToken: String, isInitialized: Bool, lookedUp: [SourceServerID]?) {
        self.place = place
        self.syncToken = syncToken
        self.isInitialized = isInitialized
        self.lookedUp = lookedUp
    }

    /// The pages, at least one; the last one says that it is.
    package var pages: [InventoryPage] {
        var pages: [InventoryPage] = []
        var (page, used) = (blank, 0)
        func turn(_ weight: Int, _ count: Int) {
            if count >= Self.serversPerPage || (used > 0 && used + weight > Self.weight) {
                pages.append(page)
                (page, used) = (blank, 0)
            }
            used += weight
        }
        for server in servers {
            turn(Self.weight(of: server), page.sourceServers.count)
            page.sourceServers.append(server)
        }
        for instance in instances {
            turn(180, page.recoveryInstances.count)
            page.recoveryInstances.append(instance)
        }
        for job in jobs {
            turn(250 + 24 * job.sourceServerIds.count, page.jobs.count)
            page.jobs.append(job)
        }
        for execution in nativeExecutions ?? [] {
            turn(700 + 24 * execution.sourceServerIds.count, page.nativeExecutions?.count ?? 0)
            page.nativeExecutions = (page.nativeExecutions ?? []) + [execution]
        }
        if nativeExecutions != nil, page.nativeExecutions == nil { page.nativeExecutions = [] }
        pages.append(page)
        for index in pages.indices { pages[index].page = index }
        pages[pages.count - 1].isLast = true
        pages[pages.count - 1].quotas = quotas
        return pages
    }

    private var blank: InventoryPage {
        InventoryPage(
            accountId: place.accountId,
            region: place.region,
            syncToken: syncToken,
            page: 0,
            isLast: false,
            isInitialized: isInitialized,
            lookedUp: lookedUp,
            sourceServers: [],
            recoveryInstances: [],
            jobs: [],
            quotas: nil
        )
    }

    private static func weight(of server: InventoryPage.Server) -> Int {
        server.tags.reduce(350 + server.hostname.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count + 8 }
    }
}
