internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON

/// A success as it goes out, and as it is kept for the same request said again.
struct KeptAnswer: Sendable, Hashable {
    let status: Int
    /// By name, in lower case.
    let headers: [String: String]
    /// Nil for an answer without a body.
    let body: String?

    init(status: Int, headers: [String: String], body: String?) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init<Described: Call>(_ answer: Described.Answer, of call: Described.Type) throws {
        var headers: [String: String] = [:]
        if let location = call.location(of: answer) { headers["location"] = location }
        if let revisioned = answer as? any Revisioned, Self.sendsTag(call.route) {
            headers["etag"] = "\"\(revisioned.revision)\""
        }
        self.init(
            status: call.route.success.rawValue,
            headers: headers,
            body: answer is NoContent ? nil : try Self.text(of: answer)
        )
    }

    private static func text(of answer: some Encodable) throws -> String {
        if let written = answer as? any WrittenJSON { return written.jsonText }
        return try JSON(encoding: answer).text
    }

    private static func sendsTag(_ route: Route) -> Bool {
        switch route.method {
        case .get, .put: true
        case .post: route.success == .created
        case .delete: false
        }
    }
}

extension Response {
    init(_ answer: KeptAnswer) {
        var headers: HTTPFields = [:]
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let status = HTTPResponse.Status(code: answer.status)
        guard let body = answer.body else {
            self.init(status: status, headers: headers)
            return
        }
        self = .json(bytes: Array(body.utf8), status: status, headers: headers)
    }
}
