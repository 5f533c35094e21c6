internal import Ambient
internal import Recovery
internal import TestKit

/// Every state that a few small executions can come to, by trying every event in each.
///
/// It sees the arrows of the state diagrams: nobody draws them, so that they cannot be wrong.
struct StateWalk {
    /// An arrow of a diagram, with the events that follow it.
    typealias Arrows = [Arrow: Set<String>]

    struct Arrow: Hashable, Comparable {
        let from: String
        let to: String

        static func < (left: Arrow, right: Arrow) -> Bool {
            (left.from, left.to) < (right.from, right.to)
        }
    }

    private(set) var executions: Arrows = [:]
    private(set) var waves: Arrows = [:]
    private(set) var servers: Arrows = [:]
    private(set) var instances: Arrows = [:]
    private(set) var cleanUps: Arrows = [:]
    private(set) var states = 0
    private let now = Instant.sample

    /// Walks through all of the samples.
    static let all = StateWalk()

    private init() {
        for sample in Self.samples { walk(sample) }
    }

    /// Plans that have in them all that makes a difference, and nothing twice.
    private static var samples: [FrozenPlan] {
        [
            .sample(waves: [1]),
            .sample(waves: [1, 1]) { $0.waves[0].servers[0].impact = .optional },
            .sample(waves: [2]) { $0.waves[0].servers[1].impact = .optional },
            .sample(waves: [0, 1]) { $0.waves[1].pauseBeforeWave = true },
            .sample(waves: [1, 1]) { $0.waves[1].pauseBeforeWave = true },
            .sample(waves: [1, 0]) {
                $0.waves[0].onFailure = .continue
                $0.waves[1].approvals = .init(count: 1, groups: [], excludeStarter: false)
            },
            .sample(waves: [1]) {
                $0.waves[0].approvals = .init(count: 1, groups: [], excludeStarter: false)
                $0.waves[0].pauseBeforeWave = true
            },
            .sample(waves: [1, 1], dependsOn: [[], []]),
        ]
    }

    private mutating func walk(_ plan: FrozenPlan) {
        let first = Execution.begin(plan, id: .sample(1), type: .drill, reason: nil, by: "ada", at: now).execution
        note(nil, first, "begin")
        var seen: Set<Execution> = [first]
        var open = [first]
        while let state = open.popLast() {
            for event in events(in: state) {
                var next = state
                let isLate = if case .pauseExpired = event { true } else { false }
                _ = next.receive(event, at: isLate ? now + .seconds(Limits.pauseSeconds) : now)
                note(state, next, event.name)
                if seen.insert(next).inserted { open.append(next) }
            }
        }
        states += seen.count
    }

    private mutating func note(_ before: Execution?, _ after: Execution, _ event: String) {
        Self.note(before?.status.rawValue ?? "PENDING", after.status.rawValue, event, &executions)
        for (index, wave) in after.waves.enumerated() {
            Self.note(before?.waves[index].status.rawValue ?? "PENDING", wave.status.rawValue, event, &waves)
        }
        for (index, server) in after.servers.enumerated() {
            let old = before?.servers[index]
            Self.note(old?.status.rawValue ?? "PENDING", server.status.rawValue, event, &servers)
            Self.note(old?.instanceState?.rawValue, server.instanceState?.rawValue, event, &instances)
        }
        Self.note(before?.control.cleanUp?.state.rawValue, after.control.cleanUp?.state.rawValue, event, &cleanUps)
    }

    private static func note(_ from: String?, _ to: String?, _ event: String, _ arrows: inout Arrows) {
        guard let to, from != to else { return }
        arrows[Arrow(from: from ?? "[*]", to: to), default: []].insert(event)
    }
}

extension StateWalk {
    /// What can happen to the execution as it stands.
    private func events(in execution: Execution) -> [Execution.Event] {
        guard execution.phase != .ended else { return cleanUpEvents(in: execution) + repairs(of: execution) }
        let isStopping = execution.control.cancellation != nil || execution.control.isStopped
        let jobs = execution.jobs.values.sorted { $0.key < $1.key }.flatMap {
            events(of: $0, isStopping: isStopping, isHolding: execution.control.isHolding)
        }
        let isWaiting = execution.waves.contains { $0.waitingFor != nil } || execution.control.isHolding
        let people: [Execution.Event] = [
            .pauseRequested(.nextWave, by: "ada"), .pauseRequested(.now, by: "ada"),
            .cancelRequested(by: "ada", comment: nil),
        ]
        let answers: [Execution.Event] = execution.waves.indices.flatMap { wave -> [Execution.Event] in
            [
                .approved(wave: wave, by: "bob", comment: nil), .declined(wave: wave, by: "bob", comment: nil),
                .pauseExpired(wave: wave),
            ]
        }
        let resume: [Execution.Event] = [.resumed(wave: nil, by: "ada", comment: nil)]
        return jobs + people + resume + (isWaiting ? answers : []) + repairs(of: execution)
    }

    /// What people do about servers that failed; once, for a second time is like the first.
    private func repairs(of execution: Execution) -> [Execution.Event] {
        guard execution.servers.count == 1, execution.jobs.count <= 2 else { return [] }
        let servers = execution.servers.filter { $0.attempts < 2 }.map(\.sourceServerId)
        return servers.flatMap { server -> [Execution.Event] in
            [.retryRequested([server], by: "ada"), .skipRequested([server], by: "ada", reason: "retired")]
        }
    }

    private func events(of job: Execution.JobRun, isStopping: Bool, isHolding: Bool) -> [Execution.Event] {
        switch job.state {
        case .queued:
            [
                .jobAccepted(job.key, jobId: job.key.sampleJobId), .launchDeferred(job.key, code: "", text: ""),
                .launchRefused(job.key, code: "", text: ""),
            ] + (isStopping ? [.withdrawn([job.key])] : []) + (isHolding ? [.held([job.key])] : [])
        case .accepted:
            job.servers.flatMap { server in
                ["IN_PROGRESS", "LAUNCHED", "FAILED"].map { word in
                    let instance = word == "LAUNCHED" ? server.sampleInstance : nil
                    return .serversReported(
                        job.key,
                        [.init(sourceServerId: server, launchStatus: word, recoveryInstanceId: instance)]
                    )
                }
            } + [.jobEnded(job.key), .jobTimedOut(job.key)]
        case .ended, .withdrawn, .refused: []
        }
    }

    /// The clean-up of the plan with one server only: it is the same for any number.
    private func cleanUpEvents(in execution: Execution) -> [Execution.Event] {
        guard execution.servers.count == 1, execution.waves.count == 1 else { return [] }
        guard let cleanUp = execution.control.cleanUp else { return [.terminationRequested(by: "ada")] }
        let server = execution.servers[0].sourceServerId
        let reports = InstanceReport.State.allCases.map { Execution.Event.instancesReported([.sample(server, $0)]) }
        let ends = cleanUp.open.flatMap { key -> [Execution.Event] in
            [.terminationEnded(key: key, problem: nil), .terminationEnded(key: key, problem: "denied")]
        }
        let late = execution.jobs.values.map { job in
            let instance = server.sampleInstance
            return Execution.Event.serversReported(
                job.key,
                [.init(sourceServerId: server, launchStatus: "LAUNCHED", recoveryInstanceId: instance)]
            )
        }
        let isAskedAgain = cleanUp.attempt < 2
        return (cleanUp.state == .running ? reports : []) + ends + late
            + (isAskedAgain ? [.terminationRequested(by: "ada")] : [])
    }
}

extension Execution.Event {
    /// The event without what it is about.
    var name: String {
        String("\(self)".prefix { $0 != "(" })
    }
}
