internal import Ambient

/// What one server's launch will do: its log, its participant, its new instance and the end of its earlier ones.
struct LaunchPlan {
    private(set) var log: [LogItem] = []
    private(set) var participant: Participant
    private(set) var instance: RecoveryInstance?
    /// When the instances of earlier launches go.
    private(set) var cleanup: RecoveryInstance.End?

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

    /// Plans the launch with its spread of times.
    init(_ ask: Ask, by timeline: Timeline, naming: Naming) {
        let server = ask.server
        func vary(_ phase: Duration) -> Duration {
            func draw(_ chance: some Chance) -> Duration { timeline.varied(phase, by: chance) }
            return draw(naming.chance)
        }
        var log: [LogItem] = []
        var moment = ask.created + timeline.jobStart
        func note(
            _ event: LogItem.Event,
            converter: String? = nil,
            instance: String? = nil,
            error: String? = nil
        ) {
            log.append(
                LogItem(
                    event,
                    at: moment,
                    server: server.id,
                    conversionServer: converter,
                    instance: instance,
                    error: error
                )
            )
        }
        func failed(_ ending: PlannedFailure.Ending) -> Bool {
            server.failure?.ending == ending && server.failure?.launches != 0
        }
        if ask.hasEarlierInstance {
            moment += .milliseconds(100)
            note(.cleanupStart)
            let begins = moment
            moment += vary(timeline.cleanup)
            note(.cleanupEnd)
            cleanup = RecoveryInstance.End(begins: begins, gone: moment, isByEC2Alone: false)
        }
        moment += timeline.beforeSnapshot
        note(.snapshotStart)
        moment += ask.awaitsSnapshot ? timeline.snapshotWait : vary(timeline.snapshot)
        let failure = server.failure?.message
        guard !failed(.snapshot) else {
            note(.snapshotFail, error: failure)
            self.log = log
            participant = Self.failing(server.id, at: moment)
            return
        }
        note(ask.awaitsSnapshot ? .usingPreviousSnapshot : .snapshotEnd)
        if server.recoveryMode == .optimal {
            moment += vary(timeline.beforeConversion)
            note(.conversionStart)
            moment += vary(timeline.conversion)
            let converter = naming.name("i")
            guard !failed(.conversion) else {
                note(.conversionFail, converter: converter, error: failure)
                self.log = log
                participant = Self.failing(server.id, at: moment)
                return
            }
            note(.conversionEnd, converter: converter)
        }
        moment += timeline.beforeLaunch
        note(.launchStart)
        let begins = moment
        moment += vary(timeline.launch)
        let isFailing = failed(.launch)
        let id = isFailing ? nil : naming.name("i")
        note(isFailing ? .launchFailed : .launchEnd, instance: id, error: isFailing ? failure : nil)
        self.log = log
        participant = Participant(
            server: server.id,
            instance: id,
            begins: begins,
            settles: moment,
            outcome: isFailing ? .failed : .launched
        )
        instance = id.map { Self.instance($0, of: ask, born: begins + timeline.beforeLaunch, ready: moment) }
    }

    /// A participant that fails before its launch begins: it goes from `PENDING` straight to `FAILED`.
    private static func failing(_ server: String, at moment: Duration) -> Participant {
        Participant(server: server, instance: nil, begins: moment, settles: moment, outcome: .failed)
    }

    private static func instance(_ id: String, of ask: Ask, born: Duration, ready: Duration) -> RecoveryInstance {
        let hash = Naming.hash(id)
        var tags = ask.server.tags
        tags["Name"] = tags["Name"] ?? ask.server.hostname
        tags["AWSElasticDisasterRecoveryManaged"] = "drs.amazonaws.com"
        tags["AWSElasticDisasterRecoverySourceServerID"] = ask.server.id
        return RecoveryInstance(
            id: id,
            server: ask.server.id,
            job: ask.job,
            isDrill: ask.isDrill,
            recoveryPoint: ask.recoveryPoint,
            privateAddress: "10.\(hash >> 8 & 0x7F).\(hash >> 16 & 0xFF).\(hash >> 24 % 250 + 4)",
            staysStopped: ask.server.disposition == .stopped,
            tags: tags,
            born: min(born, ready),
            ready: ready
        )
    }
}
