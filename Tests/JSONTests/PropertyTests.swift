import Ambient
import JSON
import OrderedCollections
import Testing

/// Makes random JSON from a seed.
private struct Maker {
    let chance: SeededChance

    init(seed: UInt64) {
        chance = SeededChance(seed: seed)
    }

    func below(_ limit: Int) -> Int { Int(chance.next() % UInt64(limit)) }

    private static let pieces = [
        "", "a", "\"", "\\", "/", "\n", "\u{1}", "\u{1f}", "\u{7f}", "é", "e\u{301}", "€", "😀", "\u{ffff}",
        "\u{10ffff}", "K",
        "\u{212a}", "\u{feff}", "\u{2028}", "0",
    ]

    func text() -> String {
        (0..<below(6)).map { _ in Self.pieces[below(Self.pieces.count)] }.joined()
    }

    func number() -> JSON {
        switch below(5) {
        case 0: return .integer(Int64(below(2000)) - 1000)
        case 1: return .integer(Int64(bitPattern: chance.next()))
        case 2: return .decimal(Double(below(2_000_000) - 1_000_000) / 1000)
        default:
            let number = Double(bitPattern: chance.next())
            return .decimal(number.isFinite ? number : 0.1)
        }
    }

    func value(depth: Int = 0) -> JSON {
        switch below(depth > 4 ? 5 : 8) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return number()
        case 3, 4: return .string(text())
        case 5: return .array((0..<below(5)).map { _ in value(depth: depth + 1) })
        default:
            var members: OrderedDictionary<String, JSON> = [:]
            for _ in 0..<below(5) { members[text()] = value(depth: depth + 1) }
            return .object(members)
        }
    }
}

@Suite struct `Any JSON` {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `comes back from its text, its canonical text and Codable`(seed: UInt64) throws {
        let maker = Maker(seed: seed)
        for _ in 0..<100 {
            let json = maker.value()
            let back = try JSON(parsing: json.bytes)
            #expect(back == json)
            #expect(back.hashValue == json.hashValue)
            #expect(back.text == json.text)
            let canonical = json.canonicalBytes
            #expect(try JSON(parsing: canonical) == json)
            #expect(try JSON(parsing: canonical).canonicalBytes == canonical)
            #expect(try JSON(encoding: json) == json)
            #expect(try JSON(encoding: [json]) == [json])
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `has one canonical text whatever the order of its members`(seed: UInt64) throws {
        func shuffled(_ json: JSON, _ maker: Maker) -> JSON {
            switch json {
            case .object(let members):
                var names = Array(members.keys)
                for index in names.indices { names.swapAt(index, maker.below(names.count)) }
                let moved = names.map { ($0, shuffled(members[$0] ?? nil, maker)) }
                return .object(OrderedDictionary(uniqueKeysWithValues: moved))
            case .array(let elements): return .array(elements.map { shuffled($0, maker) })
            case .null, .bool, .integer, .decimal, .string: return json
            }
        }
        let maker = Maker(seed: seed)
        for _ in 0..<100 {
            let json = maker.value()
            let other = shuffled(json, maker)
            #expect(other.canonicalText == json.canonicalText)
            #expect(other == json)
            #expect(other.hashValue == json.hashValue)
        }
    }

    /// Whatever bytes come: read or refused with a place inside them, never anything else.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `spoilt in any byte is refused or is other JSON`(seed: UInt64) {
        let maker = Maker(seed: seed)
        let spoilers = Array("\"\\{}[]:,0e-+.u \n\u{0}tfn".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        for _ in 0..<200 {
            var bytes = maker.value().bytes
            for _ in 0...maker.below(3) {
                let place = maker.below(bytes.count + 1)
                switch maker.below(3) {
                case 0: bytes.insert(spoilers[maker.below(spoilers.count)], at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                default: if place < bytes.count { bytes[place] = spoilers[maker.below(spoilers.count)] }
                }
            }
            do throws(JSON.SyntaxError) {
                let json = try JSON(parsing: bytes)
                #expect(try JSON(parsing: json.bytes) == json)
            } catch {
                #expect((0...bytes.count).contains(error.offset))
                #expect(error.line >= 1 && error.column >= 1)
            }
        }
    }
}
