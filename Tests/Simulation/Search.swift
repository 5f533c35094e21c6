/// Runs worlds from seed to seed and keeps what they show.
package struct Search: Sendable {
    package struct Find: Sendable {
        package let seed: UInt64
        package let breach: Breach
    }

    package private(set) var worlds = 0
    package private(set) var finds: [Find] = []
    package private(set) var sights: Set<String> = []

    package init() {}

    /// Runs the worlds of the seeds; the closure says after each whether to go on.
    package mutating func run(
        _ seeds: some Sequence<UInt64>,
        under rules: Rules = Rules(),
        while goesOn: (Search) -> Bool = { _ in true }
    ) {
        for seed in seeds {
            var world = World(seed: seed, rules: rules)
            world.run()
            worlds += 1
            sights.formUnion(world.sights)
            if let breach = world.breaches.first { finds.append(Find(seed: seed, breach: breach)) }
            guard goesOn(self) else { return }
        }
    }

    /// What two searches found.
    package mutating func merge(_ other: Search) {
        worlds += other.worlds
        finds += other.finds
        sights.formUnion(other.sights)
    }
}
