internal import Ambient
internal import JSON
internal import OrderedCollections

/// Something in a world file or a control call that is not as it must be.
package struct FieldProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, as `accounts[0].regions.us-east-1.servers[2].count`.
    package let path: String
    package let message: String

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// The members of an object, read strictly: what is unknown, of the wrong type or out of range is a problem with a path.
struct Fields {
    let path: String
    private let members: OrderedDictionary<String, JSON>

    /// - Throws: when the value is no object or has a member that is not known.
    init(_ json: JSON, at path: String, known: [String]) throws(FieldProblem) {
        guard let members = json.object else {
            throw FieldProblem(path: path, message: "must be an object, not \(json.kind)")
        }
        if let stranger = members.keys.first(where: { !known.contains($0) }) {
            throw FieldProblem(
                path: Self.join(path, stranger),
                message: "is not known; known are \(known.joined(separator: ", "))"
            )
        }
        self.path = path
        self.members = members
    }

    /// The value of a member; nil when it is left out or null.
    func value(_ name: String) -> JSON? {
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    /// Says whether the member is there, be it null.
    func has(_ name: String) -> Bool { members[name] != nil }

    func text(_ name: String) throws(FieldProblem) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw wrong(name, "must be a text (in quotes), not \(value.kind)") }
        return text
    }

    func requiredText(_ name: String) throws(FieldProblem) -> String {
        guard let text = try text(name), !text.isEmpty else { throw wrong(name, "is required") }
        return text
    }

    func whole(_ name: String, in range: ClosedRange<Int>) throws(FieldProblem) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer, range.contains(Int(number)) else {
            throw wrong(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(FieldProblem) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.decimal, range.contains(number) else {
            throw wrong(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A time in seconds, with its fraction.
    func seconds(_ name: String, upTo limit: Double = 31_536_000) throws(FieldProblem) -> Duration? {
        try number(name, in: 0...limit).map { .milliseconds(Int64(($0 * 1000).rounded())) }
    }

    func flag(_ name: String) throws(FieldProblem) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw wrong(name, "must be true or false") }
        return flag
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of type: Choice.Type = Choice.self
    ) throws(FieldProblem) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw wrong(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func texts(_ name: String) throws(FieldProblem) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let array = value.array else { throw wrong(name, "must be a list") }
        var texts: [String] = []
        for (index, element) in array.enumerated() {
            guard let text = element.string else { throw wrong("\(name)[\(index)]", "must be a text (in quotes)") }
            texts.append(text)
        }
        return texts
    }

    /// A map of texts, as tags are.
    func map(_ name: String) throws(FieldProblem) -> [String: String]? {
        var map: [String: String] = [:]
        guard let entries = try entries(name) else { return nil }
        for (key, value, path) in entries {
            guard let text = value.string else { throw FieldProblem(path: path, message: "must be a text (in quotes)") }
            map[key] = text
        }
        return map
    }

    /// The elements of a list, each with its path; none when it is left out.
    func elements(_ name: String) throws(FieldProblem) -> [(value: JSON, path: String)] {
        guard let value = value(name) else { return [] }
        guard let array = value.array else { throw wrong(name, "must be a list, not \(value.kind)") }
        return array.enumerated().map { ($1, "\(Self.join(path, name))[\($0)]") }
    }

    /// The members of an object, each with its path.
    func entries(_ name: String) throws(FieldProblem) -> [(key: String, value: JSON, path: String)]? {
        guard let value = value(name) else { return nil }
        guard let object = value.object else { throw wrong(name, "must be an object, not \(value.kind)") }
        return object.map { ($0, $1, Self.join(Self.join(path, name), $0)) }
    }

    func wrong(_ name: String, _ message: String) -> FieldProblem {
        FieldProblem(path: Self.join(path, name), message: message)
    }

    static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
