internal import Ambient
internal import Recovery
internal import Testing

@Suite struct `A graph of waves` {
    private func waves(_ dependencies: [[Int]]) -> [Wave] {
        dependencies.enumerated().map { Wave(waveNumber: $0, name: "Wave \($0)", dependsOnWaves: $1) }
    }

    @Test func `without dependencies has no cycle and keeps the order of the numbers`() {
        let graph = WaveGraph(waves([[], [], []]))
        #expect(graph.cycle == nil)
        #expect(graph.order == [0, 1, 2])
    }

    @Test func `names the waves that wait for each other, and no others`() {
        #expect(WaveGraph(waves([[2], [0], [1], [0]])).cycle == [0, 2, 1])
        #expect(WaveGraph(waves([[], [1]])).cycle == [1])
    }

    @Test func `puts a wave after all it depends on`() {
        #expect(WaveGraph(waves([[3], [], [0], [1]])).order == [1, 3, 0, 2])
    }

    @Test func `ignores dependencies on waves that do not exist`() {
        #expect(WaveGraph(waves([[7], [0]])).order == [0, 1])
    }

    @Test func `is searched without deep calls, however long the chain`() {
        let chain = (0..<20_000).map { $0 == 0 ? [] : [$0 - 1] }
        #expect(WaveGraph(waves(chain)).cycle == nil)
        #expect(WaveGraph(waves([[19_999]] + chain.dropFirst())).cycle?.count == 20_000)
    }

    @Test func `has a cycle exactly when it has no order, and the cycle is one`() {
        var withCycle = 0
        for seed in UInt64(0)..<3000 {
            let chance = SeededChance(seed: seed)
            let count = Int(chance.next() % 9) + 1
            // Some waves depend on nothing, or every graph would have a cycle.
            let graph = (0..<count).map { _ in
                (0..<Int(chance.next() % 3)).map { _ in Int(chance.next() % UInt64(count)) }
            }
            let waves = waves(graph)
            let (cycle, order) = (WaveGraph(waves).cycle, WaveGraph(waves).order)
            #expect((cycle == nil) == (order != nil), "seed \(seed)")
            if let cycle {
                withCycle += 1
                let next = cycle.dropFirst() + cycle.prefix(1)
                #expect(zip(cycle, next).allSatisfy { graph[$0].contains($1) }, "seed \(seed): no such way")
                #expect(Set(cycle).count == cycle.count, "seed \(seed): a wave twice")
            }
            if let order {
                let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
                #expect(order.sorted() == Array(0..<count), "seed \(seed)")
                for (wave, dependencies) in graph.enumerated() {
                    #expect(dependencies.allSatisfy { place[$0, default: 0] < place[wave, default: 0] }, "seed \(seed)")
                }
            }
        }
        #expect((300...2700).contains(withCycle), "the graphs are too much alike: \(withCycle) of 3000 have a cycle")
    }
}
