package import Ambient
internal import JSON
package import OpenSSL
internal import OrderedCollections

/// Where the chain had come to at a moment, and the journals that had grown since the head before; signed.
///
/// Heads are a chain themselves, by the digest of the document before. What is behind a head that somebody keeps elsewhere,
/// such as in a report, cannot be cut off without being missed.
package struct AuditHead: Sendable, Hashable {
    /// Where the journal of an execution had come to.
    package struct Journal: Sendable, Hashable {
        package var executionId: String
        package var place: ChainPlace

        package init(executionId: String, place: ChainPlace) {
            self.executionId = executionId
            self.place = place
        }
    }

    /// Counts the heads from 1.
    package var number: Int
    package var at: Instant
    package var place: ChainPlace
    package var journals: [Journal]
    /// The digest of the head before; of the first, `Chain.start`.
    package var previous: String
    /// Which key signs it.
    package var keyId: String

    package init(
        number: Int,
        at: Instant,
        place: ChainPlace,
        journals: [Journal],
        previous: String,
        keyId: String
    ) {
        self.number = number
        self.at = at
        self.place = place
        self.journals = journals
        self.previous = previous
        self.keyId = keyId
    }

    /// What is signed: RFC 8785 text.
    package var document: String {
        let document: JSON = [
            "at": .string(at.description), "hash": .string(place.hash),
            "journals": .array(
                journals.map {
                    [
                        "executionId": .string($0.executionId), "hash": .string($0.place.hash),
                        "sequence": .integer(Int64($0.place.sequence)),
                    ]
                }
            ), "keyId": .string(keyId), "kind": .string(Self.kind), "number": .integer(Int64(number)),
            "previous": .string(previous), "sequence": .integer(Int64(place.sequence)),
        ]
        return document.canonicalText
    }

    /// Says what the signature is for, so that none of another purpose passes for one.
    private static let kind = "MUSTER_AUDIT_HEAD"

    /// Reads a document; nil for what is no head's.
    package init?(document: String) {
        // Whoever altered it may have left anything.
        guard let json = try? JSON(parsing: document.utf8), json["kind"]?.string == Self.kind,
            let number = json["number"]?.integer, let at = json["at"]?.string.flatMap({ Instant($0) }),
            let place = ChainPlace(json), let journals = json["journals"]?.array,
            let previous = json["previous"]?.string, let keyId = json["keyId"]?.string
        else { return nil }
        self.init(
            number: Int(number),
            at: at,
            place: place,
            journals: journals.compactMap { journal in
                guard let id = journal["executionId"]?.string, let place = ChainPlace(journal) else { return nil }
                return Journal(executionId: id, place: place)
            },
            previous: previous,
            keyId: keyId
        )
    }

    /// Signs the head.
    package func signed(by key: Ed25519PrivateKey) throws -> SignedHead {
        let document = document
        return SignedHead(document: document, signature: Base64URL.encode(try key.sign(Array(document.utf8))))
    }
}

extension ChainPlace {
    fileprivate init?(_ json: JSON) {
        guard let sequence = json["sequence"]?.integer, let hash = json["hash"]?.string else { return nil }
        self.init(sequence: Int(sequence), hash: hash)
    }
}

/// A head as it is stored, exported and shown: its text and the signature over it (Ed25519, base64url).
package struct SignedHead: Sendable, Hashable {
    package var document: String
    package var signature: String

    package init(document: String, signature: String) {
        self.document = document
        self.signature = signature
    }

    /// What the head after it names as its predecessor.
    package var digest: String { Chain.digest(of: document) }

    /// The head, if one of the keys has signed it.
    package func verified(by keys: AuditKeys) -> AuditHead? {
        guard let head = AuditHead(document: document), let key = keys[head.keyId],
            let bytes = Base64URL.decode(signature),
            key.verifies(signature: bytes, of: Array(document.utf8))
        else { return nil }
        return head
    }
}
