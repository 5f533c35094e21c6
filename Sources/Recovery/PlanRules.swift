/// What must hold of a plan beyond its form: how its waves relate to each other, to groups and to servers.
///
/// Every broken rule is found, not the first one only, and each is named by its place in the request's body.
package struct PlanRules: Sendable {
    let ordering: RecoveryPlan.Ordering
    let waves: [Wave]
    /// The members of every group that exists.
    let members: [ProtectionGroup.ID: Set<SourceServerID>]

    /// - Parameters:
    ///   - ordering: How the waves follow each other.
    ///   - waves: As the caller wrote them, so that pointers lead to the right place.
    ///   - members: The members of every group that the waves name and that exists (and that the caller may see).
    package init(
        ordering: RecoveryPlan.Ordering,
        waves: [Wave],
        members: [ProtectionGroup.ID: Set<SourceServerID>]
    ) {
        self.ordering = ordering
        self.waves = waves
        self.members = members
    }

    /// A broken rule and its place.
    package struct Problem: Sendable, Hashable {
        package let code: Refusal.Code
        package let pointer: Refusal.Pointer

        init(_ pointer: String, _ message: String, code: Refusal.Code = .ruleBroken) {
            self.code = code
            self.pointer = Refusal.Pointer(pointer, message)
        }
    }

    /// Every broken rule, in the order of the body.
    package var problems: [Problem] {
        sizes + numbers + dependencies + groups + servers + overlaps
    }

    /// The answer to the caller; nil when every rule holds.
    ///
    /// Where all that is wrong is of one kind the refusal has that kind's code (`WAVE_CYCLE` with the cycle, `WAVE_ORDER`,
    /// `UNKNOWN_GROUP`), otherwise `RULE_BROKEN`.
    package var refusal: Refusal? {
        let problems = problems
        guard let first = problems.first else { return nil }
        var codes = Set(problems.map(\.code))
        // A cycle cannot but break the order too: it is the better explanation.
        if codes == [.waveCycle, .waveOrder] { codes = [.waveCycle] }
        if codes == [.waveCycle], let cycle = WaveGraph(waves).cycle {
            return Refusal(.waveCycle, Self.sentence(about: cycle), .cycle(cycle))
        }
        let code = codes.count == 1 ? first.code : .ruleBroken
        let detail = problems.count == 1 ? first.pointer.message : "\(problems.count) rules are broken"
        return Refusal(code, detail, .pointers(problems.map(\.pointer)))
    }

    /// The servers that a wave recovers: those it lists, or all of its groups.
    package func servers(of wave: Wave) -> Set<SourceServerID> {
        wave.serverIds.isEmpty ? pool(of: wave) : Set(wave.serverIds)
    }

    /// Every server of the wave's groups.
    func pool(of wave: Wave) -> Set<SourceServerID> {
        wave.protectionGroupIds.reduce(into: []) { pool, group in pool.formUnion(members[group] ?? []) }
    }

    static func sentence(about cycle: [Int]) -> String {
        let circle = cycle + cycle.prefix(1)
        return "waves wait for each other: \(circle.map(String.init).joined(separator: " → "))"
    }
}

extension PlanRules {
    private var sizes: [Problem] {
        var problems: [Problem] = []
        if waves.isEmpty { problems.append(Problem("/waves", "a plan has at least one wave")) }
        if waves.count > Limits.wavesPerPlan {
            problems.append(Problem("/waves", "\(waves.count) waves; a plan has at most \(Limits.wavesPerPlan)"))
        }
        let servers = waves.reduce(into: Set<SourceServerID>()) { all, wave in all.formUnion(self.servers(of: wave)) }
        if servers.count > Limits.serversPerPlan {
            problems.append(Problem("/waves", "\(servers.count) servers; a plan has at most \(Limits.serversPerPlan)"))
        }
        return problems
    }

    private var numbers: [Problem] {
        var seen: Set<Int> = []
        return waves.indices.compactMap { index in
            let number = waves[index].waveNumber
            if !waves.indices.contains(number) {
                return Problem(
                    "/waves/\(index)/waveNumber",
                    "wave numbers are 0 to \(waves.count - 1) without gaps; this is \(number)"
                )
            }
            guard !seen.insert(number).inserted else { return nil }
            return Problem("/waves/\(index)/waveNumber", "there is another wave \(number)")
        }
    }

    private var dependencies: [Problem] {
        let known = Set(waves.map(\.waveNumber))
        var problems: [Problem] = []
        for (index, wave) in waves.enumerated() {
            var seen: Set<Int> = []
            for (position, dependency) in wave.dependsOnWaves.enumerated() {
                let pointer = "/waves/\(index)/dependsOnWaves/\(position)"
                if !seen.insert(dependency).inserted {
                    problems.append(Problem(pointer, "wave \(dependency) is named twice"))
                } else if !known.contains(dependency) {
                    problems.append(Problem(pointer, "there is no wave \(dependency)"))
                } else if ordering == .sequential, dependency > wave.waveNumber {
                    problems.append(
                        Problem(
                            pointer,
                            "wave \(wave.waveNumber) cannot wait for the later wave \(dependency) in a SEQUENTIAL plan",
                            code: .waveOrder
                        )
                    )
                }
            }
        }
        if let cycle = WaveGraph(waves).cycle {
            let index = waves.firstIndex { $0.waveNumber == cycle.first } ?? 0
            problems.append(Problem("/waves/\(index)/dependsOnWaves", Self.sentence(about: cycle), code: .waveCycle))
        }
        return problems
    }
}
