package import Ambient
internal import JSON
package import Recovery

/// An event of a journal, read again from its text.
package struct JournalFact: Sendable, Hashable {
    package let sequence: Int
    package let at: Instant
    /// Nil for a kind that this version does not know.
    package let kind: JournalEntry.Kind?
    package let kindText: String
    package let by: String?
    package let waveNumber: Int?
    package let accountId: String?
    package let jobKey: String?
    package let jobId: String?
    package let sourceServerId: String?
    package let recoveryInstanceId: String?
    package let label: String?
    package let text: String?

    /// Reads an event; nil for what is none.
    package init?(event: String) {
        // Whoever altered it may have left anything.
        guard let json = try? JSON(parsing: event.utf8), let sequence = json["sequence"]?.integer,
            let at = json["at"]?.string.flatMap({ Instant($0) }), let kindText = json["kind"]?.string
        else { return nil }
        self.sequence = Int(sequence)
        self.at = at
        self.kindText = kindText
        kind = JournalEntry.Kind(rawValue: kindText)
        by = json["by"]?.string
        waveNumber = json["waveNumber"]?.integer.map(Int.init)
        accountId = json["accountId"]?.string
        jobKey = json["jobKey"]?.string
        jobId = json["jobId"]?.string
        sourceServerId = json["sourceServerId"]?.string
        recoveryInstanceId = json["recoveryInstanceId"]?.string
        label = json["label"]?.string
        text = json["text"]?.string
    }

    /// A fact that was not stored yet.
    package init(_ entry: JournalEntry, sequence: Int, at: Instant) {
        self.sequence = sequence
        self.at = at
        kind = entry.kind
        kindText = entry.kind.rawValue
        by = entry.by
        waveNumber = entry.waveNumber
        accountId = entry.place?.accountId.rawValue
        jobKey = entry.jobKey?.text
        jobId = entry.jobId
        sourceServerId = entry.sourceServerId?.rawValue
        recoveryInstanceId = entry.recoveryInstanceId
        label = entry.label
        text = entry.text
    }
}
