import Ambient
import Audit
import Recovery

/// One way to falsify a sealed audit.
enum Tampering {
    /// Another text under the same seal.
    case alter(Int)
    /// Another text, and the hash beside it made to fit.
    case reseal(Int)
    case delete(Int)
    /// A deletion with all later events renumbered and resealed.
    case deleteAndReseal(Int)
    case insert(Int)
    case swap(Int, Int)
    /// The seals of two events exchanged, the events left where they are.
    case swapSeals(Int, Int)
    case cutTail(Int)
    /// The tail cut, its heads with it: only a head kept elsewhere shows it.
    case cutTailAndHeads(Int)
    case dropHead(Int)
    case swapHeads(Int, Int)
    case alterHead(Int)
    case cutFront(Int)

    init(chance: inout SeededChance, events: Int, heads: Int) {
        let event = Int.random(in: 0..<events, using: &chance)
        let other = (event + Int.random(in: 1..<events, using: &chance)) % events
        let head = Int.random(in: 0..<heads, using: &chance)
        let otherHead = (head + Int.random(in: 1..<heads, using: &chance)) % heads
        self =
            switch Int.random(in: 0..<13, using: &chance) {
            case 0: .alter(event)
            case 1: .reseal(event)
            case 2: .delete(event)
            case 3: .deleteAndReseal(event)
            case 4: .insert(event)
            case 5: .swap(min(event, other), max(event, other))
            case 6: .swapSeals(min(event, other), max(event, other))
            case 7: .cutTail(event)
            case 8: .cutTailAndHeads(event)
            case 9: .dropHead(head)
            case 10: .swapHeads(min(head, otherHead), max(head, otherHead))
            case 11: .alterHead(head)
            default: .cutFront(max(1, event))
            }
    }

    /// The number of the event that must be named, where it is certain which.
    var firstEvent: Int? {
        switch self {
        case .alter(let event), .delete(let event), .insert(let event): event + 1
        case .swap(let first, _), .swapSeals(let first, _): first + 1
        case .reseal, .deleteAndReseal, .cutTail, .cutTailAndHeads, .dropHead, .swapHeads, .alterHead: nil
        case .cutFront: 1
        }
    }

    func apply(to ledger: inout Ledger) {
        switch self {
        case .alter(let event):
            ledger.links[event].content = .text(altered(ledger.links[event]))
        case .reseal(let event):
            ledger.links[event].content = .text(altered(ledger.links[event]))
            reseal(&ledger, from: event)
        case .delete(let event):
            if event == ledger.links.count - 1 {
                ledger.links[event].content = .gone
            } else {
                ledger.links.remove(at: event)
            }
        case .deleteAndReseal(let event):
            ledger.links.remove(at: event)
            reseal(&ledger, from: event)
        case .insert(let event):
            var link = ledger.links[event]
            let fake = AuditEvent.sample(9999)
            link.eventId = fake.eventId.description
            link.content = .text(fake.text)
            ledger.links.insert(link, at: event)
        case .swap(let first, let second):
            ledger.links.swapAt(first, second)
        case .swapSeals(let first, let second):
            let hash = ledger.links[first].hash
            ledger.links[first].hash = ledger.links[second].hash
            ledger.links[second].hash = hash
        case .cutTail(let event):
            ledger.links.removeSubrange(event...)
        case .cutTailAndHeads(let event):
            let last = ledger.heads.last { $0.after <= event }?.after ?? 0
            ledger.links.removeSubrange(last...)
            ledger.heads.removeAll { $0.after > last }
        case .dropHead(let head):
            ledger.heads.remove(at: head)
        case .swapHeads(let first, let second):
            let head = ledger.heads[first].head
            ledger.heads[first].head = ledger.heads[second].head
            ledger.heads[second].head = head
        case .alterHead(let head):
            ledger.heads[head].head.document = ledger.heads[head].head.document.replacing(
                "\"number\":",
                with: "\"number\":1"
            )
        case .cutFront(let event):
            ledger.links.removeSubrange(..<event)
            ledger.heads.removeAll { $0.after <= event }
        }
    }

    private func altered(_ link: AuditVerifier.Link) -> String {
        guard case .text(let text) = link.content else { return "" }
        return text.replacing("subject@issuer", with: "somebody@issuer")
    }

    /// What somebody does who knows how the chain is made, but has not the key of its heads.
    private func reseal(_ ledger: inout Ledger, from event: Int) {
        var place =
            event == 0
            ? ChainPlace.start
            : ChainPlace(sequence: event, hash: ledger.links[event - 1].hash)
        for index in ledger.links.indices.dropFirst(event) {
            guard case .text(let text) = ledger.links[index].content else { continue }
            place = place.next(text)
            ledger.links[index].sequence = place.sequence
            ledger.links[index].hash = place.hash
        }
    }
}
