internal import OrderedCollections

extension JSON {
    /// Decodes a value from this one.
    ///
    /// An integer may be written as a decimal without fraction (`3.0`); nothing else is converted.
    ///
    /// - Throws: `DecodingError` with the path of the first member that does not fit.
    package func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try ValueDecoder(value: self, trail: .root).unwrap(type)
    }
}

/// One JSON value seen through Swift's `Decoder`.
struct ValueDecoder: Decoder {
    let value: JSON
    let trail: Trail

    var codingPath: [any CodingKey] { trail.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch([String: JSON].self, "an object") }
        return KeyedDecodingContainer(MemberDecoder<Key>(members: members, trail: trail))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch([JSON].self, "an array") }
        return ElementDecoder(elements: elements, trail: trail)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        self
    }

    /// Decodes any type; JSON itself is taken as it is.
    func unwrap<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == JSON.self, let json = value as? Value { return json }
        return try Value(from: self)
    }

    func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: "\(expected) is expected")
        return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard let integer = value.integer else { throw mismatch(type, "an integer") }
        guard let number = Number(exactly: integer) else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "the number is out of range")
            throw DecodingError.dataCorrupted(context)
        }
        return number
    }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool {
        value.isNull
    }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard let flag = value.bool else { throw mismatch(type, "a boolean") }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        guard let text = value.string else { throw mismatch(type, "a string") }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard let number = value.decimal else { throw mismatch(type, "a number") }
        return number
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try number(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try number(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try number(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try number(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try number(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try number(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try number(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try number(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try number(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try number(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try unwrap(type) }
}

/// The members of an object.
struct MemberDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: OrderedDictionary<String, JSON>
    let trail: Trail

    var codingPath: [any CodingKey] { trail.codingPath }
    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool {
        members[key.stringValue] != nil
    }

    private func decoder(_ key: some CodingKey) throws -> ValueDecoder {
        guard let value = members[key.stringValue] else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "the member is missing")
            throw DecodingError.keyNotFound(key, context)
        }
        return ValueDecoder(value: value, trail: .step(trail, key))
    }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).number(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder(key).number(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder(key).number(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder(key).number(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder(key).number(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder(key).number(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder(key).number(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder(key).number(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder(key).number(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder(key).number(type) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(key).unwrap(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(NameKey("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}

/// The elements of an array, one after another.
struct ElementDecoder: UnkeyedDecodingContainer {
    let elements: [JSON]
    let trail: Trail
    private(set) var currentIndex = 0

    init(elements: [JSON], trail: Trail) {
        self.elements = elements
        self.trail = trail
    }

    var codingPath: [any CodingKey] { trail.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    /// Reads the next element and steps on only once that succeeded, as the protocol asks.
    private mutating func next<Value>(_ read: (ValueDecoder) throws -> Value) throws -> Value {
        guard !isAtEnd else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "the array has no more")
            throw DecodingError.valueNotFound(Value.self, context)
        }
        let decoder = ValueDecoder(value: elements[currentIndex], trail: .step(trail, IndexKey(currentIndex)))
        let value = try read(decoder)
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try next { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.decode(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.number(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.number(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.number(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.number(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.number(type) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try $0.unwrap(type) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next { $0 } }
}
