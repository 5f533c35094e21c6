internal import JSON
internal import OrderedCollections

/// One page of a list: where it begins, how many items it has, and the token of the next.
///
/// A token is opaque, and good only for the operation and place that gave it.
struct Page {
    /// Where to go on; its meaning is the list's own.
    let position: Int?
    let size: Int
    private let scope: String

    /// Reads `maxResults` and `nextToken`.
    init(of call: Call, settings: World.Settings) throws(Refusal) {
        let input = Members(call.json)
        let size = try input.integer("maxResults") ?? settings.pageSize
        guard size >= 1 else { throw .validation("maxResults must be at least 1.") }
        self.size = min(size, settings.pageLimit)
        scope = "\(call.action)@\(call.place)"
        guard let token = try input.string("nextToken"), !token.isEmpty else {
            position = nil
            return
        }
        guard let position = Self.position(in: token, scope: scope) else {
            throw .validation("nextToken is not valid.")
        }
        self.position = position
    }

    func token(at position: Int) -> JSON {
        .string("\(Self.seal(position, scope))\(String(position, radix: 16))")
    }

    /// A page of a list whose positions are offsets.
    func items(of all: some RandomAccessCollection<JSON>) -> (items: [JSON], next: JSON?) {
        let start = min(position ?? 0, all.count)
        let items = all.dropFirst(start).prefix(size)
        let next = start + items.count
        return (Array(items), next < all.count ? token(at: next) : nil)
    }

    private static func position(in token: String, scope: String) -> Int? {
        guard token.utf8.count > 16, token.utf8.count <= 32, let position = Int(token.dropFirst(16), radix: 16),
            position >= 0, token.prefix(16) == seal(position, scope)
        else { return nil }
        return position
    }

    private static func seal(_ position: Int, _ scope: String) -> String {
        let digits = String(Naming.hash("\(scope)#\(position)"), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// The members of a JSON body, read as strictly as DRS reads them: unknown ones are ignored, wrong types refused.
struct Members {
    private let json: JSON
    private let path: String

    init(_ json: JSON, path: String = "") {
        self.json = json
        self.path = path
    }

    func string(_ name: String) throws(Refusal) -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.string else { throw wrong(name, "a string") }
        return text
    }

    func integer(_ name: String) throws(Refusal) -> Int? {
        guard let value = present(name) else { return nil }
        guard let number = value.integer else { throw wrong(name, "an integer") }
        return Int(number)
    }

    func bool(_ name: String) throws(Refusal) -> Bool? {
        guard let value = present(name) else { return nil }
        guard let flag = value.bool else { throw wrong(name, "a boolean") }
        return flag
    }

    func strings(_ name: String) throws(Refusal) -> [String]? {
        guard let value = present(name) else { return nil }
        guard let array = value.array else { throw wrong(name, "a list") }
        var strings: [String] = []
        for element in array {
            guard let text = element.string else { throw wrong(name, "a list of strings") }
            strings.append(text)
        }
        return strings
    }

    func objects(_ name: String) throws(Refusal) -> [Members]? {
        guard let value = present(name) else { return nil }
        guard let array = value.array, array.allSatisfy({ $0.object != nil }) else {
            throw wrong(name, "a list of objects")
        }
        return array.map { Members($0, path: path + name + ".") }
    }

    func object(_ name: String) throws(Refusal) -> Members? {
        guard let value = present(name) else { return nil }
        guard value.object != nil else { throw wrong(name, "an object") }
        return Members(value, path: path + name + ".")
    }

    /// A map of texts, as tags are.
    func texts(_ name: String) throws(Refusal) -> [String: String]? {
        guard let value = present(name) else { return nil }
        guard let members = value.object else { throw wrong(name, "a map") }
        var texts: [String: String] = [:]
        for (key, value) in members {
            guard let text = value.string else { throw wrong(name, "a map of strings") }
            texts[key] = text
        }
        return texts
    }

    /// A string that must be there, in the form of an identifier: the prefix and 17 letters or digits.
    func identifier(_ name: String, prefix: String) throws(Refusal) -> String {
        guard let text = try string(name) else { throw .validation("\(path)\(name) is required.") }
        try Self.check(text, prefix: prefix, path + name)
        return text
    }

    static func check(_ text: String, prefix: String, _ name: String) throws(Refusal) {
        let rest = text.dropFirst(prefix.count + 1).utf8
        let isWordy = rest.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
        guard text.hasPrefix(prefix + "-"), rest.count == 17, isWordy else {
            throw .validation("Value '\(text.prefix(64))' at '\(name)' must match \(prefix)-[0-9a-zA-Z]{17}.")
        }
    }

    private func present(_ name: String) -> JSON? {
        json[name].flatMap { $0.isNull ? nil : $0 }
    }

    private func wrong(_ name: String, _ kind: String) -> Refusal {
        Refusal(400, "SerializationException", "\(path)\(name) must be \(kind).")
    }
}
