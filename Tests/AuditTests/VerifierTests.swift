import Ambient
import Audit
import JSON
import OpenSSL
import Recovery
import Testing

@Suite struct `A sealed audit` {
    @Test func `that nobody touched is found whole`() throws {
        let verifier = try Ledger(100, batch: 7).verify()
        #expect(verifier.firstBreak == nil)
        #expect(verifier.events == 100)
        #expect(verifier.lastHead?.place.sequence == 100)
    }

    @Test func `shows every tampering, by the first event that it touches`() throws {
        let whole = try Ledger(120, batch: 9)
        let witness = whole.heads.map(\.head).suffix(1)
        var chance = SeededChance(seed: 20_261_126)
        for number in 0..<1000 {
            let tampering = Tampering(chance: &chance, events: whole.links.count, heads: whole.heads.count)
            var ledger = whole
            tampering.apply(to: &ledger)
            let verifier = ledger.verify(witnesses: Array(witness))
            let found = try #require(verifier.firstBreak, "tampering \(number) was not found: \(tampering)")
            if let first = tampering.firstEvent {
                #expect(found.sequence == first, "\(number): \(tampering), \(found)")
            }
        }
    }

    @Test func `is not helped by heads that another key signed`() throws {
        var ledger = try Ledger(20, batch: 5)
        let other = try Ed25519PrivateKey(seed: SecretBytes(taking: Array(repeating: 8, count: 32)))
        let head = try #require(AuditHead(document: ledger.heads[3].head.document))
        ledger.heads[3].head = try head.signed(by: other)
        #expect(ledger.verify().firstBreak?.kind == .head)
    }

    @Test func `is followed through digests where the reader may not see an event`() throws {
        var ledger = try Ledger(20, batch: 5)
        for index in stride(from: 0, to: 20, by: 3) {
            guard case .text(let text) = ledger.links[index].content else { continue }
            ledger.links[index].content = .digest(Chain.digest(of: text))
        }
        #expect(ledger.verify().firstBreak == nil)
        ledger.links[3].content = .digest(Chain.digest(of: "another"))
        #expect(ledger.verify().firstBreak?.sequence == 4)
    }

    @Test func `begins where its archive ended, and nowhere else`() throws {
        var ledger = try Ledger(30, batch: 10)
        let head = try #require(AuditHead(document: ledger.heads[0].head.document))
        let start = AuditVerifier.Start(place: head.place, head: 1, headDigest: ledger.heads[0].head.digest)
        ledger.links.removeFirst(10)
        ledger.heads.removeFirst()
        func verify(from start: AuditVerifier.Start) -> AuditVerifier.Break? {
            var verifier = AuditVerifier(keys: ledger.keys, from: start)
            for link in ledger.links {
                verifier.take(link)
                for head in ledger.heads where head.after == link.sequence { verifier.take(head.head) }
            }
            verifier.finish()
            return verifier.firstBreak
        }
        #expect(verify(from: start) == nil)
        #expect(verify(from: .beginning)?.kind == .order)
        var other = start
        other.place.hash = Chain.start
        #expect(verify(from: other)?.sequence == 11)
    }
}

/// Numbers from a seed.
struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
