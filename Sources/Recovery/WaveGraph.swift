/// Which waves of a plan wait for which: an edge leads from a wave to each that it depends on.
package struct WaveGraph: Sendable {
    /// By wave number: the waves that must be settled before it, without those that do not exist.
    private let dependencies: [Int: [Int]]

    package init(_ waves: [Wave]) {
        let known = Set(waves.map(\.waveNumber))
        dependencies = Dictionary(
            waves.map { ($0.waveNumber, $0.dependsOnWaves.filter(known.contains)) },
            uniquingKeysWith: +
        )
    }

    /// Waves that wait for each other: each depends on the next, and the last on the first; nil when there are none.
    ///
    /// The search keeps its own stack, for a thousand waves in a row would be a thousand calls deep.
    package var cycle: [Int]? {
        var finished: Set<Int> = []
        for start in dependencies.keys.sorted() where !finished.contains(start) {
            if let cycle = cycle(from: start, &finished) { return cycle }
        }
        return nil
    }

    private func cycle(from start: Int, _ finished: inout Set<Int>) -> [Int]? {
        var path = [start]
        var onPath: Set<Int> = [start]
        var remaining = [dependencies[start] ?? []]
        while let wave = path.last {
            guard let next = remaining[path.count - 1].popLast() else {
                finished.insert(wave)
                onPath.remove(wave)
                path.removeLast()
                remaining.removeLast()
                continue
            }
            if onPath.contains(next) { return Array(path.drop { $0 != next }) }
            guard !finished.contains(next) else { continue }
            path.append(next)
            onPath.insert(next)
            remaining.append(dependencies[next] ?? [])
        }
        return nil
    }

    /// The waves so that each comes after all it depends on, the lowest numbers first; nil when a cycle forbids it.
    package var order: [Int]? {
        var waiting = dependencies.mapValues { Set($0) }
        var order: [Int] = []
        while !waiting.isEmpty {
            let free = waiting.filter { $0.value.isEmpty }.keys.sorted()
            guard !free.isEmpty else { return nil }
            order += free
            for wave in free { waiting[wave] = nil }
            for wave in waiting.keys { waiting[wave]?.subtract(free) }
        }
        return order
    }
}
