internal import JSON
internal import OpenSSL

/// The hash chain: each hash covers an event, its number, and the hash before, so that whoever changes, drops, adds or
/// moves an event breaks every hash that follows.
package enum Chain {
    /// The hash before the first event.
    package static let start = String(repeating: "0", count: 64)

    /// The digest of an event's text.
    package static func digest(of text: String) -> String {
        Hex.encode(SHA256.digest(Array(text.utf8)))
    }

    /// The hash of the event with this digest at this place: of the RFC 8785 text of the three.
    package static func hash(ofDigest digest: String, sequence: Int, after previous: String) -> String {
        guard isPlain(digest), isPlain(previous), sequence >= 0 else {
            // What no chain of ours has, and yet somebody may have written: JSON knows how it is quoted.
            let link: JSON = [
                "event": .string(digest), "previous": .string(previous), "sequence": .integer(Int64(sequence)),
            ]
            return Hex.encode(SHA256.digest(link.canonicalBytes))
        }
        // The same text, written at once: most of the time of a verification would go into making it of JSON.
        let text = "{\"event\":\"\(digest)\",\"previous\":\"\(previous)\",\"sequence\":\(sequence)}"
        return Hex.encode(SHA256.digest(Array(text.utf8)))
    }

    /// Whether a text is letters and digits alone, which JSON writes as they are.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
}

/// A place in the chain: the number of an event and its hash; number 0 is the beginning.
package struct ChainPlace: Sendable, Hashable {
    package var sequence: Int
    package var hash: String

    package init(sequence: Int, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }

    package static let start = ChainPlace(sequence: 0, hash: Chain.start)

    /// The place of the next event, whose text this is.
    package func next(_ text: String) -> ChainPlace {
        next(digest: Chain.digest(of: text))
    }

    /// The place of the next event, whose text has this digest.
    package func next(digest: String) -> ChainPlace {
        let number = sequence + 1
        return ChainPlace(sequence: number, hash: Chain.hash(ofDigest: digest, sequence: number, after: hash))
    }
}
