internal import JSON
internal import OrderedCollections
internal import Yams

/// Reads YAML into JSON: the subset that a world file needs, strictly.
enum YAMLText {
    /// - Throws: a problem with line and column for text that is not YAML or has a key twice, with the path for a key that is no text.
    static func json(of text: String) throws(FieldProblem) -> JSON {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch {
            throw FieldProblem(path: "", message: "the world file is not YAML: \(error)")
        }
        guard let node else { return .object([:]) }
        return try json(of: node, at: "")
    }

    private static func json(of node: Node, at path: String) throws(FieldProblem) -> JSON {
        switch node {
        case .scalar(let scalar): return json(of: scalar, node)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for (index, element) in sequence.enumerated() {
                elements.append(try json(of: element, at: "\(path)[\(index)]"))
            }
            return .array(elements)
        case .mapping(let mapping):
            var members: OrderedDictionary<String, JSON> = [:]
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw FieldProblem(path: path, message: "a key must be a text")
                }
                let place = Fields.join(path, name)
                members[name] = try json(of: value, at: place)
            }
            return .object(members)
        case .alias:
            throw FieldProblem(path: path, message: "an alias must follow its anchor")
        }
    }

    /// Only plain scalars are numbers, booleans or null; whatever is in quotes is a text.
    private static func json(of scalar: Node.Scalar, _ node: Node) -> JSON {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null" { return .null }
        if let number = Int64(scalar.string) { return .integer(number) }
        if let number = Double(scalar.string), number.isFinite { return .decimal(number) }
        if scalar.string == "true" || scalar.string == "false" { return .bool(scalar.string == "true") }
        return .string(scalar.string)
    }
}
