internal import Ambient
internal import Recovery
internal import TestKit

/// The executions of a world, and the people who decide about them.
extension World {
    private static let people = ["ada", "bob", "eve"]

    mutating func begin(_ index: Int) {
        let (execution, outcome) = Execution.begin(
            frozenPlan(index),
            id: .sample(index),
            type: random.happens(0.3) ? .recovery : .drill,
            reason: nil,
            by: "ada",
            at: now
        )
        executions.append(execution)
        claims.append(true)
        perform(outcome.effects, index)
        for _ in 0..<random.number(0...5) { plan(.decide(index), in: .seconds(random.number(0...900))) }
    }

    private mutating func frozenPlan(_ index: Int) -> FrozenPlan {
        let sizes = (0..<random.number(1...4)).map { _ in random.number(0...3) }
        var plan = FrozenPlan.sample(waves: sizes)
        var next = index * 1000
        for wave in plan.waves.indices {
            for server in plan.waves[wave].servers.indices {
                next += 1
                plan.waves[wave].servers[server] = .sample(
                    next,
                    at: Self.places[random.number(0...1)],
                    impact: random.happens(0.3) ? .optional : .critical
                )
            }
            plan.waves[wave].pauseBeforeWave = random.happens(0.2)
            plan.waves[wave].timeoutMinutes = random.number(1...4)
            plan.waves[wave].onFailure = random.happens(0.5) ? .continue : .stop
            if random.happens(0.15) {
                plan.waves[wave].approvals = .init(count: random.number(1...2), groups: [], excludeStarter: false)
            }
        }
        if random.happens(0.5) {
            plan.ordering = .dependencies
            for wave in plan.waves.indices {
                plan.waves[wave].dependsOnWaves = (0..<wave).filter { _ in random.happens(0.4) }
            }
        }
        for place in plan.places { plan.serversPerJob[place.description] = quotas.serversPerJob }
        return plan
    }

    /// Someone asks for something, sensible or not.
    mutating func decide(_ index: Int) {
        let wave = random.number(0...executions[index].waves.count)
        let person = Self.people[random.number(0...2)]
        let event: Execution.Event =
            switch random.number(0...27) {
            case 0...2: .pauseRequested(.nextWave, by: person)
            case 3...5: .pauseRequested(.now, by: person)
            case 6...8: .resumed(wave: nil, by: person, comment: nil)
            case 9...10: .resumed(wave: wave, by: person, comment: nil)
            case 11...14: .approved(wave: wave, by: person, comment: nil)
            case 15: .declined(wave: wave, by: person, comment: nil)
            case 16: .cancelRequested(by: person, comment: nil)
            case 17: .pauseExpired(wave: wave)
            case 18...22: .retryRequested(failed(of: index), by: person)
            case 23: .skipRequested(failed(of: index), by: person, reason: "it is not needed")
            case 24: .noted(by: person, text: "the network team is called")
            default: .terminationRequested(by: person)
            }
        send(event, to: index)
    }

    /// Some of the servers that have failed, or one that waits.
    private mutating func failed(of index: Int) -> [SourceServerID] {
        let servers = executions[index].servers
        let failed = servers.filter { $0.status == .failed }.map(\.sourceServerId)
        guard !failed.isEmpty else { return servers.first { $0.status == .pending }.map { [$0.sourceServerId] } ?? [] }
        return Array(failed.prefix(random.number(1...failed.count)))
    }

    /// Everyone approves and resumes what waits.
    mutating func decideAll() {
        for index in executions.indices where executions[index].phase == .active {
            for wave in executions[index].waves where wave.waitingFor == .approval {
                for person in Self.people { receive(.approved(wave: wave.waveNumber, by: person, comment: nil), index) }
            }
            receive(.resumed(wave: nil, by: "ada", comment: nil), index)
        }
    }
}
