/// A decoder that has no data: it notes what a type asks for and answers samples.
final class Probe: Decoder {
    struct Member {
        let name: String
        let type: any Decodable.Type
        let isOptional: Bool
    }

    enum Found {
        case object([Member])
        case array(any Decodable.Type)
    }

    /// Whether optional members are said to be there.
    let isFull: Bool
    fileprivate(set) var found: Found?
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(isFull: Bool) {
        self.isFull = isFull
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        if found == nil { found = .object([]) }
        return KeyedDecodingContainer(ProbeMembers<Key>(probe: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        ProbeElements(probe: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        ProbeValue(probe: self)
    }

    fileprivate func note(_ name: String, _ type: any Decodable.Type, isOptional: Bool) {
        guard case .object(var members) = found else { return }
        members.append(Member(name: name, type: type, isOptional: isOptional))
        found = .object(members)
    }

    /// A value of the type: its sample, its first label, or one that is made in the same way.
    func sample<Value: Decodable>(of type: Value.Type) throws -> Value {
        if let sampled = type as? any Sampled.Type, let sample = sampled.sample as? Value { return sample }
        if let labels = type as? any CaseIterable.Type, let first = Self.first(of: labels) as? Value { return first }
        return try Value(from: Probe(isFull: isFull))
    }

    private static func first<Labels: CaseIterable>(of type: Labels.Type) -> Any? {
        type.allCases.first
    }
}

/// What answers for the members of an object.
private struct ProbeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let probe: Probe
    /// Only what decodes an optional member asks whether it is there.
    private let asked = Asked()
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []

    private final class Asked {
        var names: Set<String> = []
    }

    init(probe: Probe) {
        self.probe = probe
    }

    func contains(_ key: Key) -> Bool {
        asked.names.insert(key.stringValue)
        return probe.isFull
    }

    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        probe.note(key.stringValue, type, isOptional: asked.names.contains(key.stringValue))
        return try probe.sample(of: type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw Unprobed() }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Unprobed() }
    func superDecoder() throws -> any Decoder { throw Unprobed() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Unprobed() }
}

/// What answers for an array: one element, so that its type is seen.
private struct ProbeElements: UnkeyedDecodingContainer {
    let probe: Probe
    let codingPath: [any CodingKey] = []
    let count: Int? = 1
    private(set) var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(probe: Probe) {
        self.probe = probe
    }

    mutating func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        probe.found = .array(type)
        return try probe.sample(of: type)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw Unprobed() }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unprobed() }
    mutating func superDecoder() throws -> any Decoder { throw Unprobed() }
}

private struct ProbeValue: SingleValueDecodingContainer {
    let probe: Probe
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try probe.sample(of: type)
    }
}

/// A type of the contract decodes itself in a way that the probe does not know.
private struct Unprobed: Error {}
