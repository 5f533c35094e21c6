package import Foundation

/// A UUID that says what it identifies: the identifier of a plan cannot be passed for one of a group.
package struct Identifier<Subject>: Sendable, Hashable, Comparable {
    package let uuid: UUID

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.uuid < right.uuid
    }
}

extension Identifier: CustomStringConvertible, LosslessStringConvertible, Codable {
    /// The lower-case text of RFC 9562.
    package var description: String {
        uuid.uuidString.lowercased()
    }

    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let uuid = UUID(uuidString: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID")
        }
        self.uuid = uuid
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Identifier {
    /// A UUID of version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then chance, so that it sorts by time.
    package init(at instant: Instant, by chance: some Chance) {
        let (time, random) = (UInt64(bitPattern: instant.milliseconds), chance.bytes(10))
        func byte(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: time >> shift) }
        uuid = UUID(
            uuid: (
                byte(40), byte(32), byte(24), byte(16), byte(8), byte(0),
                0x70 | (random[0] & 0x0F), random[1], 0x80 | (random[2] & 0x3F), random[3],
                random[4], random[5], random[6], random[7], random[8], random[9]
            )
        )
    }
}
