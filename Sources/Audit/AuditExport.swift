internal import Ambient
package import JSON
internal import OrderedCollections

/// One line of an export (NDJSON): the place where it begins, an event with its seal, or a signed head.
package enum AuditExport: Sendable, Hashable {
    case start(AuditVerifier.Start)
    case link(AuditVerifier.Link)
    case head(SignedHead)

    /// The line, without its end.
    package var line: String { json.text }

    private var json: JSON {
        switch self {
        case .start(let start):
            return [
                "kind": "start", "sequence": .integer(Int64(start.place.sequence)), "hash": .string(start.place.hash),
                "head": .integer(Int64(start.head)), "headDigest": .string(start.headDigest),
            ]
        case .link(let link):
            var members: OrderedDictionary<String, JSON> = [
                "kind": "event", "sequence": .integer(Int64(link.sequence)), "eventId": .string(link.eventId),
                "hash": .string(link.hash),
            ]
            switch link.content {
            case .text(let text): members["event"] = .string(text)
            case .digest(let digest): members["digest"] = .string(digest)
            case .gone: members["event"] = .null
            }
            return .object(members)
        case .head(let head):
            return ["kind": "head", "document": .string(head.document), "signature": .string(head.signature)]
        }
    }

    /// Reads a line; nil for what is none of an export.
    package init?(line: some Sequence<UInt8>) {
        // Whoever altered the file may have left anything.
        guard let json = try? JSON(parsing: Array(line)) else { return nil }
        switch json["kind"]?.string {
        case "start":
            guard let sequence = json["sequence"]?.integer, let hash = json["hash"]?.string,
                let head = json["head"]?.integer, let digest = json["headDigest"]?.string
            else { return nil }
            let place = ChainPlace(sequence: Int(sequence), hash: hash)
            self = .start(AuditVerifier.Start(place: place, head: Int(head), headDigest: digest))
        case "event":
            guard let sequence = json["sequence"]?.integer, let id = json["eventId"]?.string,
                let hash = json["hash"]?.string
            else { return nil }
            let content: AuditVerifier.Link.Content =
                json["event"]?.string.map { .text($0) } ?? json["digest"]?.string.map { .digest($0) } ?? .gone
            self = .link(.init(sequence: Int(sequence), eventId: id, hash: hash, content: content))
        case "head":
            guard let head = SignedHead(json: json) else { return nil }
            self = .head(head)
        default: return nil
        }
    }
}

extension SignedHead {
    /// Reads a head from its two members, wherever they stand.
    package init?(json: JSON) {
        guard let document = json["document"]?.string, let signature = json["signature"]?.string else { return nil }
        self.init(document: document, signature: signature)
    }
}
