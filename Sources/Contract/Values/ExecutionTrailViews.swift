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

/// One event of an execution's journal.
package struct JournalView: Codable, Sendable, Hashable {
    /// Counts the execution's events from 1 without gaps.
    package var sequence: Int
    package var at: Instant
    /// What happened, as a label.
    package var event: String
    /// Who caused it; null when nobody did.
    @Nullable package var by: String?
    @Nullable package var waveNumber: Int?
    @Nullable package var sourceServerId: SourceServerID?
    /// What else belongs to the event.
    package var facts: JSON

    package init(
        sequence: Int,
        at: Instant,
        event: String,
        by: String?,
        waveNumber: Int?,
        sourceServerId: SourceServerID?,
        facts: JSON
    ) {
        self.sequence = sequence
        self.at = at
        self.event = event
        self.by = by
        self.waveNumber = waveNumber
        self.sourceServerId = sourceServerId
        self.facts = facts
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
