internal import Contract
internal import Hummingbird
internal import JSON
internal import OrderedCollections

/// Reads a call out of a request: path and query first, then the body, every problem of one part at once.
struct CallReader {
    let parameters: [Parameter]
    let bodyShape: Shape?
    let isBodyOptional: Bool

    init<Described: Call>(_ call: Described.Type) {
        parameters = call.parameters
        bodyShape = call.bodyShape
        isBodyOptional = call.isBodyOptional
    }

    /// The values of the path.
    ///
    /// A part that cannot name anything names nothing: 404, as for every other object that is not there.
    func path(of exchange: Exchange) throws -> OrderedDictionary<String, JSON> {
        var members: OrderedDictionary<String, JSON> = [:]
        for parameter in parameters where parameter.place == .path {
            guard let text = exchange.parameters[parameter.name], let value = parameter.value(of: text),
                parameter.shape.problems(in: value).isEmpty
            else {
                throw Problem(.notFound, "The \(parameter.name) in the path cannot be one.")
            }
            members[parameter.name] = value
        }
        return members
    }

    /// The values of the query.
    ///
    /// - Throws: `Problem` 400 with everything that is wrong with it.
    func query(of request: Request) throws -> OrderedDictionary<String, JSON> {
        let declared = Dictionary(
            parameters.filter { $0.place == .query }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var members: OrderedDictionary<String, JSON> = [:]
        var problems: [JSON.Problem] = []
        func add(_ name: String, _ message: String) {
            if problems.count < Shape.problemLimit {
                problems.append(JSON.Problem(pointer: "/\(JSON.Problem.escaped(name))", message: message))
            }
        }
        for (name, text) in try pairs(of: request) {
            guard let parameter = declared[name] else {
                let known = declared.keys.sorted().joined(separator: ", ")
                add(name, "is not a parameter here; parameters are \(known.isEmpty ? "none" : known)")
                continue
            }
            guard members[name] == nil else {
                add(name, "is given twice")
                continue
            }
            guard let value = parameter.value(of: text) else {
                add(name, parameter.kind == .flag ? "must be true or false" : "must be a whole number")
                continue
            }
            members[name] = value
            for problem in parameter.shape.problems(in: value) { add(name, problem.message) }
        }
        guard problems.isEmpty else { throw Problem.invalid(problems, "The query") }
        return members
    }

    private func pairs(of request: Request) throws -> [(name: String, text: String)] {
        guard let query = request.uri.query, !query.isEmpty else { return [] }
        return try query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0], plusIsSpace: true),
                let text = PercentCoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else {
                throw Problem(.invalidRequest, "The query is not percent-encoded UTF-8.")
            }
            return (name, text)
        }
    }

    /// The body, checked; nil when the call takes none.
    ///
    /// - Throws: `Problem` 413, 415 or 400 with everything that is wrong with it.
    func body(of request: Request) async throws -> JSON? {
        guard let bodyShape else { return nil }
        var given = try await request.json()
        if given == nil, isBodyOptional { given = .object([:]) }
        guard let body = given else {
            throw Problem(
                .invalidRequest,
                "A body is required.",
                errors: [JSON.Problem(pointer: "", message: "is required")]
            )
        }
        let problems = bodyShape.problems(in: body)
        guard problems.isEmpty else { throw Problem.invalid(problems, "The body") }
        return body
    }

    /// The call that path, query and body make.
    ///
    /// - Throws: `Problem` 400 where the type is stricter than its shape, which a test would find.
    func call<Described: Call>(
        _ type: Described.Type,
        _ members: OrderedDictionary<String, JSON>,
        body: JSON?
    ) throws -> Described {
        var members = members
        if let body { members["body"] = body }
        do {
            return try JSON.object(members).decoded(as: type)
        } catch let error as DecodingError {
            throw Problem.invalid([JSON.Problem(decoding: error)], "The request")
        }
    }
}

extension Problem {
    /// Input that breaks the shape of what was asked for.
    static func invalid(_ problems: [JSON.Problem], _ what: String) -> Problem {
        let count = problems.count == 1 ? "one problem" : "\(problems.count) problems"
        let first = problems.first.map { ": \($0)" } ?? ""
        return Problem(.invalidRequest, "\(what) has \(count)\(first).", errors: problems)
    }
}

extension JSON.Problem {
    /// What a decoder found, by its place in the body.
    fileprivate init(decoding error: DecodingError) {
        let (path, message): ([any CodingKey], String) =
            switch error {
            case .typeMismatch(_, let context), .dataCorrupted(let context):
                (context.codingPath, context.debugDescription)
            case .valueNotFound(_, let context): (context.codingPath, "must not be null")
            case .keyNotFound(let key, let context): (context.codingPath + [key], "is required")
            @unknown default: ([], "cannot be read")
            }
        let steps = path.map(\.stringValue)
        let inBody = steps.first == "body" ? Array(steps.dropFirst()) : steps
        self.init(pointer: inBody.map { "/" + JSON.Problem.escaped($0) }.joined(), message: message)
    }
}
