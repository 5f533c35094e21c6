import Ambient
import Contract
import JSON
import OrderedCollections
import Recovery
import TestKit
import Testing

@Suite struct `The calls` {
    @Test func `have names and routes of their own`() {
        let names = Contract.calls.map(\.name)
        #expect(Set(names).count == names.count)
        let routes = Contract.calls.map { "\($0.route.method.rawValue) \($0.route.path)" }
        #expect(Set(routes).count == routes.count)
    }

    @Test func `declare what stands in braces in their paths`() {
        for call in Contract.calls {
            let declared = call.parameters.filter { $0.place == .path }.map(\.name)
            #expect(declared == call.route.placeholders, "\(call.name)")
        }
    }

    @Test func `page where their answer is a page`() {
        for call in Contract.calls where call.route.method == .get {
            let names = call.parameters.map(\.name)
            let pages = String(describing: call.answer).hasPrefix("Page<")
            #expect(names.contains("limit") == pages && names.contains("nextToken") == pages, "\(call.name)")
        }
    }

    @Test func `honour an idempotency key where they create or start something`() {
        let honouring = Contract.calls.filter(\.route.takesIdempotencyKey).map(\.name)
        for name in ["CreateAccount", "CreateProtectionGroup", "CreateRecoveryPlan", "StartExecution"] {
            #expect(honouring.contains(name))
        }
        #expect(!honouring.contains("ValidateRecoveryPlan"))
    }

    /// The shape refuses before the type does, so that all problems are told at once: nothing that it takes may fail to
    /// decode.
    @Test func `decode whatever their shapes take`() throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            var writer = ShapeWriter(seed: seed)
            for call in Contract.calls {
                var members: OrderedDictionary<String, JSON> = [:]
                for parameter in call.parameters where parameter.isRequired || writer.flips() {
                    members[parameter.name] = writer.value(of: parameter.shape)
                }
                if let shape = call.bodyShape {
                    let body = writer.value(of: shape)
                    #expect(shape.problems(in: body).isEmpty, "seed \(seed), \(call.name): \(body.text)")
                    members["body"] = body
                }
                #expect(throws: Never.self, "seed \(seed), \(call.name): \(JSON.object(members).text)") {
                    try decode(call.type, JSON.object(members))
                }
            }
        }
    }

    private func decode<Described: Call>(_ type: Described.Type, _ value: JSON) throws {
        _ = try value.decoded(as: Described.self)
    }

    /// A client encodes a call; what it writes must be what the hub reads.
    @Test func `say in JSON what they were made of`() throws {
        let start = StartExecution(
            body: .init(
                planId: try #require(RecoveryPlan.ID("0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f")),
                executionType: .drill,
                reason: "first drill",
                declaredAt: Instant("2026-11-26T18:54:40.125Z")
            )
        )
        let value = try JSON(encoding: start)
        #expect(value["body"]?["executionType"]?.string == "DRILL")
        #expect(value["body"]?["declaredAt"]?.string == "2026-11-26T18:54:40.125Z")
        #expect(try value.decoded(as: StartExecution.self).body == start.body)
    }
}

/// Writes random values of a shape.
private struct ShapeWriter {
    private let chance: SeededChance

    init(seed: UInt64) {
        chance = SeededChance(seed: seed)
    }

    mutating func flips() -> Bool { chance.next() & 1 == 0 }

    private func pick(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(chance.next() % UInt64(range.count))
    }

    mutating func value(of shape: Shape) -> JSON {
        switch shape {
        case .text(let minimum, let maximum, let pattern, _, _):
            .string(text(minimum, maximum, pattern))
        case .integer(let range):
            .integer(
                range.lowerBound + Int64(chance.next() % UInt64(min(range.upperBound - range.lowerBound, 999) + 1))
            )
        case .number: .decimal(chance.fraction())
        case .boolean: .bool(flips())
        case .choice(let labels): .string(labels[pick(0...labels.count - 1)])
        case .timestamp: .string(Instant(milliseconds: Int64(chance.next() % 4_000_000_000_000)).description)
        case .uuid: .string(Identifier<Int>(at: Instant(milliseconds: 0), by: chance).description)
        case .array(let element, let count, let isUnique): .array(elements(element, count, isUnique))
        case .map(let key, let content, let count): map(key, content, count)
        case .object(_, let fields, _): object(fields)
        case .nullable(let shape): flips() ? .null : value(of: shape)
        case .named(_, let shape): value(of: shape)
        case .oneOf(let shapes): value(of: shapes[pick(0...shapes.count - 1)])
        case .reference, .anything: .null
        }
    }

    private mutating func elements(_ element: Shape, _ count: ClosedRange<Int>, _ isUnique: Bool) -> [JSON] {
        let number = pick(count.lowerBound...min(count.upperBound, count.lowerBound + 3))
        let all = (0..<number).map { _ in value(of: element) }
        return isUnique ? Array(OrderedSet(all)) : all
    }

    private mutating func map(_ key: Shape, _ content: Shape, _ count: ClosedRange<Int>) -> JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        for _ in 0..<pick(count.lowerBound...count.lowerBound + 3) {
            members[value(of: key).string ?? ""] = value(of: content)
        }
        return .object(members)
    }

    private mutating func object(_ fields: [Shape.Field]) -> JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        for field in fields where field.isRequired || flips() { members[field.name] = value(of: field.shape) }
        return .object(members)
    }

    /// Texts that each pattern of the contract takes, or any text where there is none.
    private mutating func text(_ minimum: Int, _ maximum: Int, _ pattern: Shape.Pattern?) -> String {
        let samples = [
            "111122223333", "eu-west-1", "s-0123456789abcdef0", "pit-0123456789abcdef0", "CONTINUOUS", "abc_-9",
            "arn:aws:iam::111122223333:role/Spoke", "2027-01-31", "https://hooks.example.com/muster",
            "arn:aws:sns:eu-west-1:111122223333:drills", "dr@example.com",
        ]
        guard let pattern else {
            let letters = Array("aZ09 _-äß✓\"\\/")
            return String(
                (0..<pick(minimum...min(maximum, minimum + 20))).map { _ in letters[pick(0...letters.count - 1)] }
            )
        }
        let fitting = samples.filter(pattern.matches)
        return fitting.isEmpty ? "" : fitting[pick(0...fitting.count - 1)]
    }
}
