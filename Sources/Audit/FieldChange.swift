package import JSON
internal import OpenSSL
internal import OrderedCollections

/// One field that a change gave another value.
package struct FieldChange: Sendable, Hashable {
    package var field: String
    /// Null where the field was not there.
    package var before: JSON
    package var after: JSON

    package init(_ field: String, before: JSON, after: JSON) {
        self.field = field
        self.before = before
        self.after = after
    }

    /// Bytes of a value that the audit keeps as it is; of a longer one, such as the waves of a large plan, it keeps the
    /// digest and the length, by which the stored version of the object is told to be the one.
    package static let longestValue = 4096

    /// What differs between an object as it was and as it is; nil: it was not, or is no more.
    package static func between(_ before: JSON?, _ after: JSON?) -> [FieldChange] {
        let (old, new) = (before?.object ?? [:], after?.object ?? [:])
        let names = Array(old.keys) + new.keys.filter { old[$0] == nil }
        return names.compactMap { name in
            let (was, becomes) = (old[name] ?? .null, new[name] ?? .null)
            return was == becomes ? nil : FieldChange(name, before: short(was), after: short(becomes))
        }
    }

    private static func short(_ value: JSON) -> JSON {
        let bytes = value.canonicalBytes
        guard bytes.count > longestValue else { return value }
        return ["bytes": .integer(Int64(bytes.count)), "sha256": .string(Hex.encode(SHA256.digest(bytes)))]
    }
}
