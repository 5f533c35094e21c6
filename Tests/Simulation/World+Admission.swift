internal import Ambient
internal import Recovery

extension World {
    static let places: [Place] = [place("111122223333", "eu-west-1"), place("111122223334", "us-east-1")]

    private static func place(_ account: String, _ region: String) -> Place {
        guard let account = AccountNumber(rawValue: account), let region = Region(rawValue: region) else {
            preconditionFailure("there is no place \(account)/\(region)")
        }
        return Place(accountId: account, region: region)
    }

    static func number(of place: Place) -> Int { place == places[0] ? 0 : 1 }

    /// `Conductor.admit`: lets as many waiting launches go to spokes as the quotas allow.
    mutating func admit(at place: Int) {
        let waiting = tables.commands.indices.filter { at in
            let command = tables.commands[at]
            return command.place == place && command.state == .queued && command.notBefore <= now
        }
        guard !waiting.isEmpty else { return }
        let queue = waiting.map { candidate(tables.commands[$0]) }
        let ours = tables.commands.filter { $0.place == place && ($0.state == .ready || $0.state == .leased) }
        let foreign = tables.observed[place].filter { job in !(job.key.map { tables.knows(key: $0) } ?? false) }
        var held: [Execution.ID: Int] = [:]
        for command in ours { held[candidate(command).executionId, default: 0] += command.serverCount }
        let admission = Admission(
            quotas: quotas,
            jobsInUse: ours.count + foreign.count,
            serversInUse: ours.reduce(0) { $0 + $1.serverCount } + foreign.reduce(0) { $0 + $1.servers.count },
            serversByExecution: held
        )
        let admitted = rules.admitted(admission, queue)
        check(admitted, of: queue, admission)
        for candidate in admitted {
            for at in waiting where tables.commands[at].key == candidate.key { tables.commands[at].state = .ready }
        }
    }

    private func candidate(_ command: Command) -> Admission.Candidate {
        guard let execution = tables.row(command.execution)?.execution else {
            preconditionFailure("a command has an execution")
        }
        return Admission.Candidate(
            key: command.key,
            executionId: execution.id,
            isRecovery: command.isRecovery,
            serverCount: command.serverCount
        )
    }

    /// What is let go fits beside everything that is known to be in use, and takes no room that a recovery waits for.
    private mutating func check(
        _ admitted: [Admission.Candidate],
        of queue: [Admission.Candidate],
        _ admission: Admission
    ) {
        guard !admitted.isEmpty else { return }
        let jobs = admission.jobsInUse + admitted.count
        let servers = admitted.reduce(admission.serversInUse) { $0 + $1.serverCount }
        if jobs > quotas.concurrentJobs { breach(.quota, "\(jobs) jobs of \(quotas.concurrentJobs)") }
        if servers > quotas.serversInAllJobs, jobs > 1 {
            breach(.quota, "\(servers) servers of \(quotas.serversInAllJobs)")
        }
        let left = queue.filter { waiting in !admitted.contains { $0.key == waiting.key } }
        if left.contains(where: \.isRecovery), admitted.contains(where: { !$0.isRecovery }) {
            breach(.rank, "a drill goes while a recovery waits")
        }
    }
}
