internal import Ambient
internal import Recovery
internal import TestKit

/// Executions, the rules that drive them, spokes, DRS and people, all from one seed and on a clock of its own.
///
/// The machine is the real one. What surrounds it is as small as can be and as bad as can be: until the faults stop,
/// answers are lost, repeated, late and out of order, DRS refuses and fails, and people decide at random moments.
struct World {
    enum Action {
        case tell(Int, Execution.Event)
        case admit
        /// A spoke sends the command to DRS, if its lease is still good.
        case start(JobKey, attempt: Int)
        /// A spoke says that DRS did not take the command now.
        case postpone(JobKey, attempt: Int)
        case refuse(JobKey)
        case poll(JobKey)
        case terminate(Int, Execution.TerminationOrder)
        case foreign(Place, jobs: Int)
        case decide(Int)
    }

    let seed: Seed
    var random: SeededGenerator
    var now = Instant.sample
    var isFaulty = true
    var executions: [Execution] = []
    var commands: [JobKey: Command] = [:]
    var jobs: [JobKey: Job] = [:]
    /// Instances that DRS has launched and not terminated.
    var instances: Set<SourceServerID> = []
    var foreignJobs: [Place: Int] = [:]
    var hasForeignJobs = false
    var quotas = Quotas()
    var timers: Set<String> = []
    /// How often people had a server launched once more.
    var retried: [SourceServerID: Int] = [:]
    var claims: [Bool] = []
    var isAdmissionDue = false
    var breaches: [Breach] = []
    /// What happened in it, so that a test sees that the worlds are not empty.
    var sights: Set<String> = []
    private var agenda: [(at: Instant, number: Int, action: Action)] = []
    private var written = 0

    init(_ seed: Seed) {
        self.seed = seed
        random = SeededGenerator(seed)
        quotas = Quotas(
            concurrentJobs: random.number(1...4),
            serversPerJob: random.number(1...3),
            serversInAllJobs: random.number(3...8)
        )
        hasForeignJobs = random.happens(0.5)
        for index in 0..<random.number(1...2) { begin(index) }
        guard hasForeignJobs else { return }
        for _ in 0..<6 {
            plan(
                .foreign(.sample(random.number(0...1)), jobs: random.number(0...2)),
                in: .seconds(random.number(0...900))
            )
        }
    }

    mutating func plan(_ action: Action, in delay: Duration) {
        plan(action, at: now + delay)
    }

    mutating func plan(_ action: Action, at instant: Instant) {
        written += 1
        let entry = (at: instant, number: written, action: action)
        let place = agenda.firstIndex { ($0.at, $0.number) < (entry.at, entry.number) } ?? agenda.endIndex
        agenda.insert(entry, at: place)
    }

    /// Does everything that is due before the given moment, in order, until a law is broken: what follows shows nothing.
    mutating func run(until end: Instant) {
        while breaches.isEmpty, let next = agenda.last, next.at <= end {
            agenda.removeLast()
            now = max(now, next.at)
            perform(next.action)
        }
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .tell(let index, let event): receive(event, index)
        case .admit: admit()
        case .start(let key, let attempt): start(key, attempt: attempt)
        case .postpone(let key, let attempt): postpone(key, attempt: attempt)
        case .refuse(let key): refuse(key)
        case .poll(let key): poll(key)
        case .terminate(let index, let order): terminate(index, order)
        case .foreign(let place, let jobs):
            foreignJobs[place] = jobs
            planAdmission()
        case .decide(let index): decide(index)
        }
    }

    mutating func breach(_ law: Law, _ text: String) {
        breaches.append(Breach(law: law, text: text))
    }

    /// Sends an event through a network that is as bad as the hour.
    mutating func send(_ event: Execution.Event, to index: Int, mayBeLost: Bool = true) {
        guard isFaulty else { return plan(.tell(index, event), in: .zero) }
        if random.happens(0.2) { plan(.tell(index, event), in: .seconds(random.number(1...90))) }
        if mayBeLost, random.happens(0.15) { return }
        plan(.tell(index, event), in: .seconds(random.happens(0.3) ? random.number(1...30) : 0))
    }
}
