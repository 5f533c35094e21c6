package import JSON
internal import OrderedCollections

extension JSON {
    /// The value over many lines, for files that people compare.
    package var indentedText: String {
        indented("")
    }

    private func indented(_ margin: String) -> String {
        let inner = margin + "  "
        switch self {
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { inner + $0.indented(inner) }.joined(separator: ",\n") + "\n\(margin)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(inner)\(JSON.string($0.key).text): \($0.value.indented(inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
        case .null, .bool, .integer, .decimal, .string, .array, .object:
            return text
        }
    }
}
