/// Where in a document one stands: what a browser's tokenizer would be in the middle of (HTML standard, section 13.2.5).
///
/// It follows only what the console writes: tags, attributes in double or single quotes, comments, and the elements
/// whose content is no markup. What it does not know it takes for a place where no value may stand.
struct Place: Sendable, Equatable {
    private enum State: Sendable, Equatable {
        case text
        /// After `<`.
        case open
        case tagName(isClosing: Bool)
        /// Inside a tag, between attributes.
        case tag
        case attributeName
        /// After `=`.
        case beforeValue
        case value(quote: UInt8)
        /// Unquoted: allowed in literals, never for values.
        case bareValue
        /// After `<!`: a comment or the document type.
        case declaration
        /// What `<script>`, `<style>` and others hold, until their end tag.
        case raw
    }

    private var state = State.text
    /// Lower case.
    private var tag: [UInt8] = []
    /// The attribute's name, lower case.
    private var attribute: [UInt8] = []
    /// What stands in the attribute before the value; only whether it begins an address counts.
    private var beginning: UInt8?
    /// The element whose content is being read where it is not markup.
    private var rawElement: [UInt8] = []
    /// The last bytes read in such an element, to find its end.
    private var tail: [UInt8] = []

    /// Elements whose content a browser does not read as markup but as something that no escaping makes safe.
    private static let raw: Set<[UInt8]> = Set(
        ["script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext", "noscript"].map { Array($0.utf8) }
    )
    /// Elements that hold text only: values are escaped there, markup would be shown as it is written.
    private static let textOnly: Set<[UInt8]> = Set(["title", "textarea"].map { Array($0.utf8) })
    /// Attributes that are addresses: a value may continue one, never begin it.
    private static let addresses: Set<[UInt8]> = Set(
        [
            "href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "ping", "manifest",
            "background",
        ]
        .map { Array($0.utf8) }
    )
    /// Attributes that are programs or documents of their own.
    private static let never: Set<[UInt8]> = Set(["style", "srcdoc", "srcset", "http-equiv"].map { Array($0.utf8) })

    /// How a text is escaped here; nil where it may not stand.
    var escaping: Escaping? {
        switch state {
        case .text: return .text
        case .value:
            if Self.never.contains(attribute) || attribute.starts(with: "on".utf8) { return nil }
            guard Self.addresses.contains(attribute) else { return .text }
            return beginning.map(Self.beginsAddress) == true ? .addressPart : nil
        case .open, .tagName, .tag, .attributeName, .beforeValue, .bareValue, .declaration, .raw: return nil
        }
    }

    /// Whether a whole address may stand here: at the beginning of an attribute that is one.
    var takesAddress: Bool {
        guard case .value = state else { return false }
        return Self.addresses.contains(attribute) && beginning == nil
    }

    var takesMarkup: Bool { state == .text && !Self.textOnly.contains(tag) }
    /// An attribute begins with a blank, so that it may follow the tag's name or another attribute's.
    var takesAttribute: Bool { state == .tag || state == .attributeName || isNamingOpenTag }
    var isClosed: Bool { state == .text }

    /// For the list of what was left out.
    var name: String {
        switch state {
        case .text: "text of \(String(decoding: tag, as: UTF8.self))"
        case .value: "attribute \(String(decoding: attribute, as: UTF8.self))"
        case .raw: "content of \(String(decoding: rawElement, as: UTF8.self))"
        case .declaration: "comment"
        case .open, .tagName, .tag, .attributeName: "tag \(String(decoding: tag, as: UTF8.self))"
        case .beforeValue, .bareValue: "unquoted attribute \(String(decoding: attribute, as: UTF8.self))"
        }
    }

    private var isNamingOpenTag: Bool {
        if case .tagName(isClosing: false) = state { return !tag.isEmpty }
        return false
    }

    private static func beginsAddress(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// A value was written: in an attribute it counts as its beginning.
    mutating func readValue() {
        if beginning == nil { beginning = UInt8(ascii: "/") }
    }

    mutating func read(_ byte: UInt8) {
        switch state {
        case .text: if byte == UInt8(ascii: "<") { state = .open }
        case .open: readOpen(byte)
        case .tagName(let isClosing): readTagName(byte, isClosing)
        case .tag: readTag(byte)
        case .attributeName: readAttributeName(byte)
        case .beforeValue: readBeforeValue(byte)
        case .value(let quote):
            if byte == quote { state = .tag } else if beginning == nil { beginning = byte }
        case .bareValue:
            if byte == UInt8(ascii: ">") { endTag() } else if Self.isBlank(byte) { state = .tag }
        case .declaration: readDeclaration(byte)
        case .raw: readRaw(byte)
        }
    }

    private mutating func readOpen(_ byte: UInt8) {
        tag = []
        switch byte {
        case UInt8(ascii: "/"): state = .tagName(isClosing: true)
        case UInt8(ascii: "!"):
            state = .declaration
            tail = []
        default:
            state = .tagName(isClosing: false)
            readTagName(byte, false)
        }
    }

    private mutating func readTagName(_ byte: UInt8, _ isClosing: Bool) {
        if byte == UInt8(ascii: ">") {
            if isClosing { tag = [] }
            endTag()
        } else if Self.isBlank(byte) || byte == UInt8(ascii: "/") {
            state = .tag
        } else {
            tag.append(Self.lower(byte))
        }
    }

    private mutating func readTag(_ byte: UInt8) {
        if byte == UInt8(ascii: ">") {
            endTag()
        } else if !Self.isBlank(byte), byte != UInt8(ascii: "/") {
            attribute = [Self.lower(byte)]
            state = .attributeName
        }
    }

    private mutating func readAttributeName(_ byte: UInt8) {
        if byte == UInt8(ascii: "=") {
            state = .beforeValue
            beginning = nil
        } else if byte == UInt8(ascii: ">") {
            endTag()
        } else if Self.isBlank(byte) {
            state = .tag
        } else {
            attribute.append(Self.lower(byte))
        }
    }

    private mutating func readBeforeValue(_ byte: UInt8) {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            state = .value(quote: byte)
        } else if byte == UInt8(ascii: ">") {
            endTag()
        } else if !Self.isBlank(byte) {
            state = .bareValue
        }
    }

    private mutating func readDeclaration(_ byte: UInt8) {
        tail.append(byte)
        guard byte == UInt8(ascii: ">") else { return }
        let isComment = tail.starts(with: "--".utf8)
        if !isComment || tail.suffix(3).elementsEqual("-->".utf8) { state = .text }
    }

    private mutating func readRaw(_ byte: UInt8) {
        tail.append(Self.lower(byte))
        let end = Array("</".utf8) + rawElement
        if tail.count > end.count { tail.removeFirst(tail.count - end.count) }
        guard tail == end else { return }
        tag = []
        state = .tag
    }

    private mutating func endTag() {
        if Self.raw.contains(tag) {
            rawElement = tag
            tail = []
            state = .raw
        } else {
            state = .text
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
}
