package import Ambient
package import Audit
package import JSON
package import Recovery

extension Report {
    /// Section 9: where the time went.
    package struct RecoveryTime: Codable, Sendable, Hashable {
        @Nullable package var objectiveSeconds: Int?
        /// The way that decided how long it took: from the declaration, or the start, to the last launch.
        package var anatomy: RecoveryTimeAnatomy
        /// Whether a server was launched at all: else the time is how long it was tried.
        package var isReached: Bool
        package var waves: [WaveTime]
        package var accounts: [AccountTime]
    }

    /// A wave's own way: from when it could begin to its last server.
    package struct WaveTime: Codable, Sendable, Hashable {
        package var waveNumber: Int
        package var name: String
        package var anatomy: RecoveryTimeAnatomy.Totals
    }

    package struct AccountTime: Codable, Sendable, Hashable {
        package var accountId: String
        package var servers: Int
        package var launched: Int
        /// From the start to the account's last launch.
        @Nullable package var untilLastLaunchSeconds: Int?
    }

    /// Section 10: how old the data was.
    package struct RecoveryPoints: Codable, Sendable, Hashable {
        @Nullable package var objectiveSeconds: Int?
        /// When the lags were noted: at the start.
        @Nullable package var takenAt: Instant?
        @Nullable package var worstSeconds: Int?
        package var breaches: Int
        /// Servers of which no lag is known.
        package var unknown: Int
    }

    /// Sections 10, 11 and 16, server by server.
    package struct Server: Codable, Sendable, Hashable {
        package var sourceServerId: String
        package var hostname: String
        package var accountId: String
        package var region: String
        package var waveNumber: Int
        package var impact: String
        package var status: ServerStatus
        @Nullable package var launchStatus: String?
        @Nullable package var jobId: String?
        @Nullable package var recoveryInstanceId: String?
        /// The recovery point that was asked for: an identifier, or LATEST.
        package var recoveryPoint: String
        package var attempts: Int
        @Nullable package var startedAt: Instant?
        @Nullable package var endedAt: Instant?
        @Nullable package var launchSeconds: Int?
        @Nullable package var replicationState: String?
        @Nullable package var lagSeconds: Int?
        /// When a spoke last read that lag.
        @Nullable package var lagAsOf: Instant?
        @Nullable package var isWithinRecoveryPointObjective: Bool?
        @Nullable package var instanceState: InstanceState?
        @Nullable package var terminatedAt: Instant?
        package var jobLogItems: Int
        @Nullable package var error: String?
        @Nullable package var note: String?
    }

    /// Section 12: what shows that the servers work.
    package struct Validation: Codable, Sendable, Hashable {
        /// Servers that DRS launched and whose instance was seen.
        package var instancesSeen: Int
        package var launched: Int
        package var entries: [ReportEntry]
    }

    /// Section 13: what a person decided.
    package struct Decision: Codable, Sendable, Hashable {
        package var at: Instant
        package var by: String
        package var what: String
        @Nullable package var waveNumber: Int?
        @Nullable package var comment: String?
        /// How long the wave had waited for it.
        @Nullable package var waitedSeconds: Int?
    }

    /// Section 13: a call about the execution that was carried out or refused, as the audit has it.
    package struct AuditedCall: Codable, Sendable, Hashable {
        package var at: Instant
        package var action: String
        package var outcome: AuditEvent.Outcome
        /// Subject and issuer.
        package var principal: String
        @Nullable package var sourceAddress: String?

        package init(_ event: AuditEvent) {
            at = event.at
            action = event.action
            outcome = event.outcome
            principal = event.principal
            sourceAddress = event.sourceAddress
        }

        /// By what the caller was known: people's and programs' principals name an issuer, the hub's own deeds none.
        package var signedIn: String {
            isBreakGlass ? "BREAK-GLASS" : principal.contains("@") ? "by its issuer" : "the hub itself"
        }

        package var isBreakGlass: Bool { principal.hasSuffix("@" + Standing.breakGlassIssuer) }
    }

    /// Section 14: what was not as planned.
    package struct Deviation: Codable, Sendable, Hashable {
        package var code: String
        package var text: String
        @Nullable package var by: String?
        @Nullable package var at: Instant?
    }

    /// Section 16: that nothing is left.
    package struct CleanUp: Codable, Sendable, Hashable {
        /// RUNNING, COMPLETED, PARTIAL; null: nobody asked for it.
        @Nullable package var state: String?
        package var instances: Int
        package var terminated: Int
        package var left: Int
        @Nullable package var requestedAt: Instant?
        @Nullable package var requestedBy: String?
        @Nullable package var endedAt: Instant?
    }

    /// Section 17: what the instances used.
    package struct Cost: Codable, Sendable, Hashable {
        /// From each launch to the termination, or to this report.
        package var instanceMinutes: Int
        package var accounts: [AccountCost]
        package var entries: [ReportEntry]
    }

    package struct AccountCost: Codable, Sendable, Hashable {
        package var accountId: String
        package var instances: Int
        package var instanceMinutes: Int
    }

    /// Section 19: the runs before.
    package struct Trend: Codable, Sendable, Hashable {
        package var earlier: [EarlierRun]
        @Nullable package var lastProvenAt: Instant?
        /// When the next drill is due: a quarter after the last launch that proved something.
        @Nullable package var nextDueAt: Instant?
    }

    /// Section 20: which section answers which demand.
    package struct Control: Codable, Sendable, Hashable {
        package var source: String
        package var demand: String
        package var sections: [Int]
        /// Whether all of these sections have content.
        package var isAnswered: Bool
    }

    /// Section 21.
    package struct SignOff: Codable, Sendable, Hashable {
        package var signatures: [ReportEntry]
        package var distribution: [ReportEntry]
    }

    /// Section 22: what everything above is made from, and can be checked against without a hub.
    package struct Evidence: Codable, Sendable, Hashable {
        package var journalSequence: Int
        /// The hash of the newest event: of the whole journal.
        package var journalHead: String
        /// The journal as it was hashed, oldest first.
        package var journal: [JournalText]
        /// The frozen plan as RFC 8785 text.
        package var plan: String
        package var jobLog: [JobLogLine]
    }

    package struct JournalText: Codable, Sendable, Hashable {
        package var event: String
        package var hash: String
    }
}

extension Report.Server {
    /// Whether a clean-up looked for an instance of it and found that there was none.
    var hadNoInstance: Bool { recoveryInstanceId == nil && instanceState == .terminated }
}
