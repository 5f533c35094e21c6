import Ambient
import Audit
import JSON
import OpenSSL
import Recovery

extension AuditEvent {
    /// The event of this number.
    static func sample(_ number: Int, changes: [FieldChange] = []) -> AuditEvent {
        AuditEvent(
            eventId: .sample(number),
            at: Instant(milliseconds: 1_790_000_000_000 + Int64(number)),
            principal: "subject@issuer",
            action: "UpdateAccount",
            subjectKind: "Account",
            subjectId: "\(number)",
            accounts: [],
            sourceAddress: "192.0.2.7",
            requestId: "request-\(number)",
            oldRevision: number,
            newRevision: number + 1,
            detail: "zwölf \u{1F600} \"quoted\"",
            changes: changes
        )
    }
}

extension Identifier {
    static func sample(_ number: Int) -> Identifier {
        let tail = String(repeating: "0", count: 12 - "\(number)".count) + "\(number)"
        guard let id = Identifier("0193f2c4-0000-7000-8000-\(tail)") else { preconditionFailure("a UUID of digits") }
        return id
    }
}

/// A sealed audit in memory: what a database or an export holds.
struct Ledger {
    var links: [AuditVerifier.Link] = []
    /// Each with the number of links before it.
    var heads: [(after: Int, head: SignedHead)] = []
    let key: Ed25519PrivateKey

    var keys: AuditKeys { AuditKeys(["key-1": key.publicKey]) }

    /// So many events in batches of so many, each batch under a head.
    init(_ count: Int, batch: Int) throws {
        key = try Ed25519PrivateKey(seed: SecretBytes(taking: Array(repeating: 7, count: 32)))
        var (place, previous) = (ChainPlace.start, Chain.start)
        for number in 1...count {
            let event = AuditEvent.sample(number)
            place = place.next(event.text)
            links.append(
                .init(
                    sequence: number,
                    eventId: event.eventId.description,
                    hash: place.hash,
                    content: .text(event.text)
                )
            )
            guard number.isMultiple(of: batch) || number == count else { continue }
            let head = AuditHead(
                number: heads.count + 1,
                at: event.at,
                place: place,
                journals: [],
                previous: previous,
                keyId: "key-1"
            )
            let signed = try head.signed(by: key)
            previous = signed.digest
            heads.append((number, signed))
        }
    }

    func verify(witnesses: [SignedHead] = []) -> AuditVerifier {
        var verifier = AuditVerifier(keys: keys, witnesses: witnesses)
        var rest = heads[...]
        for (index, link) in links.enumerated() {
            while let head = rest.first, head.after <= index { verifier.take(rest.removeFirst().head) }
            verifier.take(link)
        }
        for head in rest { verifier.take(head.head) }
        verifier.finish()
        return verifier
    }
}
