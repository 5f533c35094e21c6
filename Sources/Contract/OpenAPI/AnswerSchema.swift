internal import JSON
internal import OrderedCollections

/// Learns the schema of an answer from its type: it lets the type decode itself and writes down what it asks for.
///
/// So the description cannot differ from what is encoded and decoded. What is always there (also as null) is told from a
/// second value, decoded from nothing but what is required, by how it encodes itself.
struct AnswerSchema {
    /// The named schemas met so far.
    private(set) var components: OrderedDictionary<String, JSON> = [:]

    /// The schema of a type: a reference to a component where the type is an object.
    mutating func schema<Value: Decodable>(of type: Value.Type) throws -> JSON {
        if let sampled = type as? any Sampled.Type { return sampled.sampleSchema }
        if let labels = type as? any (CaseIterable & RawRepresentable<String>).Type {
            return Self.schema(ofLabels: labels)
        }
        let full = Probe(isFull: true)
        _ = try Value(from: full)
        switch full.found {
        case .array(let element):
            return ["type": "array", "items": try schema(of: element)]
        case .object(let members):
            let name = Self.name(of: type)
            guard components[name] == nil else { return Self.reference(name) }
            // Stands for itself while its members are looked at.
            components[name] = [:]
            components[name] = try object(members, alwaysThere: Self.alwaysThere(type))
            return Self.reference(name)
        case nil:
            preconditionFailure("\(type) does not say what it looks like")
        }
    }

    private mutating func object(_ members: [Probe.Member], alwaysThere: Set<String>) throws -> JSON {
        var properties: OrderedDictionary<String, JSON> = [:]
        for member in members {
            let schema = try schema(of: member.type)
            properties[member.name] = member.isOptional ? Self.nullable(schema) : schema
        }
        let required = members.map(\.name).filter(alwaysThere.contains)
        return [
            "type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) }),
        ]
    }

    /// The members that a value has which was made of nothing but what it requires.
    private static func alwaysThere<Value: Decodable>(_ type: Value.Type) throws -> Set<String> {
        guard let value = try Value(from: Probe(isFull: false)) as? any Encodable else { return [] }
        return Set((try JSON(encoding: value).object ?? [:]).keys)
    }

    private static func schema<Labels: CaseIterable & RawRepresentable>(ofLabels type: Labels.Type) -> JSON
    where Labels.RawValue == String {
        ["type": "string", "enum": .array(type.allCases.map { .string($0.rawValue) })]
    }

    private static func nullable(_ schema: JSON) -> JSON {
        guard var members = schema.object, let type = members["type"]?.string else {
            return ["anyOf": [schema, ["type": "null"]]]
        }
        members["type"] = [.string(type), "null"]
        if let labels = members["enum"]?.array { members["enum"] = .array(labels + [.null]) }
        return .object(members)
    }

    private static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// `ExecutionView.Counts` is `ExecutionViewCounts`, `Page<SpokeView>` is `PageOfSpokeView`.
    private static func name(of type: Any.Type) -> String {
        String(reflecting: type).replacing(/[A-Za-z]+\./) { match in
            // The module's name goes, the outer type's stays.
            modules.contains(String(match.output.dropLast())) ? "" : String(match.output.dropLast())
        }
        .replacing("<", with: "Of").replacing(">", with: "")
    }

    private static let modules: Set = ["Contract", "Recovery", "Reporting", "Ambient"]
}
