internal import Yams

/// A value of the file together with its place, so that what is wrong can be named.
struct YAMLField {
    private let node: Node
    private let place: String

    init(_ node: Node, at place: String) {
        self.node = node
        self.place = place
    }

    func problem(_ message: String) -> ConfigurationProblem {
        let variable = SpokeConfiguration.fileVariable
        return ConfigurationProblem(place.isEmpty ? variable : "\(variable): \(place)", message)
    }

    /// The text as it is written, also of what looks like a number: an account's number may begin with 0.
    func text() throws(ConfigurationProblem) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw problem("must be a text") }
        return scalar.string
    }

    func elements() throws(ConfigurationProblem) -> [YAMLField] {
        guard case .sequence(let sequence) = node else { throw problem("must be a list") }
        return sequence.enumerated().map { YAMLField($0.element, at: "\(place)[\($0.offset)]") }
    }

    /// The members by name; one that is not known, or is missing though required, is a problem.
    func members(_ known: [String], required: [String]) throws(ConfigurationProblem) -> [String: YAMLField] {
        guard case .mapping(let mapping) = node else { throw problem("must be a mapping") }
        var members: [String: YAMLField] = [:]
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { throw problem("has a key that is no text") }
            let inner = place.isEmpty ? name.string : "\(place).\(name.string)"
            let field = YAMLField(value, at: inner)
            guard known.contains(name.string) else {
                throw field.problem("is not known; known are \(known.joined(separator: ", "))")
            }
            members[name.string] = field
        }
        for name in required where members[name] == nil {
            throw YAMLField(node, at: place.isEmpty ? name : "\(place).\(name)").problem("is missing")
        }
        return members
    }
}
