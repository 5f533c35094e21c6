internal import Ambient
internal import Conductor
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store

extension Agents {
    /// `POST /agent/v1/progress`: what happened; also the heartbeat, which renews the leases.
    func progress(_ exchange: Exchange) async throws -> Response {
        let caller = try await caller(of: exchange)
        let batch: ProgressBatch = try await exchange.message()
        try await conductor.renewLeases(of: caller.session.sessionId, holding: batch.holding)
        do {
            let acknowledgement = try await conductor.record(
                batch.reports,
                from: caller.session.sessionId,
                serving: caller.numbers
            )
            try await keepProblems(of: batch.reports)
            return .json(JSON(document: acknowledgement))
        } catch let foreign as ForeignCommand {
            throw try await refuseForeign(foreign.accountId, of: caller, exchange)
        }
    }

    /// Keeps why inventories could not be synced, for whoever looks at them; repeated, it says the same.
    private func keepProblems(of reports: [ProgressReport]) async throws {
        let problems = reports.compactMap { report -> Statement? in
            switch report.event {
            case .failed(let problem), .startDeferred(let problem):
                InventoryStatements.notSynced(.init(report.commandId.uuid), code: problem.code, text: problem.message)
            case .jobAccepted, .servers, .logItems, .jobEnded, .instances, .access, .findings, .done: nil
            }
        }
        if !problems.isEmpty { try await pool.execute(problems) }
    }

    /// `POST /agent/v1/inventory`: a page; the last one makes all of them the hub's inventory.
    func inventory(_ exchange: Exchange) async throws -> Response {
        let caller = try await caller(of: exchange)
        let page: InventoryPage = try await exchange.message()
        guard caller.serves(page.place) else {
            throw try await refuseForeign(page.accountId, of: caller, exchange)
        }
        try Self.check(page)
        if page.isLast, page.page == 0 {
            try await apply([page], exchange)
        } else {
            try await pool.execute(InventoryStatements.stage(page, at: exchange.at))
            if page.isLast {
                try await apply(
                    try await pool.run(InventoryStatements.staged(page.syncToken, in: page.place)),
                    exchange
                )
            }
        }
        return .json([:])
    }

    /// Pages of one sync: 4,000 servers, and as many recovery instances, need far fewer.
    private static let mostPages = 1000

    private static func check(_ page: InventoryPage) throws {
        var errors: [JSON.Problem] = []
        if !(0..<mostPages).contains(page.page) {
            errors.append(.init(pointer: "/page", message: "must be 0 to \(mostPages - 1)"))
        }
        if !(1...64).contains(page.syncToken.utf8.count) {
            errors.append(.init(pointer: "/syncToken", message: "must have 1 to 64 characters"))
        }
        guard errors.isEmpty else { throw Problem(.invalidRequest, "The page cannot be taken.", errors: errors) }
    }

    private func apply(_ pages: [InventoryPage], _ exchange: Exchange) async throws {
        guard let sync = InventorySync(pages), let last = pages.last else {
            throw Problem(
                .invalidRequest,
                "Pages of this sync are missing: begin again with another token.",
                errors: [.init(pointer: "/page", message: "is the last one, and not all before it came")]
            )
        }
        let changes = try await sync.apply(through: pool, at: exchange.at)
        guard changes.areAny else { return }
        exchange.logger.info(
            "inventory changed",
            metadata: [
                "place": "\(last.place)", "added": "\(changes.added)", "changed": "\(changes.changed)",
                "removed": "\(changes.removed)",
            ]
        )
    }
}
