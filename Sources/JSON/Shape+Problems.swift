internal import OrderedCollections

extension Shape {
    /// How many problems are told at most: enough for a person, and no answer grows with bad input.
    package static let problemLimit = 100

    /// Everything that is wrong with a value, in the order of the fields; empty when it has this shape.
    ///
    /// - Parameters:
    ///   - value: The value to check.
    ///   - allowsUnknown: Whether objects may have fields that the shape does not know, as answers may.
    /// - Returns: At most `problemLimit` problems.
    package func problems(in value: JSON, allowsUnknown: Bool = false) -> [JSON.Problem] {
        var check = Check(allowsUnknown: allowsUnknown)
        check.check(value, self)
        return check.problems
    }
}

/// Walks a value and a shape side by side.
private struct Check {
    let allowsUnknown: Bool
    private(set) var problems: [JSON.Problem] = []
    private var path: [String] = []

    init(allowsUnknown: Bool) {
        self.allowsUnknown = allowsUnknown
    }

    private var isFull: Bool { problems.count >= Shape.problemLimit }

    private mutating func add(_ message: String) {
        guard !isFull else { return }
        let pointer = path.map { "/" + JSON.Problem.escaped($0) }.joined()
        problems.append(JSON.Problem(pointer: pointer, message: message))
    }

    private mutating func at(_ step: String, _ body: (inout Check) -> Void) {
        guard !isFull else { return }
        path.append(step)
        body(&self)
        path.removeLast()
    }

    private mutating func wrongKind(_ value: JSON, _ expected: String) {
        add("must be \(expected), not \(value.kind)")
    }

    mutating func check(_ value: JSON, _ shape: Shape) {
        switch shape {
        case .text, .choice, .timestamp, .uuid:
            guard let text = value.string else { return wrongKind(value, "a string") }
            for message in shape.messages(about: text) { add(message) }
        case .integer(let range): check(integer: value, in: range)
        case .number: if value.decimal == nil { wrongKind(value, "a number") }
        case .boolean: if value.bool == nil { wrongKind(value, "a boolean") }
        case .array(let element, let count, let unique):
            guard let elements = value.array else { return wrongKind(value, "an array") }
            check(count: elements.count, in: count, of: "elements")
            if unique { checkUnique(elements) }
            for (index, value) in elements.enumerated() where !isFull {
                at(String(index)) { $0.check(value, element) }
            }
        case .map(let key, let content, let count):
            guard let members = value.object else { return wrongKind(value, "an object") }
            check(count: members.count, in: count, of: "members")
            for (name, value) in members where !isFull {
                at(name) { check in
                    for message in key.messages(about: name) { check.add("has a name that \(message)") }
                    check.check(value, content)
                }
            }
        case .object(let name, let fields, let isOpen):
            guard let members = value.object else { return wrongKind(value, "an object") }
            check(members, name: name, fields: fields, isOpen: isOpen)
        case .nullable(let shape): if !value.isNull { check(value, shape) }
        case .named(_, let shape): check(value, shape)
        case .oneOf(let shapes): check(value, oneOf: shapes)
        case .reference, .anything: break
        }
    }

    private mutating func check(integer value: JSON, in range: ClosedRange<Int64>) {
        guard let number = value.integer else { return wrongKind(value, "an integer") }
        guard !range.contains(number) else { return }
        switch (range.lowerBound, range.upperBound) {
        case (.min, let upper): add("is \(number); at most \(upper) is allowed")
        case (let lower, .max): add("is \(number); at least \(lower) is required")
        case (let lower, let upper): add("is \(number); \(lower) to \(upper) are allowed")
        }
    }

    private mutating func check(count: Int, in range: ClosedRange<Int>, of things: String) {
        if count < range.lowerBound { add("has \(count) \(things); at least \(range.lowerBound) are required") }
        if count > range.upperBound { add("has \(count) \(things); at most \(range.upperBound) are allowed") }
    }

    private mutating func checkUnique(_ elements: [JSON]) {
        var first: [JSON: Int] = [:]
        for (index, element) in elements.enumerated() where !isFull {
            if let earlier = first[element] {
                at(String(index)) { $0.add("repeats element \(earlier)") }
            } else {
                first[element] = index
            }
        }
    }

    private mutating func check(
        _ members: OrderedDictionary<String, JSON>,
        name: String?,
        fields: [Shape.Field],
        isOpen: Bool
    ) {
        for field in fields {
            if let value = members[field.name] {
                at(field.name) { $0.check(value, field.shape) }
            } else if field.isRequired {
                at(field.name) { $0.add("is required") }
            }
        }
        guard !isOpen, !allowsUnknown else { return }
        let known = Set(fields.map(\.name))
        let place = name.map { "of \($0)" } ?? "here"
        for member in members.keys where !known.contains(member) && !isFull {
            let names = fields.map(\.name).joined(separator: ", ")
            at(member) { $0.add("is not a field \(place); fields are \(names.isEmpty ? "none" : names)") }
        }
    }

    /// Reports the problems of the shape that fits best, which is the one that was most likely meant.
    private mutating func check(_ value: JSON, oneOf shapes: [Shape]) {
        let results = shapes.map { shape in
            var check = self
            check.problems = []
            check.check(value, shape)
            return check.problems
        }
        guard let best = results.min(by: { $0.count < $1.count }) else { return }
        for problem in best where !isFull { problems.append(problem) }
    }
}
