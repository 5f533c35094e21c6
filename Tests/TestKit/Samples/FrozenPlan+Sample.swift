internal import Ambient
package import Recovery

extension FrozenPlan {
    /// A plan of waves with so many servers each, all in one place, each wave after the one before it.
    ///
    /// Servers are numbered through the plan from 1, as `SourceServerID.sample` has them.
    package static func sample(
        waves sizes: [Int] = [1],
        change: (inout FrozenPlan) -> Void = { _ in }
    ) -> FrozenPlan {
        var next = 1
        let waves = sizes.enumerated().map { number, size in
            defer { next += size }
            return FrozenWave(
                waveNumber: number,
                name: "Wave \(number)",
                dependsOnWaves: number == 0 ? [] : [number - 1],
                servers: (next..<next + size).map { FrozenServer.sample($0) }
            )
        }
        var plan = FrozenPlan(
            planId: .sample(1),
            planName: "Shop",
            planRevision: 1,
            ordering: .sequential,
            waves: waves
        )
        change(&plan)
        return plan
    }

    /// The same ordered by dependencies: for each wave, the waves it waits for.
    package static func sample(waves sizes: [Int], dependsOn: [[Int]]) -> FrozenPlan {
        .sample(waves: sizes) { plan in
            plan.ordering = .dependencies
            for (index, waves) in dependsOn.enumerated() { plan.waves[index].dependsOnWaves = waves }
        }
    }
}

extension FrozenServer {
    package static func sample(
        _ number: Int,
        at place: Place = .sample(),
        impact: Wave.Impact = .critical
    ) -> FrozenServer {
        FrozenServer(
            sourceServerId: .sample(number),
            hostname: "host-\(number)",
            place: place,
            impact: impact
        )
    }
}
