import Ambient
import JSON
import OpenSSL
import OrderedCollections
import Recovery
import Reporting
import TestKit

/// A drill played at random from a seed, its journal as it would be stored, and what an onlooker saw between two events.
struct Drill {
    /// What somebody sees who looks at the execution between two moments.
    struct Look {
        let from: Instant
        let to: Instant
        let isJobWithDRS: Bool
        let isJobWaiting: Bool
        let isJobOpen: Bool
        let isPersonAwaited: Bool
        /// Whether something has failed until then, so that somebody may be waited for.
        let hasFailed: Bool
        let hasEnded: Bool
    }

    private(set) var execution: Execution
    private(set) var now = Instant.sample
    private(set) var facts: [JournalFact] = []
    private(set) var looks: [Look] = []
    private var chance: SeededGenerator

    init(_ seed: Seed) {
        var generator = SeededGenerator(seed)
        let plan = Self.plan(&generator)
        chance = generator
        let begun = Execution.begin(plan, id: .sample(1), type: .drill, reason: nil, by: "ada", at: .sample)
        execution = begun.execution
        note(begun.outcome)
        for _ in 0..<300 where execution.endedAt == nil || chance.happens(0.3) { step() }
    }

    private static func plan(_ chance: inout SeededGenerator) -> FrozenPlan {
        var sizes: [Int] = []
        for _ in 0..<chance.number(1...4) { sizes.append(chance.number(1...3)) }
        var plan = FrozenPlan.sample(waves: sizes)
        for index in plan.waves.indices {
            plan.waves[index].pauseBeforeWave = chance.happens(0.25)
            if chance.happens(0.2) { plan.waves[index].approvals = .init(count: 1, groups: [], excludeStarter: false) }
            if chance.happens(0.4) { plan.waves[index].onFailure = .continue }
            if index > 0, chance.happens(0.4) {
                plan.ordering = .dependencies
                plan.waves[index].dependsOnWaves = chance.happens(0.5) ? [] : [chance.number(0...(index - 1))]
            }
        }
        return plan
    }

    var dependencies: [[Int]] { execution.plan.waves.map(\.dependsOnWaves) }

    private mutating func note(_ outcome: Execution.Outcome) {
        for entry in outcome.journal { facts.append(JournalFact(entry, sequence: facts.count + 1, at: now)) }
        let held = outcome.effects.flatMap { effect -> [JobKey] in if case .hold(let keys) = effect { keys } else { [] }
        }
        if !held.isEmpty { note(execution.receive(.held(held), at: now)) }
        for case .withdraw(let keys) in outcome.effects { note(execution.receive(.withdrawn(keys), at: now)) }
    }

    private mutating func receive(_ event: Execution.Event) { note(execution.receive(event, at: now)) }

    private mutating func pass() {
        let later = now + .milliseconds(chance.number(0...90_000))
        let jobs = execution.jobs.values
        looks.append(
            Look(
                from: now,
                to: later,
                isJobWithDRS: jobs.contains { $0.state == .accepted },
                isJobWaiting: jobs.contains { $0.state == .queued && $0.wait != nil },
                isJobOpen: jobs.contains { $0.state.isOpen },
                isPersonAwaited: execution.control.isHolding || execution.waves.contains { $0.status == .paused },
                hasFailed: facts.contains { $0.kind == .serverFailed },
                hasEnded: execution.endedAt != nil
            )
        )
        now = later
    }

