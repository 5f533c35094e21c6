internal import OrderedCollections

extension JSON {
    /// Encodes a value; the members of an object stand in the order in which the type encodes them.
    ///
    /// The members of a Swift `Dictionary` are sorted by name, so that the same value always has the same text.
    ///
    /// - Throws: `EncodingError` for a number that JSON cannot hold: not finite, or above `Int64.max`.
    package init(encoding value: some Encodable) throws {
        self = try ValueEncoder.encode(value, at: .root)
    }
}

/// What has been encoded so far at one place of the tree.
final class Slot {
    var content: Content = .nothing
    let trail: Trail

    enum Content {
        case nothing
        case value(JSON)
        case members(OrderedDictionary<String, JSON>)
        case elements([JSON])
    }

    /// Slots below this one that were asked for as nested containers, to be taken over at the end.
    private var nested: [(place: Place, slot: Slot)] = []

    enum Place {
        case member(String)
        case element(Int)
    }

    init(_ trail: Trail) {
        self.trail = trail
    }

    func set(_ value: JSON, forName name: String) {
        // The dictionary is moved out and back in, so that it is never copied.
        guard case .members(var members) = content else { return content = .members([name: value]) }
        content = .nothing
        members[name] = value
        content = .members(members)
    }

    func append(_ value: JSON) {
        guard case .elements(var elements) = content else { return content = .elements([value]) }
        content = .nothing
        elements.append(value)
        content = .elements(elements)
    }

    var count: Int {
        if case .elements(let elements) = content { elements.count } else { 0 }
    }

    func nest(_ key: any CodingKey) -> Slot {
        let slot = Slot(.step(trail, key))
        set(.null, forName: key.stringValue)
        nested.append((.member(key.stringValue), slot))
        return slot
    }

    func nest() -> Slot {
        let index = count
        let slot = Slot(.step(trail, IndexKey(index)))
        append(.null)
        nested.append((.element(index), slot))
        return slot
    }

    /// The finished value; nil when nothing was encoded.
    func take() -> JSON? {
        switch content {
        case .nothing: return nil
        case .value(let value): return value
        case .members(var members):
            for case (.member(let name), let slot) in nested { members[name] = slot.take() ?? .object([:]) }
            return .object(members)
        case .elements(var elements):
            for case (.element(let index), let slot) in nested { elements[index] = slot.take() ?? .object([:]) }
            return .array(elements)
        }
    }
}

/// Marks dictionaries, whose own order is chance.
private protocol Unordered {}
extension Dictionary: Unordered {}

/// Swift's `Encoder` over one slot.
struct ValueEncoder: Encoder {
    let slot: Slot

    var codingPath: [any CodingKey] { slot.trail.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .nothing = slot.content { slot.content = .members([:]) }
        return KeyedEncodingContainer(MemberEncoder<Key>(slot: slot))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .nothing = slot.content { slot.content = .elements([]) }
        return ElementEncoder(slot: slot)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        self
    }

    static func encode<Value: Encodable>(_ value: Value, at trail: @autoclosure () -> Trail) throws -> JSON {
        if Value.self == JSON.self, let json = value as? JSON { return json }
        if Value.self == String.self, let text = value as? String { return .string(text) }
        let slot = Slot(trail())
        try value.encode(to: ValueEncoder(slot: slot))
        guard let json = slot.take() else {
            let context = EncodingError.Context(
                codingPath: slot.trail.codingPath,
                debugDescription: "nothing was encoded"
            )
            throw EncodingError.invalidValue(value, context)
        }
        if value is any Unordered, case .object(var members) = json {
            members.sort { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
            return .object(members)
        }
        return json
    }

    static func decimal(_ number: Double, at trail: @autoclosure () -> Trail) throws -> JSON {
        guard number.isFinite else {
            let context = EncodingError.Context(
                codingPath: trail().codingPath,
                debugDescription: "JSON has no infinite number"
            )
            throw EncodingError.invalidValue(number, context)
        }
        return .decimal(number)
    }

    static func integer(_ number: some FixedWidthInteger, at trail: @autoclosure () -> Trail) throws -> JSON {
        guard let integer = Int64(exactly: number) else {
            let context = EncodingError.Context(
                codingPath: trail().codingPath,
                debugDescription: "the number is too large"
            )
            throw EncodingError.invalidValue(number, context)
        }
        return .integer(integer)
    }
}

extension ValueEncoder: SingleValueEncodingContainer {
    private var trail: Trail { slot.trail }

    mutating func encodeNil() { slot.content = .value(.null) }
    mutating func encode(_ value: Bool) { slot.content = .value(.bool(value)) }
    mutating func encode(_ value: String) { slot.content = .value(.string(value)) }
    mutating func encode(_ value: Double) throws { slot.content = .value(try Self.decimal(value, at: trail)) }
    mutating func encode(_ value: Float) throws { slot.content = .value(try Self.decimal(Double(value), at: trail)) }
    mutating func encode(_ value: Int) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: Int8) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: Int16) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: Int32) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: Int64) { slot.content = .value(.integer(value)) }
    mutating func encode(_ value: UInt) throws { slot.content = .value(try Self.integer(value, at: trail)) }
    mutating func encode(_ value: UInt8) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: UInt16) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: UInt32) { slot.content = .value(.integer(Int64(value))) }
    mutating func encode(_ value: UInt64) throws { slot.content = .value(try Self.integer(value, at: trail)) }
    mutating func encode<Value: Encodable>(_ value: Value) throws {
        slot.content = .value(try Self.encode(value, at: trail))
    }
}
