internal import Ambient

/// Follows the chain from one end to the other and names the first thing that is not as it was sealed.
///
/// It is given every link and every head in their order, and remembers only where it is: a hundred events or a hundred
/// million take the same memory.
package struct AuditVerifier: Sendable {
    /// The first thing that is wrong.
    package struct Break: Sendable, Hashable, CustomStringConvertible {
        package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
            /// The event's text, or a column beside it, is not what was sealed.
            case altered = "EVENT_ALTERED"
            /// The event is gone.
            case missing = "EVENT_MISSING"
            /// Numbers are not one after another: an event was dropped, added, or moved.
            case order = "SEQUENCE_BROKEN"
            /// A head is not signed by a known key, or is not what was signed.
            case head = "HEAD_INVALID"
            /// A head before this one is gone, or another one is in its place.
            case headOrder = "HEAD_MISSING"
            /// The chain ends before a signed head says, or goes on without one.
            case tail = "TAIL_CUT"
            /// The chain does not begin where it should: what was before is in no archive.
            case start = "START_CUT"
            /// A journal is not what a signed head says.
            case journal = "JOURNAL_ALTERED"
        }

        package var kind: Kind
        /// The number of the event, where it is about one.
        package var sequence: Int
        package var eventId: String?
        package var detail: String

        package init(_ kind: Kind, at sequence: Int, eventId: String? = nil, _ detail: String) {
            self.kind = kind
            self.sequence = sequence
            self.eventId = eventId
            self.detail = detail
        }

        package var description: String { "\(kind.rawValue) at event \(sequence): \(detail)" }
    }

    /// One event in the chain, as it is found.
    package struct Link: Sendable, Hashable {
        package enum Content: Sendable, Hashable {
            /// The event's text.
            case text(String)
            /// Only its digest: the reader may not see the event.
            case digest(String)
            /// There is a seal, but no event any more.
            case gone
        }

        package var sequence: Int
        package var eventId: String
        package var hash: String
        package var content: Content

        package init(sequence: Int, eventId: String, hash: String, content: Content) {
            self.sequence = sequence
            self.eventId = eventId
            self.hash = hash
            self.content = content
        }
    }

    /// Where a chain begins whose older part was archived.
    package struct Start: Sendable, Hashable {
        package var place: ChainPlace
        package var head: Int
        package var headDigest: String

        package init(place: ChainPlace, head: Int, headDigest: String) {
            self.place = place
            self.head = head
            self.headDigest = headDigest
        }

        package static let beginning = Start(place: .start, head: 0, headDigest: Chain.start)
    }

    package private(set) var firstBreak: Break?
    package private(set) var place: ChainPlace
    /// The number of events that were followed.
    package private(set) var events = 0
    package private(set) var lastHead: AuditHead?
    /// The newest place of each journal that a head has named.
    package private(set) var journals: [String: ChainPlace] = [:]

    private let keys: AuditKeys
    /// Heads from elsewhere that must lie on the chain.
    private var witnesses: [AuditHead]
    private var headNumber: Int
    private var headDigest: String

    /// - Parameters:
    ///   - keys: Who may have signed.
    ///   - start: Where it begins.
    ///   - witnesses: Heads that were kept elsewhere; one that no key has signed is a break by itself.
    package init(keys: AuditKeys, from start: Start = .beginning, witnesses: [SignedHead] = []) {
        self.keys = keys
        place = start.place
        headNumber = start.head
        headDigest = start.headDigest
        self.witnesses = witnesses.compactMap { $0.verified(by: keys) }
            .filter { $0.place.sequence > start.place.sequence }
        if witnesses.contains(where: { $0.verified(by: keys) == nil }) {
            firstBreak = Break(.head, at: 0, "the head that was given is not signed by a known key")
        }
    }

    /// Takes the next event.
    package mutating func take(_ link: Link) {
        guard firstBreak == nil else { return }
        let expected = place.sequence + 1
        guard link.sequence == expected else {
            fail(.order, at: min(expected, link.sequence), link.eventId, "event \(expected) is not where it should be")
            return
        }
        let digest: String
        switch link.content {
        case .gone:
            fail(.missing, at: expected, link.eventId, "the event is gone")
            return
        case .text(let text):
            guard AuditEvent(text: text)?.eventId.description == link.eventId else {
                fail(.altered, at: expected, link.eventId, "the event is another than was sealed")
                return
            }
            digest = Chain.digest(of: text)
        case .digest(let given): digest = given
        }
        let next = place.next(digest: digest)
        guard next.hash == link.hash else {
            fail(.altered, at: expected, link.eventId, "the event or its seal is not what was sealed")
            return
        }
        place = next
        events += 1
        for witness in witnesses where witness.place.sequence == place.sequence { compare(witness) }
        witnesses.removeAll { $0.place.sequence == place.sequence }
    }

    /// Takes the next head; it comes after the event that it is of.
    package mutating func take(_ signed: SignedHead) {
        guard firstBreak == nil else { return }
        guard let head = signed.verified(by: keys) else {
            fail(.head, at: place.sequence, nil, "head \(headNumber + 1) is not signed by a known key")
            return
        }
        guard head.number == headNumber + 1, head.previous == headDigest else {
            fail(.headOrder, at: place.sequence, nil, "head \(headNumber + 1) is missing or another one")
            return
        }
        guard head.place == place else {
            compare(head)
            return
        }
        (headNumber, headDigest, lastHead) = (head.number, signed.digest, head)
        for journal in head.journals { journals[journal.executionId] = journal.place }
    }

    /// Says that the chain begins behind something that is in no archive.
    package mutating func refuseStart() {
        guard firstBreak == nil else { return }
        fail(
            .start,
            at: 0,
            nil,
            "the chain does not begin with event 1, and no sealed event says that the rest was archived"
        )
    }

    /// Says that a head of this number stands where its document says another.
    package mutating func refuseHead(_ detail: String) {
        guard firstBreak == nil else { return }
        fail(.head, at: place.sequence, nil, detail)
    }

    /// Says that an event's columns are not what its text says.
    package mutating func refuseColumns(of link: Link) {
        guard firstBreak == nil else { return }
        fail(.altered, at: link.sequence, link.eventId, "the columns of the event are not what was sealed")
    }

    /// All events and heads were given: the end must be signed, and behind every witness.
    package mutating func finish() {
        guard firstBreak == nil else { return }
        if let witness = witnesses.first {
            fail(.tail, at: place.sequence, nil, "a signed head says that there were \(witness.place.sequence) events")
        } else if let head = lastHead, head.place != place {
            fail(.tail, at: head.place.sequence, nil, "the events after it are under no signed head")
        } else if lastHead == nil, events > 0 {
            fail(.tail, at: place.sequence, nil, "no event is under a signed head")
        }
    }

    /// Compares a journal, recomputed to its end, with what the heads say of it.
    ///
    /// - Parameters:
    ///   - executionId: Whose journal.
    ///   - hash: Its hash at the event that the newest head names; nil when it does not go so far or is broken before.
    package mutating func judgeJournal(_ executionId: String, hash: String?) {
        guard firstBreak == nil, let place = journals[executionId], place.hash != hash else { return }
        firstBreak = Break(
            .journal,
            at: place.sequence,
            eventId: executionId,
            "the journal of execution \(executionId) is not what was signed up to its event \(place.sequence)"
        )
    }

    private mutating func compare(_ head: AuditHead) {
        if head.place.sequence > place.sequence {
            fail(.tail, at: place.sequence, nil, "a signed head says that there were \(head.place.sequence) events")
        } else if head.place != place {
            fail(.altered, at: head.place.sequence, nil, "the chain is another than was signed")
        }
    }

    private mutating func fail(_ kind: Break.Kind, at sequence: Int, _ eventId: String?, _ detail: String) {
        firstBreak = Break(kind, at: sequence, eventId: eventId, detail)
    }
}
