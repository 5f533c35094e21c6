import Ambient
import Audit
import JSON
import OpenSSL
import Recovery
import Testing

@Suite struct `An audit event` {
    @Test func `is read from its text as it was written`() throws {
        let event = AuditEvent.sample(
            1,
            changes: FieldChange.between(["a": 1, "b": "same"], ["a": [2, 3], "b": "same", "c": .null, "d": true])
        )
        #expect(event.changes.map(\.field) == ["a", "d"])
        #expect(AuditEvent(text: event.text) == event)
        #expect(AuditEvent(text: "{}") == nil)
        #expect(AuditEvent(text: String(event.text.dropLast())) == nil)
    }

    @Test func `keeps only the digest of a long value`() throws {
        let long = JSON.string(String(repeating: "x", count: FieldChange.longestValue))
        let change = try #require(FieldChange.between(nil, ["text": long]).first)
        #expect(change.before.isNull)
        #expect(change.after["bytes"]?.integer == Int64(FieldChange.longestValue + 2))
        #expect(change.after["sha256"]?.string?.count == 64)
    }
}

@Suite struct `A link of the chain` {
    @Test(arguments: [
        Chain.digest(of: "an event"), Chain.start, "", "a\"b", "\\", "é", "\u{1}", "UPPER", "a,\"sequence\":9",
    ])
    func `is of the same text, whatever somebody may have written into it`(digest: String) {
        for sequence in [0, 1, 200_000, -1] {
            for previous in [Chain.start, digest] {
                let link: JSON = [
                    "sequence": .integer(Int64(sequence)), "previous": .string(previous), "event": .string(digest),
                ]
                let expected = Hex.encode(SHA256.digest(link.canonicalBytes))
                #expect(Chain.hash(ofDigest: digest, sequence: sequence, after: previous) == expected)
            }
        }
    }
}
