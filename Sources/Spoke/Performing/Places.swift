package import Recovery

/// The places that were worked in so far; each is made when it is first needed, and its jobs are looked at from then on.
package final class Places: Sendable {
    private let accounts: [AccountNumber: ReachableAccount]
    private let equipment: Equipment
    private let made = Watched<[Place: ServedPlace]>([:])

    package init(accounts: [ReachableAccount], equipment: Equipment) {
        self.accounts = Dictionary(accounts.map { ($0.accountId, $0) }) { first, _ in first }
        self.equipment = equipment
    }

    /// The place, or a refusal where the spoke's configuration does not have its account.
    package func place(_ place: Place) throws(PerformanceRefusal) -> ServedPlace {
        guard let account = accounts[place.accountId] else {
            throw PerformanceRefusal(.accountNotServed, "the account \(place.accountId) is not in this spoke's file")
        }
        return made.change { made in
            if let served = made[place] { return served }
            let served = ServedPlace(place: place, account: account, equipment: equipment)
            made[place] = served
            return served
        }
    }

    /// Looks at the jobs of every place that is made, until cancelled.
    package func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var running: Set<Place> = []
            while true {
                let fresh = try await made.when { [running] made in
                    let fresh = made.filter { !running.contains($0.key) }
                    return fresh.isEmpty ? nil : fresh
                }
                for (place, served) in fresh {
                    running.insert(place)
                    group.addTask { try await served.poller.run() }
                }
            }
        }
    }
}
