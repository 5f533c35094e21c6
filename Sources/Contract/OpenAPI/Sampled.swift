internal import Ambient
internal import JSON
internal import Recovery

/// A type that says itself what it looks like in JSON, where its structure cannot tell.
protocol Sampled {
    static var sample: Self { get }
    static var sampleSchema: JSON { get }
}

extension String: Sampled {
    static var sample: String { "" }
    static var sampleSchema: JSON { ["type": "string"] }
}

extension Int: Sampled {
    static var sample: Int { 0 }
    static var sampleSchema: JSON { ["type": "integer", "format": "int64"] }
}

extension Double: Sampled {
    static var sample: Double { 0 }
    static var sampleSchema: JSON { ["type": "number", "format": "double"] }
}

extension Bool: Sampled {
    static var sample: Bool { false }
    static var sampleSchema: JSON { ["type": "boolean"] }
}

extension Instant: Sampled {
    static var sample: Instant { Instant(milliseconds: 0) }
    static var sampleSchema: JSON { ["type": "string", "format": "date-time"] }
}

extension Identifier: Sampled {
    static var sample: Identifier {
        guard let sample = Identifier("00000000-0000-7000-8000-000000000000") else {
            preconditionFailure("the sample of an identifier is a UUID")
        }
        return sample
    }

    static var sampleSchema: JSON { ["type": "string", "format": "uuid"] }
}

extension Sampled where Self: Label {
    static var sampleSchema: JSON { ["type": "string", "pattern": .string(pattern)] }

    fileprivate static func valid(_ text: String) -> Self {
        guard let label = Self(rawValue: text) else { preconditionFailure("\(text) is not \(rule)") }
        return label
    }
}

extension AccountNumber: Sampled {
    static var sample: AccountNumber { valid("111122223333") }
}

extension Region: Sampled {
    static var sample: Region { valid("eu-west-1") }
}

extension SourceServerID: Sampled {
    static var sample: SourceServerID { valid("s-0123456789abcdef0") }
}

extension RecoverySnapshotID: Sampled {
    static var sample: RecoverySnapshotID { valid("pit-0123456789abcdef0") }
}

extension [String: String]: Sampled {
    static var sample: [String: String] { [:] }
    static var sampleSchema: JSON { ["type": "object", "additionalProperties": ["type": "string"]] }
}
