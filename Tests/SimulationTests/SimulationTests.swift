internal import TestKit
internal import Testing

/// Every world is run once; each test looks at one law in all of them.
private struct Worlds {
    static let all = Worlds()

    let breaches: [Law: [(seed: Seed, text: String)]]
    let sights: Set<String>

    private init() {
        var breaches: [Law: [(seed: Seed, text: String)]] = [:]
        var sights: Set<String> = []
        for seed in Seed.some(2000) {
            var world = World(seed)
            world.run()
            sights.formUnion(world.sights)
            for breach in world.breaches { breaches[breach.law, default: []].append((seed, breach.text)) }
        }
        (self.breaches, self.sights) = (breaches, sights)
    }
}

@Suite struct `In two thousand worlds` {
    @Test(arguments: Law.allCases) func `every law holds`(_ law: Law) {
        let breaches = Worlds.all.breaches[law, default: []]
        let seeds = Set(breaches.map(\.seed)).count
        let first = breaches.min { $0.seed.value < $1.seed.value }
        #expect(
            breaches.isEmpty,
            "\(law.rawValue), but not in \(seeds) worlds; \(first.map { "\($0.seed): \($0.text)" } ?? "")"
        )
    }

    @Test func `everything that can happen does`() {
        let wanted: Set = [
            "initiated", "running", "paused", "cancelling", "completed", "partial", "failed", "cancelled", "quota full",
            "a year", "partly",
        ]
        let isWhole = Worlds.all.sights.isSuperset(of: wanted)
        #expect(isWhole || Seed.some(2000).count < 2000, "\(wanted.subtracting(Worlds.all.sights)) never came about")
    }

    @Test(arguments: [Seed(1), Seed(2), Seed(3)]) func `the same seed makes the same world`(_ seed: Seed) {
        var (one, other) = (World(seed), World(seed))
        one.run()
        other.run()
        #expect(one.executions == other.executions)
        #expect(one.now == other.now)
    }
}
