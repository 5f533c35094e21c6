/// An element of XML with text or with elements in it, as the query protocol's answers are made.
package indirect enum XML: Sendable, Hashable {
    case element(String, [XML])
    case text(String, String)

    /// `<name>text</name>` where there is a text, nothing otherwise.
    static func optional(_ name: String, _ text: String?) -> [XML] {
        text.map { [.text(name, $0)] } ?? []
    }

    /// A list in EC2's and IAM's manner: an element for the list, one for each item.
    static func list(_ name: String, of item: String = "item", _ items: [[XML]]) -> XML {
        .element(name, items.map { .element(item, $0) })
    }

    /// A whole document with its namespace on the root.
    func document(namespace: String) -> [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write(into: &text, attributes: " xmlns=\"\(namespace)\"")
        return Array(text.utf8)
    }

    private func write(into text: inout String, attributes: String = "") {
        switch self {
        case .element(let name, let children):
            text += "<\(name)\(attributes)>"
            for child in children { child.write(into: &text) }
            text += "</\(name)>"
        case .text(let name, let value):
            text += "<\(name)\(attributes)>\(Self.escaped(value))</\(name)>"
        }
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\n", "\t", "\r": text += "&#\(scalar.value);"
            case _ where scalar.value < 0x20: text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
