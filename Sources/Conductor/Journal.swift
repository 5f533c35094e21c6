internal import Ambient
internal import JSON
internal import OpenSSL
internal import OrderedCollections
internal import Recovery
internal import Store

/// The hash chain of an execution's history.
///
/// An event's hash is SHA-256 over its RFC 8785 text, and the text holds the hash of the event before: whoever changes,
/// drops or reorders one breaks every hash that follows.
package enum Journal {
    /// Numbers and chains facts after the present head.
    static func chain(
        _ entries: [JournalEntry],
        of id: Execution.ID,
        after head: JournalHead,
        at now: Instant
    ) -> (events: [JournalStatements.Stored], head: JournalHead) {
        head.chaining(entries) { entry, sequence, previous in
            let text = document(entry, of: id, sequence: sequence, previous: previous, at: now).canonicalText
            let hash = Hex.encode(SHA256.digest(Array(text.utf8)))
            return (.init(sequence: sequence, event: text, hash: hash), hash)
        }
    }

    private static func document(
        _ entry: JournalEntry,
        of id: Execution.ID,
        sequence: Int,
        previous: String,
        at now: Instant
    ) -> JSON {
        var members: OrderedDictionary<String, JSON> = [
            "executionId": .string(id.description), "sequence": .integer(Int64(sequence)),
            "at": .string(now.description), "kind": .string(entry.kind.rawValue), "previous": .string(previous),
        ]
        members["by"] = entry.by.map(JSON.string)
        members["waveNumber"] = entry.waveNumber.map { .integer(Int64($0)) }
        members["accountId"] = (entry.place?.accountId.rawValue).map(JSON.string)
        members["region"] = (entry.place?.region.rawValue).map(JSON.string)
        members["jobKey"] = (entry.jobKey?.text).map(JSON.string)
        members["jobId"] = entry.jobId.map(JSON.string)
        members["sourceServerId"] = (entry.sourceServerId?.rawValue).map(JSON.string)
        members["recoveryInstanceId"] = entry.recoveryInstanceId.map(JSON.string)
        members["label"] = entry.label.map(JSON.string)
        members["text"] = entry.text.map(JSON.string)
        return .object(members)
    }
}
