internal import Simulation
internal import TestKit
internal import Testing

/// Every world is run once; each test looks at one law in all of them.
private struct Worlds {
    /// So many as a debug build runs in about ten seconds; `SEEDS=20000` runs more, `SEED=4` that one alone.
    static let count: UInt64 = 1000
    static let all = Worlds()

    let search: Search

    private init() {
        var search = Search()
        search.run(Seed.some(Self.count).map(\.value))
        self.search = search
    }
}

@Suite struct `In a thousand worlds` {
    @Test(arguments: Law.allCases) func `every law holds`(_ law: Law) {
        let finds = Worlds.all.search.finds.filter { $0.breach.law == law }
        let first = finds.min { $0.seed < $1.seed }
        #expect(
            finds.isEmpty,
            """
            \(law.rawValue), but not in \(finds.count) worlds.
            \(first.map { "\($0.breach.text)\nReplay it: Tests/simulate --seed \($0.seed)" } ?? "")
            """
        )
    }

    @Test func `everything that can happen does`() {
        let wanted: Set = [
            "INITIATED", "RUNNING", "PAUSED", "CANCELLING", "COMPLETED", "PARTIAL", "FAILED", "CANCELLED", "quota full",
            "a year", "partly", "retried", "skipped", "reopened", "start refused", "drill cleared", "conflict",
            "answer dropped", "throttled", "lease lost", "lease asked in vain", "frozen", "frozen before the send",
            "frozen before the question", "woke", "restored", "foreign job", "stale", "deferred", "instance left",
        ]
        let missing = wanted.subtracting(Worlds.all.search.sights)
        #expect(missing.isEmpty || Seed.some(Worlds.count).count < Worlds.count, "\(missing) never came about")
    }

    @Test(arguments: Seed.some(3)) func `the same seed makes the same world`(_ seed: Seed) {
        var (one, other) = (World(seed: seed.value, isTelling: true), World(seed: seed.value, isTelling: true))
        one.run()
        other.run()
        #expect(!one.history.isEmpty)
        #expect(one.history == other.history)
    }
}

@Suite struct `A planted bug` {
    /// Worlds that are looked at, at most.
    private static let patience: UInt64 = 8000

    @Test(arguments: PlantedBug.all) func `is found by its law`(_ bug: PlantedBug) {
        var search = Search()
        search.run(0..<Self.patience, under: bug.rules) { $0.finds.isEmpty }
        let find = search.finds.first
        #expect(find != nil, "\(bug.name): \(Self.patience) worlds do not find it")
        guard let find else { return }
        #expect(bug.finders.contains(find.breach.law), "\(bug.name): seed \(find.seed) finds it by \(find.breach)")
    }
}
