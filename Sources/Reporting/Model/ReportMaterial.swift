package import Ambient
package import JSON
package import Recovery

/// Everything that is recorded of an execution, from which its report is made.
package struct ReportMaterial: Sendable {
    package var execution: Execution
    /// The journal as it is stored, oldest first.
    package var journal: [Report.JournalText]
    package var journalHead: JournalHead
    package var jobLog: [JobLogLine] = []
    /// What was known at the start; nil where nobody noted it.
    package var baseline: Baseline?
    package var entries: [ReportEntry] = []
    package var findings: [ReportFinding] = []
    /// Earlier runs of the plan that have ended, the newest first.
    package var earlier: [EarlierRun] = []
    /// The plan of the newest of them.
    package var earlierPlan: FrozenPlan?
    package var application: String?
    package var owner: String?
    /// As whom people called, oldest first.
    package var calls: [Report.AuditedCall] = []
    /// The name of the campaign whose drill it was.
    package var campaign: String?

    package init(execution: Execution, journal: [(event: String, hash: String)], journalHead: JournalHead) {
        self.execution = execution
        self.journal = journal.map { Report.JournalText(event: $0.event, hash: $0.hash) }
        self.journalHead = journalHead
    }

    /// What the hub knew of the plan and its servers in the moment of the start.
    package struct Baseline: Sendable, Hashable {
        package var takenAt: Instant
        package var readiness: Readiness?
        package var checkedAt: Instant?
        package var servers: [SourceServerID: Replication]

        package init(
            takenAt: Instant,
            readiness: Readiness? = nil,
            checkedAt: Instant? = nil,
            servers: [SourceServerID: Replication] = [:]
        ) {
            self.takenAt = takenAt
            self.readiness = readiness
            self.checkedAt = checkedAt
            self.servers = servers
        }
    }

    /// How a server's replication stood.
    package struct Replication: Codable, Sendable, Hashable {
        package var state: String
        package var lagSeconds: Int?
        /// When a spoke read it.
        package var asOf: Instant?

        package init(state: String, lagSeconds: Int?, asOf: Instant?) {
            self.state = state
            self.lagSeconds = lagSeconds
            self.asOf = asOf
        }
    }

    /// Which report is to be made of it.
    package struct Order: Sendable {
        package var reportId: String
        package var version: Int
        package var why: String
        package var madeBy: String
        package var madeAt: Instant
        package var hubVersion: String
        package var classification: String

        package init(
            reportId: String,
            version: Int,
            why: String,
            madeBy: String,
            madeAt: Instant,
            hubVersion: String,
            classification: String = "Confidential"
        ) {
            self.reportId = reportId
            self.version = version
            self.why = why
            self.madeBy = madeBy
            self.madeAt = madeAt
            self.hubVersion = hubVersion
            self.classification = classification
        }
    }
}

/// An item of a DRS job's log.
package struct JobLogLine: Codable, Sendable, Hashable {
    package var at: Instant
    package var jobId: String
    package var event: String
    @Nullable package var sourceServerId: String?
    @Nullable package var detail: String?

    package init(at: Instant, jobId: String, event: String, sourceServerId: String?, detail: String?) {
        self.at = at
        self.jobId = jobId
        self.event = event
        self.sourceServerId = sourceServerId
        self.detail = detail
    }
}

/// A run of the same plan before this one.
package struct EarlierRun: Codable, Sendable, Hashable {
    package var executionId: Execution.ID
    package var executionType: ExecutionType
    package var startedAt: Instant
    package var endedAt: Instant
    @Nullable package var result: Verdict.Result?
    @Nullable package var recoverySeconds: Int?
    package var servers: Int
    package var launched: Int

    package init(
        executionId: Execution.ID,
        executionType: ExecutionType,
        startedAt: Instant,
        endedAt: Instant,
        result: Verdict.Result?,
        recoverySeconds: Int?,
        servers: Int,
        launched: Int
    ) {
        self.executionId = executionId
        self.executionType = executionType
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.result = result
        self.recoverySeconds = recoverySeconds
        self.servers = servers
        self.launched = launched
    }
}
