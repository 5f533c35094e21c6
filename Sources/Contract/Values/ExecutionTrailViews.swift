package import Ambient
package import JSON
package import Recovery

/// One event of the log of a DRS job of an execution.
package struct JobLogView: Codable, Sendable, Hashable {
    package var at: Instant
    package var waveNumber: Int
    package var accountId: AccountNumber
    package var region: Region
    package var jobId: String
    /// DRS's word, such as `LAUNCH_END`.
    package var event: String
    @Nullable package var sourceServerId: SourceServerID?
    @Nullable package var detail: String?

    package init(
        at: Instant,
        waveNumber: Int,
        accountId: AccountNumber,
        region: Region,
        jobId: String,
        event: String,
        sourceServerId: SourceServerID?,
        detail: String?
    ) {
        self.at = at
        self.waveNumber = waveNumber
        self.accountId = accountId
        self.region = region
        self.jobId = jobId
        self.event = event
        self.sourceServerId = sourceServerId
        self.detail = detail
    }
}

extension JournalView {
    /// Whether it tells of something that went wrong.
    package var isProblem: Bool { JournalEntry.Kind.problems.contains(event) || label == "FAILED" }
}

/// One event of an execution's journal.
package struct JournalView: Codable, Sendable, Hashable {
    /// Counts the execution's events from 1 without gaps.
    package var sequence: Int
    package var at: Instant
    package var event: JournalEntry.Kind
    /// Who caused it; null when nobody did.
    @Nullable package var by: String?
    @Nullable package var waveNumber: Int?
    @Nullable package var accountId: AccountNumber?
    @Nullable package var region: Region?
    @Nullable package var jobId: String?
    @Nullable package var sourceServerId: SourceServerID?
    @Nullable package var recoveryInstanceId: String?
    /// The label of what was reached: a status, a mode, a code.
    @Nullable package var label: String?
    /// What a person said, or AWS did.
    @Nullable package var text: String?
    /// Whether the event is about an account that the caller may not see: then only its number, time and kind are shown.
    package var outsideScope: Bool

    package init(
        sequence: Int,
        at: Instant,
        event: JournalEntry.Kind,
        by: String?,
        waveNumber: Int?,
        accountId: AccountNumber?,
        region: Region?,
        jobId: String?,
        sourceServerId: SourceServerID?,
        recoveryInstanceId: String?,
        label: String?,
        text: String?,
        outsideScope: Bool = false
    ) {
        self.sequence = sequence
        self.at = at
        self.event = event
        self.by = by
        self.waveNumber = waveNumber
        self.accountId = accountId
        self.region = region
        self.jobId = jobId
        self.sourceServerId = sourceServerId
        self.recoveryInstanceId = recoveryInstanceId
        self.label = label
        self.text = text
        self.outsideScope = outsideScope
    }
}

/// How many executions a clean-up of the list hid.
package struct HiddenExecutions: Codable, Sendable, Hashable {
    package var deleted: Int

    package init(
        deleted: Int
    ) {
        self.deleted = deleted
    }
}
