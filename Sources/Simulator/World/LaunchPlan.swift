internal import Ambient

/// What one server's launch will do: its log, its participant, its new instance and the end of its earlier ones.
struct LaunchPlan {
    /// What is known of a launch before its times are.
    struct Ask {
        let server: SourceServer
        let job: String
        let isDrill: Bool
        let recoveryPoint: Instant
        /// DRS waits for a recovery point that will not come, and takes the last one.
        let awaitsSnapshot: Bool
        let hasEarlierInstance: Bool
        let created: Duration
    }

    private(set) var log: [LogItem] = []
    private(set) var instance: RecoveryInstance?
    /// When the instances of earlier launches go.
    private(set) var cleanup: RecoveryInstance.End?

    private let ask: Ask
    private let timeline: Timeline
    private let naming: Naming
    /// How far the plan has come.
    private var moment: Duration
    private var begins: Duration?
    private var hasFailed = false

    /// Plans the launch with its spread of times.
    init(_ ask: Ask, by timeline: Timeline, naming: Naming) {
        self.ask = ask
        self.timeline = timeline
        self.naming = naming
        moment = ask.created + timeline.jobStart
        if ask.hasEarlierInstance { cleanUp() }
        takeSnapshot()
        if !hasFailed, ask.server.recoveryMode == .optimal { convert() }
        if !hasFailed { launch() }
    }

    /// A participant that fails before its launch begins goes from `PENDING` straight to `FAILED`.
    var participant: Participant {
        Participant(
            server: ask.server.id,
            instance: instance?.id,
            begins: begins ?? moment,
            settles: moment,
            outcome: hasFailed ? .failed : .launched
        )
    }

    private mutating func cleanUp() {
        moment += .milliseconds(100)
        note(.cleanupStart)
        let begins = moment
        moment += varied(timeline.cleanup)
        note(.cleanupEnd)
        cleanup = RecoveryInstance.End(begins: begins, gone: moment, isByEC2Alone: false)
    }

    private mutating func takeSnapshot() {
        moment += timeline.beforeSnapshot
        note(.snapshotStart)
        moment += ask.awaitsSnapshot ? timeline.snapshotWait : varied(timeline.snapshot)
        guard !fails(.snapshot) else { return fail(.snapshotFail) }
        note(ask.awaitsSnapshot ? .usingPreviousSnapshot : .snapshotEnd)
    }

    private mutating func convert() {
        moment += varied(timeline.beforeConversion)
        note(.conversionStart)
        moment += varied(timeline.conversion)
        let converter = naming.name("i")
        guard !fails(.conversion) else { return fail(.conversionFail, converter: converter) }
        note(.conversionEnd, converter: converter)
    }

    private mutating func launch() {
        moment += timeline.beforeLaunch
        note(.launchStart)
        let start = moment
        begins = start
        moment += varied(timeline.launch)
        guard !fails(.launch) else { return fail(.launchFailed) }
        let made = made(born: min(start + timeline.beforeLaunch, moment))
        instance = made
        note(.launchEnd, instance: made.id)
    }

    private func fails(_ ending: PlannedFailure.Ending) -> Bool {
        ask.server.failure?.ending == ending && ask.server.failure?.launches != 0
    }

    private mutating func fail(_ event: LogItem.Event, converter: String? = nil) {
        hasFailed = true
        note(event, converter: converter, error: ask.server.failure?.message)
    }

    private mutating func note(
        _ event: LogItem.Event,
        converter: String? = nil,
        instance: String? = nil,
        error: String? = nil
    ) {
        log.append(
            LogItem(
                event,
                at: moment,
                server: ask.server.id,
                conversionServer: converter,
                instance: instance,
                error: error
            )
        )
    }

    private func varied(_ phase: Duration) -> Duration {
        func draw(_ chance: some Chance) -> Duration { timeline.varied(phase, by: chance) }
        return draw(naming.chance)
    }

    private func made(born: Duration) -> RecoveryInstance {
        let (id, server) = (naming.name("i"), ask.server)
        let hash = Naming.hash(id)
        var tags = server.tags
        tags["Name"] = tags["Name"] ?? server.hostname
        tags["AWSElasticDisasterRecoveryManaged"] = "drs.amazonaws.com"
        tags["AWSElasticDisasterRecoverySourceServerID"] = server.id
        return RecoveryInstance(
            id: id,
            server: server.id,
            job: ask.job,
            isDrill: ask.isDrill,
            recoveryPoint: ask.recoveryPoint,
            privateAddress: "10.\((hash >> 8) & 0x7F).\((hash >> 16) & 0xFF).\((hash >> 24) % 250 + 4)",
            staysStopped: server.disposition == .stopped,
            tags: tags,
            born: born,
            ready: moment
        )
    }
}
