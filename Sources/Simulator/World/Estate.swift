internal import Ambient
package import OrderedCollections

/// What DRS and EC2 keep for one account in one Region.
///
/// Jobs are planned whole when they are created, so that nothing has to happen later: every state is read from a plan
/// and the time. No call costs more than what is alive: jobs that have ended leave the list that quotas are counted
/// from, and a page of jobs is found by its sequence.
package struct Estate: Sendable {
    package let place: Place
    package internal(set) var isInitialized: Bool
    package internal(set) var quotas: Quotas
    package internal(set) var servers: OrderedDictionary<String, SourceServer>
    /// Every job by its sequence, oldest first; nil where one was deleted.
    private(set) var jobs: [Job?] = []
    private var sequences: [String: Int] = [:]
    /// The sequences of jobs that had not ended when last looked at.
    private var active: [Int] = []
    package private(set) var instances: OrderedDictionary<String, RecoveryInstance> = [:]
    /// Recovery plans of DRS's own.
    package internal(set) var native = NativePlans()
    private var instancesEver = 0
    private var instancesOfServer: [String: [String]] = [:]

    package init(
        _ place: Place,
        isInitialized: Bool = true,
        quotas: Quotas = Quotas(),
        servers: some Sequence<SourceServer> = []
    ) {
        self.place = place
        self.isInitialized = isInitialized
        self.quotas = quotas
        self.servers = OrderedDictionary(servers.map { ($0.id, $0) }) { first, _ in first }
    }

    // MARK: Jobs

    package func job(_ id: String) -> Job? {
        sequences[id].flatMap { jobs[$0] }
    }

    /// The jobs that have not ended.
    mutating func activeJobs(at moment: Duration) -> [Job] {
        let jobs = jobs
        active.removeAll { sequence in jobs[sequence].map { $0.ended <= moment } ?? true }
        return active.compactMap { jobs[$0] }
    }

    /// The sequences of the jobs created in a span of simulated time.
    func sequences(createdFrom from: Duration?, to: Duration?) -> Range<Int> {
        let lower = from.map { from in firstSequence { $0 >= from } } ?? 0
        let upper = to.map { to in firstSequence { $0 > to } } ?? jobs.count
        return lower..<max(lower, upper)
    }

    func job(at sequence: Int) -> Job? { jobs[sequence] }

    func sequence(of id: String) -> Int? { sequences[id] }

    /// Keeps a job that was planned, and marks its servers as taken.
    mutating func keep(_ job: Job) {
        sequences[job.id] = jobs.count
        active.append(jobs.count)
        jobs.append(job)
        creations.append(job.created)
        for participant in job.participants {
            servers[participant.server]?.occupied = SourceServer.Occupation(job: job.id, until: job.ended)
        }
    }

    mutating func delete(job id: String) {
        guard let sequence = sequences.removeValue(forKey: id) else { return }
        jobs[sequence] = nil
    }

    mutating func tag(job id: String, _ change: (inout [String: String]) -> Void) {
        guard let sequence = sequences[id], var job = jobs[sequence] else { return }
        change(&job.tags)
        jobs[sequence] = job
    }

    /// The creation times by sequence: never smaller than the one before.
    private var creations: [Duration] = []

    private func firstSequence(where matches: (Duration) -> Bool) -> Int {
        var (low, high) = (0, creations.count)
        while low < high {
            let middle = (low + high) / 2
            if matches(creations[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Instances

    /// The instances of a server that DRS shows.
    package func instances(of server: String, at moment: Duration) -> [RecoveryInstance] {
        (instancesOfServer[server] ?? []).compactMap { instances[$0] }.filter { $0.isShown(at: moment) }
    }

    /// The instances of a server that no end is planned for, shown or still to come.
    func endless(of server: String) -> [String] {
        (instancesOfServer[server] ?? []).filter {
            instances[$0].map { $0.end == nil || $0.end?.isByEC2Alone == true } ?? false
        }
    }

    mutating func keep(_ instance: RecoveryInstance) {
        var instance = instance
        instance.sequence = instancesEver
        instancesEver += 1
        instances[instance.id] = instance
        instancesOfServer[instance.server, default: []].append(instance.id)
    }

    mutating func end(_ instance: String, _ end: RecoveryInstance.End) {
        instances[instance]?.end = end
    }

    mutating func tag(instance id: String, _ change: (inout [String: String]) -> Void) {
        guard var instance = instances[id] else { return }
        change(&instance.tags)
        instances[id] = instance
    }

    /// Drops what nothing can show any more, so that a world that drills for days stays as small as it is.
    mutating func forget(at moment: Duration) {
        guard instances.values.contains(where: { $0.isForgotten(at: moment) }) else { return }
        for (id, instance) in instances where instance.isForgotten(at: moment) {
            instancesOfServer[instance.server]?.removeAll { $0 == id }
        }
        instances.removeAll { $0.value.isForgotten(at: moment) }
    }
}
