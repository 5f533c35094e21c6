package import Ambient
package import Contract
package import Hypertext
package import Recovery

/// What nobody has confirmed lately, by account and Region: a page shows it as it was, and says since when.
package struct Staleness: Sendable {
    /// An account, or one Region of it, and when it was last heard of; nil: never.
    package struct Part: Sendable, Hashable {
        let accountId: AccountNumber
        let region: Region?
        let since: Instant?
    }

    let title: String
    let parts: [Part]
    let advice: String

    /// More places are counted, not named.
    private static let named = 6

    /// Whether an inventory of that age is old: as old as what a plan's readiness calls old.
    package static func isOld(_ syncedAt: Instant?, at now: Instant) -> Bool {
        syncedAt.map { now - $0 > PlanCheck.inventoryAge } ?? true
    }

    /// The places of servers whose inventory is old.
    package static func inventory(of servers: [SourceServerView], at now: Instant) -> Staleness {
        inventory(
            servers.filter { isOld($0.syncedAt, at: now) }.map {
                Part(accountId: $0.accountId, region: $0.region, since: $0.syncedAt)
            }
        )
    }

    /// The places whose quotas were read with an inventory that is old.
    package static func inventory(of uses: [QuotaUse], at now: Instant) -> Staleness {
        inventory(
            uses.filter { isOld($0.syncedAt, at: now) }.map {
                Part(accountId: $0.accountId, region: $0.region, since: $0.syncedAt)
            }
        )
    }

    private static func inventory(_ parts: [Part]) -> Staleness {
        Staleness(
            title: "Some of this is old",
            parts: parts,
            advice: "The spokes of these accounts are silent, or DRS does not answer them."
        )
    }

    /// The accounts of which no spoke is heard now.
    package static func silence(of accounts: Set<AccountNumber>, spokes: [SpokeView]) -> Staleness {
        let parts = accounts.compactMap { account -> Part? in
            let serving = spokes.filter { $0.accounts.contains { $0.accountId == account } }
            guard !serving.contains(where: { $0.state != .lost }) else { return nil }
            return Part(accountId: account, region: nil, since: serving.map(\.lastSeenAt).max())
        }
        return Staleness(
            title: "No spoke is heard of",
            parts: parts,
            advice:
                "What stands here of their servers is from then; launches there go on at AWS, and are read when a spoke is back."
        )
    }

    private var sorted: [Part] {
        Set(parts).sorted { ($0.accountId, $0.region?.rawValue ?? "") < ($1.accountId, $1.region?.rawValue ?? "") }
    }

    /// A warning that names the places; nothing where nothing is old.
    package func html(at now: Instant) -> HTML {
        guard !parts.isEmpty else { return .empty }
        let (all, shown) = (sorted, sorted.prefix(Self.named))
        return Alert(
            .warning,
            title,
            """
            <ul>\(shown.html { part in
                """
                <li><a href="\(Link.account(part.accountId))">\(part.accountId.rawValue)</a> \(part.region?.rawValue): \
                \(part.since.map { "last read \(Times.ago($0, at: now))" } ?? "never read")</li>
                """
            })\(if: all.count > shown.count, "<li>and \(all.count - shown.count) more</li>")</ul><p>\(advice)</p>
            """
        ).html
    }

    /// Beside a fact that is old: as of when it is.
    package static func mark(_ syncedAt: Instant, at now: Instant) -> HTML {
        isOld(syncedAt, at: now) ? "<span class=\"detail stale\">as of \(Times.moment(syncedAt))</span>" : .empty
    }
}
