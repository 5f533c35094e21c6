package import Ambient

/// Something that happened of which people want to be told, wherever they are.
///
/// It is written in the transaction of what it tells of, once for each target that wants it (the outbox), so that no
/// crash loses it; what is delivered from there may be delivered twice.
package struct Notice: Sendable, Hashable {
    package typealias ID = Identifier<Notice>

    package enum Kind: String, Sendable, Codable, CaseIterable {
        case executionStarted = "EXECUTION_STARTED"
        /// A wave waits for somebody: to resume it, or to approve it.
        case waveWaiting = "WAVE_WAITING"
        case waveFailed = "WAVE_FAILED"
        /// Servers of one wave that failed at the same moment are one notice.
        case serversFailed = "SERVERS_FAILED"
        case executionEnded = "EXECUTION_ENDED"
        case cleanUpEnded = "CLEAN_UP_ENDED"
        /// A scheduled drill is about to begin.
        case scheduleComing = "SCHEDULE_COMING"
        /// A scheduled drill did not begin: its servers were busy, a blackout, no hub was there, or the hub refused it.
        case scheduleLeftOut = "SCHEDULE_LEFT_OUT"
        case campaignEnded = "CAMPAIGN_ENDED"
        case planNotReady = "PLAN_NOT_READY"
        case spokeLost = "SPOKE_LOST"
        /// Somebody tries a target; nobody subscribes to it.
        case test = "TEST"

        /// What a target can ask for.
        package static let choices = allCases.filter { $0 != .test }
    }

    package var noticeId: ID
    package var kind: Kind
    package var at: Instant
    /// The accounts that it is about.
    package var accounts: [AccountNumber]
    package var planId: RecoveryPlan.ID?
    package var executionId: Execution.ID?
    /// What happened, in a line.
    package var title: String
    /// What else is to be known; may be empty.
    package var text: String

    package init(
        noticeId: ID,
        kind: Kind,
        at: Instant,
        accounts: [AccountNumber],
        planId: RecoveryPlan.ID? = nil,
        executionId: Execution.ID? = nil,
        title: String,
        text: String = ""
    ) {
        self.noticeId = noticeId
        self.kind = kind
        self.at = at
        self.accounts = accounts
        self.planId = planId
        self.executionId = executionId
        self.title = String(title.prefix(Self.longestTitle))
        self.text = String(text.prefix(Self.longestText))
    }

    /// Characters of a title: a mail's subject of a few lines.
    private static let longestTitle = 300
    /// Characters of a text: twenty of them, in bytes of any script, stay below the 256 KiB of an SNS message.
    private static let longestText = 2000
}
