package import Ambient
internal import Recovery

/// A whole Muster from one seed, on a clock of its own, in one process: hub replicas, database, spokes, DRS, people.
///
/// What decides is the product's own: the execution machine, the admission of launches, the order of reports, the
/// spoke's lease clock, its book of work, and its way to a job. What carries is as small as can be and as bad as can be:
/// until the faults stop, messages are lost, repeated, late and out of order; every part crashes, freezes, or is cut off;
/// DRS throttles, refuses and fails; people decide at random moments; the database goes back to an earlier moment.
package struct World {
    enum Action {
        // The hub.
        case tick(replica: Int)
        case crashHub(Int)
        case startHub(Int)
        case batch(Batch)
        case open(spoke: Int, epoch: Int)
        case closedAtHub(stream: Int)
        case timers
        case backUp, restore
        // The spokes; those of an epoch are lost with its crash.
        case crashSpoke(Int)
        case startSpoke(Int)
        case freeze(Int)
        case pulse(Int, epoch: Int)
        case cut(Int)
        case breakStream(Int)
        case closedAtSpoke(Int, epoch: Int, stream: Int)
        case enrol(Int, epoch: Int)
        case beat(Int, epoch: Int)
        case heard(Int, epoch: Int, Acknowledgement)
        case gaveUp(Int, epoch: Int, batch: Int)
        case given(Int, epoch: Int, stream: Int, [Given])
        case proceed(Int, epoch: Int, Work, LaunchCourse.Step)
        case ask(Int, epoch: Int, Work)
        case looked(Int, epoch: Int, Work)
        case answered(Int, epoch: Int, Work, Answer)
        case poll(Int, epoch: Int, Work)
        case clean(Int, epoch: Int, Work)
        // DRS.
        case arrive(Request)
        case launched(job: Int, server: Int)
        case gone(instance: Int)
        case foreign(place: Int)
        case look(place: Int)
        case away(place: Int)
        // People.
        case start(Int)
        case person(Int)
    }

    typealias Work = WorkUnderTerm<Int>

    package let seed: UInt64
    let rules: Rules
    var dice: Dice
    package private(set) var now = World.beginning
    var isFaulty = true
    var tables = Tables()
    var hub = [Replica(), Replica()]
    var streams: [Stream] = []
    var spokes: [SpokeProcess] = []
    var drs = DRS()
    var quotas: Quotas
    var evidence = Evidence()
    var agenda = Agenda()
    /// When the database server was started.
    var serverStart = World.beginning
    var backup: Tables?
    /// When somebody looks at the timers next.
    var timersPlanned: Instant?
    /// How many executions were ever begun.
    var begun = 0
    private var written = 0
    private var events = 0
    package private(set) var breaches: [Breach] = []
    /// What happened in it, so that a test sees that worlds are not empty.
    package var sights: Set<String> = []
    /// Where it tells what happens; nil: nowhere.
    private let chronicle: Chronicle?

    static let beginning = Instant(milliseconds: 1_795_000_000_000)
    /// More than any world needs to come to rest.
    private static let mostEvents = 100_000

    package init(seed: UInt64, rules: Rules = Rules(), isTelling: Bool = false) {
        self.seed = seed
        self.rules = rules
        chronicle = isTelling ? Chronicle() : nil
        dice = Dice(seed: seed)
        quotas = Quotas(
            concurrentJobs: dice.number(1...4),
            serversPerJob: dice.number(1...3),
            serversInAllJobs: dice.number(3...8)
        )
        populate()
    }

    /// The time since its beginning, as clocks that go on while a machine sleeps show it.
    var elapsed: Duration { now - Self.beginning }

    /// A number that nothing else has.
    mutating func number() -> Int {
        written += 1
        return written
    }

    mutating func plan(_ action: Action, in delay: Duration) {
        agenda.add(action, at: now + delay)
    }

    mutating func breach(_ law: Law, _ text: String) {
        breaches.append(Breach(law: law, text: text))
        tell("BREACH of \(law): \(text)")
    }

    mutating func breach(_ found: [Breach]) {
        for breach in found { self.breach(breach.law, breach.text) }
    }

    /// What happened, line by line, of a world that tells it.
    package var history: [String] { chronicle?.lines ?? [] }

    func tell(_ text: @autoclosure () -> String) {
        guard let chronicle else { return }
        let milliseconds = Int(elapsed.milliseconds)
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        chronicle.lines.append("\(milliseconds / 1000).\(fraction) s  \(text())")
    }

    /// Does everything that is due before the given moment, in order, until a law is broken: what follows shows nothing.
    mutating func run(until end: Instant) {
        while breaches.isEmpty, let next = agenda.next, next <= end, let action = agenda.takeFirst() {
            now = max(now, next)
            events += 1
            guard events < Self.mostEvents else { return breach(.liveness, "it does not come to rest") }
            perform(action)
        }
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .tick(let replica): tick(replica)
        case .crashHub(let replica): crashHub(replica)
        case .startHub(let replica): startHub(replica)
        case .batch(let batch): receive(batch)
        case .open(let spoke, let epoch): if isThere(spoke, epoch, else: action) { openStream(spoke) }
        case .closedAtHub(let stream): closedAtHub(stream)
        case .timers: fireTimers()
        case .backUp: backUp()
        case .restore: restore()
        case .crashSpoke(let spoke): crashSpoke(spoke)
        case .startSpoke(let spoke): startSpoke(spoke)
        case .freeze(let spoke): freeze(spoke)
        case .pulse(let spoke, let epoch): if isThere(spoke, epoch, else: action) { pulse(spoke) }
        case .cut(let spoke): cut(spoke)
        case .breakStream(let spoke): breakStream(of: spoke)
        case .closedAtSpoke(let spoke, let epoch, let stream):
            if isThere(spoke, epoch, else: action) { closedAtSpoke(spoke, stream) }
        case .enrol(let spoke, let epoch): if isThere(spoke, epoch, else: action) { enrol(spoke) }
        case .beat(let spoke, let epoch): if isThere(spoke, epoch, else: action) { beat(spoke) }
        case .heard(let spoke, let epoch, let answer):
            if isThere(spoke, epoch, else: action) { heard(spoke, answer) }
        case .gaveUp(let spoke, let epoch, let batch):
            if isThere(spoke, epoch, else: action) { gaveUp(spoke, batch: batch) }
        case .given(let spoke, let epoch, let stream, let commands):
            if isThere(spoke, epoch, else: action) { take(commands, from: stream, spoke) }
        case .proceed, .ask, .looked, .answered, .poll, .clean: performWork(action)
        case .arrive(let request): arrive(request)
        case .launched(let job, let server): launched(job, server)
        case .gone(let instance): gone(instance)
        case .foreign(let place): startForeignJob(at: place)
        case .look(let place): lookAtInventory(of: place)
        case .away(let place): drs.awayUntil[place] = now + dice.seconds(2...30)
        case .start(let index): startExecution(index)
        case .person(let index): decide(index)
        }
    }

    private mutating func performWork(_ action: Action) {
        switch action {
        case .proceed(let spoke, let epoch, let work, let step):
            if isThere(spoke, epoch, else: action) { proceed(spoke, work, step) }
        case .ask(let spoke, let epoch, let work):
            if isThere(spoke, epoch, else: action) { ask(spoke, work) }
        case .looked(let spoke, let epoch, let work):
            if isThere(spoke, epoch, else: action) { looked(spoke, work) }
        case .answered(let spoke, let epoch, let work, let answer):
            if isThere(spoke, epoch, else: action) { answered(spoke, work, answer) }
        case .poll(let spoke, let epoch, let work):
            if isThere(spoke, epoch, else: action) { poll(spoke, work) }
        case .clean(let spoke, let epoch, let work):
            if isThere(spoke, epoch, else: action) { clean(spoke, work) }
        default: break
        }
    }

    /// Whether the process that this is for is still there; while it is frozen, everything waits for it.
    private mutating func isThere(_ spoke: Int, _ epoch: Int, else action: Action) -> Bool {
        guard spokes[spoke].isUp, spokes[spoke].epoch == epoch else { return false }
        guard let thaw = spokes[spoke].frozenUntil, thaw > now else { return true }
        agenda.add(action, at: thaw)
        return false
    }
}

/// The lines of a world's history.
private final class Chronicle {
    var lines: [String] = []
}
