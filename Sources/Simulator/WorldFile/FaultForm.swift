internal import Ambient
internal import JSON
internal import OrderedCollections

/// A fault rule in a world file or a control call.
enum FaultForm {
    /// The actions by name.
    private enum Name: String, CaseIterable {
        case dropAnswer = "DROP_ANSWER"
        case dropRequest = "DROP_REQUEST"
        case delay = "DELAY"
        case error = "ERROR"
        case throttle = "THROTTLE"
        case truncate = "TRUNCATE"
    }

    static func read(_ value: JSON, at path: String) throws(FieldProblem) -> FaultRule {
        let fields = try Fields(
            value,
            at: path,
            known: [
                "action", "service", "operation", "account", "region", "skip", "count", "probability", "milliseconds",
                "status", "code", "message", "retryAfterSeconds",
            ]
        )
        guard let name = try fields.choice("action", of: Name.self) else { throw fields.wrong("action", "is required") }
        var rule = FaultRule(try action(name, fields))
        rule.service = try fields.choice("service", of: Service.self)?.rawValue
        rule.operation = try fields.text("operation")
        if let operation = rule.operation, !World.offered.values.contains(where: { $0.contains(operation) }) {
            throw fields.wrong("operation", "is not an operation that the simulator offers")
        }
        rule.account = try fields.text("account")
        rule.region = try fields.text("region")
        rule.skip = try fields.whole("skip", in: 0...1_000_000_000) ?? 0
        rule.count = try fields.whole("count", in: 1...1_000_000_000)
        rule.probability = try fields.number("probability", in: 0...1) ?? 1
        return rule
    }

    private static func action(_ name: Name, _ fields: Fields) throws(FieldProblem) -> FaultRule.Action {
        switch name {
        case .dropAnswer: return .dropAnswer
        case .dropRequest: return .dropRequest
        case .truncate: return .truncate
        case .delay:
            guard let milliseconds = try fields.whole("milliseconds", in: 1...3_600_000) else {
                throw fields.wrong("milliseconds", "is required")
            }
            return .delay(.milliseconds(milliseconds))
        case .throttle: return .throttle(retryAfter: try fields.whole("retryAfterSeconds", in: 0...3600) ?? 1)
        case .error:
            let status = try fields.whole("status", in: 400...599) ?? 500
            let code = try fields.text("code") ?? (status < 500 ? "ValidationException" : "InternalServerException")
            return .refuse(
                status: status,
                code: code,
                message: try fields.text("message") ?? "A fault of the simulator."
            )
        }
    }

    static func render(_ entry: FaultBook.Entry) -> JSON {
        var answer: OrderedDictionary<String, JSON> = [
            "id": .integer(Int64(entry.id)), "action": .string(name(of: entry.rule.action).rawValue),
            "seen": .integer(Int64(entry.seen)), "hits": .integer(Int64(entry.hits)),
        ]
        for (name, value) in [
            ("service", entry.rule.service), ("operation", entry.rule.operation), ("account", entry.rule.account),
            ("region", entry.rule.region),
        ] { if let value { answer[name] = .string(value) } }
        if let count = entry.rule.count { answer["count"] = .integer(Int64(count)) }
        return .object(answer)
    }

    private static func name(of action: FaultRule.Action) -> Name {
        switch action {
        case .dropAnswer: .dropAnswer
        case .dropRequest: .dropRequest
        case .delay: .delay
        case .refuse: .error
        case .throttle: .throttle
        case .truncate: .truncate
        }
    }
}
