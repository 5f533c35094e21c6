internal import JSON
internal import OpenSSL

/// Follows the journal of one execution: each event's text holds the hash of the event before.
package struct JournalChain: Sendable {
    private let executionId: String
    /// The last event that is as it was written.
    package private(set) var place = ChainPlace.start
    /// Whether an event was met that is not.
    package private(set) var isBroken = false

    package init(of executionId: String) {
        self.executionId = executionId
    }

    /// Takes the next event.
    ///
    /// - Parameters:
    ///   - sequence: Its number.
    ///   - text: Its RFC 8785 text as it was hashed.
    ///   - hash: The hash that stands beside it.
    package mutating func take(sequence: Int, text: String, hash: String) {
        guard !isBroken else { return }
        // Whoever altered it may have left anything.
        guard let event = try? JSON(parsing: text.utf8), sequence == place.sequence + 1,
            event["sequence"]?.integer == Int64(sequence), event["executionId"]?.string == executionId,
            event["previous"]?.string == place.hash,
            Hex.encode(SHA256.digest(Array(text.utf8))) == hash
        else {
            isBroken = true
            return
        }
        place = ChainPlace(sequence: sequence, hash: hash)
    }
}
