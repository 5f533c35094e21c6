import Ambient
import Audit
import JSON
import OpenSSL
import OrderedCollections
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

/// Ways in which somebody with the database in their hands may rewrite the past.
private enum Tampering: CaseIterable {
    case changesText, changesTextAndHash, changesHash, drops, repeats, swaps, cutsOff, cutsOffAll, insertsForged
    case rewritesAllThatFollows, takesFromAnother, changesNumbers

    /// Whether the chain itself still holds, so that only a head that was noted elsewhere gives it away.
    var keepsChain: Bool { [.cutsOff, .cutsOffAll, .rewritesAllThatFollows].contains(self) }
}

/// A journal in the hands of somebody who knows how it is made.
private struct Tamperer {
    var generator: SeededGenerator
    let other: [JournalStatements.Stored]

    mutating func index(in links: [JournalStatements.Stored]) -> Int { generator.number(0...links.count - 1) }

    /// The event with a member changed, canonical again.
    mutating func lie(_ event: String) -> String {
        guard var members = try? JSON(parsing: event.utf8).object else { return event }
        let name = ["at", "kind", "by", "text", "label", "sourceServerId"][generator.number(0...5)]
        members[name] = .string("lie \(generator.next() % 1_000_000)")
        return JSON.object(members).canonicalText
    }

    static func hash(_ event: String) -> String { Hex.encode(SHA256.digest(Array(event.utf8))) }

    /// Makes the events from an index on follow each other again.
    static func rechain(_ links: inout [JournalStatements.Stored], from index: Int) {
        var previous = index == 0 ? Chain.start : links[index - 1].hash
        for place in index..<links.count {
            var members = (try? JSON(parsing: links[place].event.utf8).object) ?? [:]
            members["previous"] = .string(previous)
            members["sequence"] = .integer(Int64(place + 1))
            let text = JSON.object(members).canonicalText
            previous = hash(text)
            links[place] = JournalStatements.Stored(sequence: place + 1, event: text, hash: previous)
        }
    }

    mutating func tamper(_ links: inout [JournalStatements.Stored], by kind: Tampering) {
        let place = index(in: links)
        switch kind {
        case .changesText: links[place].event = lie(links[place].event)
        case .changesTextAndHash:
            // Of the last event this is a journal rewritten from there on, which is a kind of its own.
            let earlier = min(place, links.count - 2)
            links[earlier].event = lie(links[earlier].event)
            links[earlier].hash = Self.hash(links[earlier].event)
        case .changesHash:
            var digits = Array(links[place].hash)
            let digit = generator.number(0...63)
            digits[digit] = digits[digit] == "0" ? "1" : "0"
            links[place].hash = String(digits)
        // The last one dropped is a tail cut off, which is a kind of its own.
        case .drops: links.remove(at: min(place, links.count - 2))
        case .repeats: links.insert(links[place], at: place)
        case .swaps: links.swapAt(min(place, links.count - 2), min(place, links.count - 2) + 1)
        case .cutsOff: links.removeLast(generator.number(1...links.count - 1))
        case .cutsOffAll: links.removeAll()
        case .insertsForged:
            let event = lie(links[place].event)
            links.insert(.init(sequence: links[place].sequence, event: event, hash: Self.hash(event)), at: place)
        case .rewritesAllThatFollows:
            links[place].event = lie(links[place].event)
            Self.rechain(&links, from: place)
        case .takesFromAnother: links[place] = other[min(place, other.count - 1)]
        case .changesNumbers: for index in place..<links.count { links[index].sequence += 1 }
        }
    }
}

@Suite(.database(Schema.migrations)) struct `A journal that was tampered with` {
    /// A journal as it is stored, and what the execution's own row says of its end, which a signed head repeats.
    private func journal(
        _ stage: Stage,
        _ id: Execution.ID
    ) async throws -> (events: [JournalStatements.Stored], head: ChainPlace) {
        let events = try await stage.pool.run(JournalStatements.events(of: id, after: 0, limit: 10_000))
        let row = try await stage.pool.first(
            Query(
                "SELECT journal_sequence, journal_head FROM execution WHERE execution_id = \(id)",
                as: Int.self,
                String.self
            )
        )
        let (sequence, hash) = try #require(row)
        return (events, ChainPlace(sequence: sequence, hash: hash))
    }

    /// Whether the events are a journal's, and how far they go.
    private func follow(
        _ events: [JournalStatements.Stored],
        of id: Execution.ID
    ) -> (isWhole: Bool, end: ChainPlace) {
        var chain = JournalChain(of: id.description)
        for event in events { chain.take(sequence: event.sequence, text: event.event, hash: event.hash) }
        return (!chain.isBroken, chain.place)
    }

    @Test func `is found out, each of a thousand times`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [2, 1])).id
        try await stage.perform()
        let (events, head) = try await journal(stage, id)
        #expect(events.count > 8)
        #expect(follow(events, of: id) == (true, head))
        var foreign = events
        for index in foreign.indices {
            var members = try #require(try JSON(parsing: foreign[index].event.utf8).object)
            members["executionId"] = .string(Execution.ID(at: Instant(milliseconds: 0), by: SystemChance()).description)
            foreign[index].event = JSON.object(members).canonicalText
        }
        Tamperer.rechain(&foreign, from: 0)
        var tamperer = Tamperer(generator: SeededGenerator(Seed(1)), other: foreign)
        for round in 0..<1_000 {
            let kind = Tampering.allCases[round % Tampering.allCases.count]
            var changed = events
            tamperer.tamper(&changed, by: kind)
            #expect(changed != events, "\(kind) in round \(round) changed nothing")
            let found = follow(changed, of: id)
            #expect(!found.isWhole || found.end != head, "\(kind) in round \(round)")
            // A chain that was made anew holds by itself: that is what heads kept elsewhere are for.
            #expect(found.isWhole == kind.keepsChain, "\(kind) in round \(round)")
        }
    }

    @Test func `is found out at the event where it was`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [2, 1])).id
        try await stage.perform()
        let (events, head) = try await journal(stage, id)
        func last(_ change: (inout [JournalStatements.Stored]) -> Void) -> Int {
            var changed = events
            change(&changed)
            return follow(changed, of: id).end.sequence
        }
        #expect(last { _ in } == head.sequence)
        #expect(last { $0[3].event += " " } == 3)
        #expect(last { $0.remove(at: 3) } == 3)
        #expect(last { $0[3].hash = Chain.start } == 3)
        #expect(last { $0[3].sequence = 9 } == 3)
        #expect(last { $0.swapAt(3, 4) } == 3)
        #expect(last { $0.removeLast() } == head.sequence - 1)
        #expect(last { Tamperer.rechain(&$0, from: 0) } == head.sequence, "made again as it was")
    }
}