    private mutating func step() {
        pass()
        let queued = execution.jobs.values.filter { $0.state == .queued }.sorted { $0.key < $1.key }
        let accepted = execution.jobs.values.filter { $0.state == .accepted }.sorted { $0.key < $1.key }
        let failed = execution.servers.filter { $0.status == .failed }.map(\.sourceServerId)
        let waiting = execution.waves.filter { $0.status == .paused }
        switch chance.number(0...15) {
        case 0...3:
            if let job = queued.randomElement(using: &chance), !execution.control.isHolding {
                receive(.jobAccepted(job.key, jobId: job.key.sampleJobId))
            }
        case 4...7:
            if let job = accepted.randomElement(using: &chance) { report(job) }
        case 8...9:
            if let wave = waiting.first {
                receive(
                    wave.waitingFor == .approval
                        ? .approved(wave: wave.waveNumber, by: "grace", comment: nil)
                        : .resumed(wave: nil, by: "ada", comment: nil)
                )
            } else if execution.control.isHolding {
                receive(.resumed(wave: nil, by: "ada", comment: nil))
            }
        case 10:
            if let job = queued.randomElement(using: &chance) {
                receive(.launchDeferred(job.key, code: "ServiceQuotaExceededException", text: "full"))
            }
        case 11: if let server = failed.randomElement(using: &chance) { receive(.retryRequested([server], by: "ada")) }
        case 12:
            if let server = failed.randomElement(using: &chance), chance.happens(0.3) {
                receive(.skipRequested([server], by: "ada", reason: "not needed"))
            }
        case 13: if chance.happens(0.2) { receive(.pauseRequested(.now, by: "ada")) }
        case 14: if chance.happens(0.2) { receive(.pauseRequested(.nextWave, by: "ada")) }
        default: receive(.noted(by: "ada", text: "all is well"))
        }
    }

    private mutating func report(_ job: Execution.JobRun) {
        let open = job.servers.filter { execution.server($0)?.status == .inProgress }
        guard let server = open.randomElement(using: &chance) else { return receive(.jobEnded(job.key)) }
        let isLaunch = chance.happens(0.8)
        let report = ServerReport(
            sourceServerId: server,
            launchStatus: isLaunch ? "LAUNCHED" : "FAILED",
            recoveryInstanceId: isLaunch ? server.sampleInstance : nil,
            error: isLaunch ? nil : "no capacity"
        )
        receive(.serversReported(job.key, [report]))
    }

    /// The end of the recovery time as of now, and whose launch it was.
    var end: (at: Instant, server: String?) {
        guard execution.endedAt != nil else { return (now, nil) }
        let launched = execution.servers.filter { $0.status == .launched }
        let last = launched.max { ($0.endedAt ?? .sample) < ($1.endedAt ?? .sample) }
        return (execution.lastLaunch ?? execution.endedAt ?? now, last?.sourceServerId.rawValue)
    }
}

extension Drill {
    /// The same as it would be read from the database.
    func material() -> ReportMaterial {
        var previous = JournalHead.empty.hash
        var journal: [(event: String, hash: String)] = []
        for fact in facts {
            let text = Self.text(of: fact, execution.id, previous)
            previous = Hex.encode(SHA256.digest(Array(text.utf8)))
            journal.append((text, previous))
        }
        return ReportMaterial(
            execution: execution,
            journal: journal,
            journalHead: JournalHead(sequence: facts.count, hash: previous)
        )
    }

    /// The journal as replicas write it whose clocks differ: some of its moments lie before the event before them.
    func skewed(_ seed: Seed) -> [JournalFact] {
        var chance = SeededGenerator(seed)
        return facts.compactMap { fact in
            guard fact.sequence > 1, chance.happens(0.5) else { return fact }
            let text = Self.text(of: fact, execution.id, "")
            let at = fact.at + .milliseconds(chance.number(0...60_000) - 30_000)
            return JournalFact(event: text.replacing(fact.at.description, with: at.description))
        }
    }

    private static func text(of fact: JournalFact, _ id: Execution.ID, _ previous: String) -> String {
        let members: [(String, JSON?)] = [
            ("executionId", .string(id.description)), ("sequence", .integer(Int64(fact.sequence))),
            ("at", .string(fact.at.description)), ("kind", .string(fact.kindText)), ("previous", .string(previous)),
            ("by", fact.by.map(JSON.string)), ("waveNumber", fact.waveNumber.map { .integer(Int64($0)) }),
            ("accountId", fact.accountId.map(JSON.string)), ("jobKey", fact.jobKey.map(JSON.string)),
            ("jobId", fact.jobId.map(JSON.string)), ("sourceServerId", fact.sourceServerId.map(JSON.string)),
            ("recoveryInstanceId", fact.recoveryInstanceId.map(JSON.string)), ("label", fact.label.map(JSON.string)),
            ("text", fact.text.map(JSON.string)),
        ]
        var object: [(String, JSON)] = []
        for (name, value) in members { if let value { object.append((name, value)) } }
        return JSON.object(OrderedDictionary(uniqueKeysWithValues: object)).canonicalText
    }
}
