/// Writes the members of an object.
struct MemberEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot

    var codingPath: [any CodingKey] { slot.trail.codingPath }

    private func trail(_ key: Key) -> Trail { .step(slot.trail, key) }

    private func integer(_ number: some FixedWidthInteger, _ key: Key) throws {
        slot.set(try ValueEncoder.integer(number, at: trail(key)), forName: key.stringValue)
    }

    mutating func encodeNil(forKey key: Key) { slot.set(.null, forName: key.stringValue) }
    mutating func encode(_ value: Bool, forKey key: Key) { slot.set(.bool(value), forName: key.stringValue) }
    mutating func encode(_ value: String, forKey key: Key) { slot.set(.string(value), forName: key.stringValue) }
    mutating func encode(_ value: Double, forKey key: Key) throws {
        slot.set(try ValueEncoder.decimal(value, at: trail(key)), forName: key.stringValue)
    }

    mutating func encode(_ value: Float, forKey key: Key) throws { try encode(Double(value), forKey: key) }
    mutating func encode(_ value: Int, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: Int64, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { try integer(value, key) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { try integer(value, key) }
    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        slot.set(try ValueEncoder.encode(value, at: trail(key)), forName: key.stringValue)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        ValueEncoder(slot: slot.nest(key)).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ValueEncoder(slot: slot.nest(key)).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { ValueEncoder(slot: slot.nest(NameKey("super"))) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { ValueEncoder(slot: slot.nest(key)) }
}

/// Writes the elements of an array.
struct ElementEncoder: UnkeyedEncodingContainer {
    let slot: Slot

    var codingPath: [any CodingKey] { slot.trail.codingPath }
    var count: Int { slot.count }

    private var trail: Trail { .step(slot.trail, IndexKey(count)) }

    private func integer(_ number: some FixedWidthInteger) throws {
        slot.append(try ValueEncoder.integer(number, at: trail))
    }

    mutating func encodeNil() { slot.append(.null) }
    mutating func encode(_ value: Bool) { slot.append(.bool(value)) }
    mutating func encode(_ value: String) { slot.append(.string(value)) }
    mutating func encode(_ value: Double) throws { slot.append(try ValueEncoder.decimal(value, at: trail)) }
    mutating func encode(_ value: Float) throws { try encode(Double(value)) }
    mutating func encode(_ value: Int) throws { try integer(value) }
    mutating func encode(_ value: Int8) throws { try integer(value) }
    mutating func encode(_ value: Int16) throws { try integer(value) }
    mutating func encode(_ value: Int32) throws { try integer(value) }
    mutating func encode(_ value: Int64) throws { try integer(value) }
    mutating func encode(_ value: UInt) throws { try integer(value) }
    mutating func encode(_ value: UInt8) throws { try integer(value) }
    mutating func encode(_ value: UInt16) throws { try integer(value) }
    mutating func encode(_ value: UInt32) throws { try integer(value) }
    mutating func encode(_ value: UInt64) throws { try integer(value) }
    mutating func encode<Value: Encodable>(_ value: Value) throws {
        slot.append(try ValueEncoder.encode(value, at: trail))
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        ValueEncoder(slot: slot.nest()).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ValueEncoder(slot: slot.nest()).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { ValueEncoder(slot: slot.nest()) }
}
