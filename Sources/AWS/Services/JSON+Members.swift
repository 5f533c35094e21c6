internal import JSON
internal import OrderedCollections

extension JSON {
    /// Sets a member of an object; anything else becomes an object with this member alone.
    mutating func set(_ name: String, to value: JSON) {
        var members = object ?? [:]
        members[name] = value
        self = .object(members)
    }

    /// An object of texts, in the order of their names, so that the same tags are always the same bytes.
    init(texts: [String: String]) {
        self = [:]
        for (name, value) in texts.sorted(by: { $0.key < $1.key }) { set(name, to: .string(value)) }
    }
}
