/// The way from the root to a value, one step a link, so that going deeper copies nothing.
indirect enum Trail: Sendable {
    case root
    case step(Trail, any CodingKey)

    var codingPath: [any CodingKey] {
        switch self {
        case .root: []
        case .step(let trail, let key): trail.codingPath + [key]
        }
    }
}

/// The index of an array element as a key.
struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) {
        self.index = index
    }

    init?(intValue: Int) {
        index = intValue
    }

    init?(stringValue: String) {
        guard let index = Int(stringValue) else { return nil }
        self.index = index
    }

    var intValue: Int? { index }
    var stringValue: String { String(index) }
}

/// A member name as a key.
struct NameKey: CodingKey {
    let stringValue: String

    init(_ name: String) {
        stringValue = name
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        stringValue = String(intValue)
    }

    var intValue: Int? { nil }
}
