import Ambient
import JSON
import OrderedCollections
import Testing

private struct Server: Codable, Equatable {
    var sourceServerId: String
    var lag: Int
    var share: Double
    var isReady: Bool
    var syncedAt: Instant
    var owner: String?
    @Nullable var endedAt: Instant?
    @Nullable var group: Group?
    var tags: [String: String]
    var states: [State]
    var id: Identifier<Server>
    var raw: JSON

    struct Group: Codable, Equatable {
        var name: String
    }

    enum State: String, Codable {
        case ready = "READY"
        case lost = "LOST"
    }
}

@Suite struct `A Codable value` {
    private func sample() throws -> Server {
        Server(
            sourceServerId: "s-1",
            lag: 3,
            share: 0.5,
            isReady: true,
            syncedAt: Instant(milliseconds: 1_000),
            owner: nil,
            endedAt: nil,
            group: nil,
            tags: ["tier": "web", "App": "x", "zone": "a"],
            states: [.ready, .lost],
            id: try #require(Identifier("018f0000-0000-7000-8000-000000000001")),
            raw: ["b": [1, nil], "a": 2.5]
        )
    }

    private let text =
        #"{"sourceServerId":"s-1","lag":3,"share":0.5,"isReady":true,"syncedAt":"1970-01-01T00:00:01.000Z","#
        + #""endedAt":null,"group":null,"tags":{"App":"x","tier":"web","zone":"a"},"states":["READY","LOST"],"#
        + #""id":"018f0000-0000-7000-8000-000000000001","raw":{"b":[1,null],"a":2.5}}"#

    @Test func `is written in the order of its members, with null where it is asked for`() throws {
        #expect(try JSON(encoding: try sample()).text == text)
    }

    @Test func `comes back from its text`() throws {
        let server = try JSON(parsing: text).decoded(as: Server.self)
        #expect(server == (try sample()))
    }

    @Test func `is read when nullable members are missing`() throws {
        var members = try #require(try JSON(parsing: text).object)
        members["endedAt"] = nil
        members["group"] = ["name": "g"]
        members["owner"] = .null
        let server = try JSON.object(members).decoded(as: Server.self)
        #expect(server.endedAt == nil)
        #expect(server.group == Server.Group(name: "g"))
        #expect(server.owner == nil)
    }

    @Test func `takes an integer written as a decimal and nothing else`() throws {
        #expect(try JSON.decimal(3).decoded(as: Int.self) == 3)
        #expect(try JSON.integer(3).decoded(as: Double.self) == 3)
        #expect(try JSON.integer(255).decoded(as: UInt8.self) == 255)
        #expect(throws: DecodingError.self) { try JSON.integer(256).decoded(as: UInt8.self) }
        #expect(throws: DecodingError.self) { try JSON.integer(-1).decoded(as: UInt.self) }
        #expect(throws: DecodingError.self) { try JSON.decimal(3.5).decoded(as: Int.self) }
        #expect(throws: DecodingError.self) { try JSON.string("3").decoded(as: Int.self) }
        #expect(throws: DecodingError.self) { try JSON.integer(1).decoded(as: Bool.self) }
        #expect(throws: DecodingError.self) { try JSON.null.decoded(as: String.self) }
        #expect(throws: DecodingError.self) { try JSON.array([1]).decoded(as: [String: Int].self) }
        #expect(throws: DecodingError.self) { try JSON.object([:]).decoded(as: [Int].self) }
    }

    @Test func `names the path of what does not fit`() throws {
        var members = try #require(try JSON(parsing: text).object)
        members["states"] = ["READY", "ODD"]
        do {
            _ = try JSON.object(members).decoded(as: Server.self)
            Issue.record("an unknown state was taken")
        } catch DecodingError.dataCorrupted(let context) {
            #expect(context.codingPath.map(\.stringValue) == ["states", "1"])
        }
        members["states"] = nil
        #expect(throws: DecodingError.self) { try JSON.object(members).decoded(as: Server.self) }
    }

    @Test func `keeps optional elements of arrays and nested values`() throws {
        let numbers: [Int?] = [1, nil, 3]
        let json = try JSON(encoding: numbers)
        #expect(json == [1, nil, 3])
        #expect(try json.decoded(as: [Int?].self) == numbers)
        let map: [String: [String: [Bool]]] = ["b": ["d": [true], "c": []], "a": [:]]
        #expect(try JSON(encoding: map).text == #"{"a":{},"b":{"c":[],"d":[true]}}"#)
        #expect(try JSON(encoding: map).decoded(as: [String: [String: [Bool]]].self) == map)
    }

    @Test func `with a number that JSON cannot hold is refused`() {
        #expect(throws: EncodingError.self) { try JSON(encoding: Double.infinity) }
        #expect(throws: EncodingError.self) { try JSON(encoding: ["a": Double.nan]) }
        #expect(throws: EncodingError.self) { try JSON(encoding: [UInt64.max]) }
        #expect(throws: EncodingError.self) { try JSON(encoding: UInt64.max) }
    }

    @Test func `may use nested containers and a super encoder`() throws {
        let json = try JSON(encoding: Nested())
        #expect(json.text == #"{"first":1,"list":[true,[2],{"deep":3}],"inner":{"deep":"x"},"super":5,"empty":{}}"#)
        #expect(try json.decoded(as: Nested.self) == Nested())
    }

    @Test func `is JSON itself or holds it`() throws {
        let json: JSON = ["a": [1, 2.5, "x", nil, true], "b": [:]]
        #expect(try JSON(encoding: json) == json)
        #expect(try JSON(encoding: ["k": json]) == ["k": json])
        #expect(try json.decoded(as: JSON.self) == json)
        #expect(try json.decoded(as: [String: JSON].self)["b"] == [:])
    }
}

/// Uses what only hand-written code uses.
private struct Nested: Codable, Equatable {
    enum Key: String, CodingKey { case first, list, inner, empty }
    enum Deep: String, CodingKey { case deep }

    init() {}

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(1, forKey: .first)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        try list.encode(true)
        var inner = list.nestedUnkeyedContainer()
        try inner.encode(2)
        var object = list.nestedContainer(keyedBy: Deep.self)
        try object.encode(3, forKey: .deep)
        var member = container.nestedContainer(keyedBy: Deep.self, forKey: .inner)
        try member.encode("x", forKey: .deep)
        try 5.encode(to: container.superEncoder())
        _ = container.nestedContainer(keyedBy: Deep.self, forKey: .empty)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        #expect(try list.decode(Bool.self))
        var inner = try list.nestedUnkeyedContainer()
        #expect(try inner.decode(Int.self) == 2)
        #expect(try list.nestedContainer(keyedBy: Deep.self).decode(Int.self, forKey: .deep) == 3)
        #expect(list.isAtEnd)
        let member = try container.nestedContainer(keyedBy: Deep.self, forKey: .inner)
        #expect(try member.decode(String.self, forKey: .deep) == "x")
        #expect(try Int(from: container.superDecoder()) == 5)
        #expect(container.allKeys.count == 4)
    }
}
