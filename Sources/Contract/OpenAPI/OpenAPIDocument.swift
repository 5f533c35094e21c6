package import JSON
internal import OrderedCollections
internal import Recovery

/// The description of the REST API (OpenAPI 3.1), made from the calls' declarations alone.
package enum OpenAPIDocument {
    /// The document that is served at `/api/v1/openapi.json` and kept as `Docs/openapi.json`.
    package static func make() -> JSON {
        var answers = AnswerSchema()
        var components: OrderedDictionary<String, JSON> = [:]
        var paths: OrderedDictionary<String, JSON> = [:]
        for call in Contract.calls {
            call.bodyShape?.collect(into: &components)
            for parameter in call.parameters { parameter.shape.collect(into: &components) }
            var operations = paths[call.route.path]?.object ?? [:]
            operations[call.route.method.rawValue.lowercased()] = operation(call, &answers)
            paths[call.route.path] = .object(operations)
        }
        for (name, schema) in answers.components {
            precondition(components[name] == nil, "a body and an answer are both named \(name)")
            components[name] = schema
        }
        components["Problem"] = problem
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Muster",
                "version": "1",
                "description":
                    "Plans, drills and recovers servers of AWS Elastic Disaster Recovery across accounts and Regions.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "tags": .array(Route.Noun.allCases.map { ["name": .string($0.rawValue)] }),
            "security": [["bearer": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                        "description": "An access token of a configured issuer, such as Amazon Cognito.",
                    ]
                ],
                "schemas": .object(components),
            ],
        ]
    }

    private static func operation(_ call: CallDescription, _ answers: inout AnswerSchema) -> JSON {
        let permission = call.permission.map { "Needs the permission \($0.rawValue)." } ?? "Any authenticated caller."
        var operation: OrderedDictionary<String, JSON> = [
            "operationId": .string(call.name.prefix(1).lowercased() + call.name.dropFirst()),
            "tags": [.string(call.route.noun.rawValue)],
            "summary": .string(call.summary),
            "description": .string([call.details, permission].filter { !$0.isEmpty }.joined(separator: " ")),
        ]
        let parameters = call.parameters.map(parameter) + headers(call)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let shape = call.bodyShape {
            operation["requestBody"] = [
                "required": .bool(!call.isBodyOptional), "content": ["application/json": ["schema": shape.schema]],
            ]
        }
        var responses: OrderedDictionary<String, JSON> = [String(call.route.success.rawValue): success(call, &answers)]
        responses["default"] = [
            "description": "Refused or failed; what is wrong, in full.",
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
        operation["responses"] = .object(responses)
        return .object(operation)
    }

    private static func parameter(_ parameter: Parameter) -> JSON {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.isRequired), "description": .string(parameter.summary),
            "schema": parameter.shape.schema,
        ]
    }

    private static func headers(_ call: CallDescription) -> [JSON] {
        var headers: [JSON] = []
        func add(_ name: String, _ description: String, _ schema: JSON) {
            headers.append([
                "name": .string(name), "in": "header", "required": false, "description": .string(description),
                "schema": schema,
            ])
        }
        if call.route.takesPrecondition {
            let tags = #"^(\*|(W/)?"[^"]*"([ \t]*,[ \t]*(W/)?"[^"]*")*)$"#
            add(
                "If-Match",
                "The entity tag of the revision that is to be changed; another one is 412.",
                ["type": "string", "pattern": .string(tags)]
            )
        }
        if call.route.takesIdempotencyKey {
            add(
                "Idempotency-Key",
                "The same key and body answer the same result for \(Limits.idempotencyHours) hours.",
                [
                    "type": "string", "minLength": 1, "maxLength": .integer(Int64(Limits.idempotencyKeyLength)),
                    "pattern": "^[!-~]+$",
                ]
            )
        }
        if call.otherTypes.contains("text/event-stream") {
            // Any text is taken, as browsers send what they were given (HTML, server-sent events, section 9.2).
            add("Last-Event-ID", "Where a stream that broke goes on; no number is like none.", ["type": "string"])
        }
        return headers
    }

    private static func success(_ call: CallDescription, _ answers: inout AnswerSchema) -> JSON {
        let descriptions: [Route.Success: JSON] = [
            .ok: "Done.", .created: "Created.", .accepted: "Accepted; the work goes on.", .noContent: "Done.",
        ]
        var success: OrderedDictionary<String, JSON> = ["description": descriptions[call.route.success] ?? "Done."]
        guard call.route.success != .noContent else { return .object(success) }
        var content: OrderedDictionary<String, JSON> = [
            "application/json": ["schema": schema(of: call.answer, &answers)]
        ]
        for type in call.otherTypes { content[type] = ["schema": ["type": "string"]] }
        success["content"] = .object(content)
        return .object(success)
    }

    private static func schema(of answer: any Decodable.Type, _ answers: inout AnswerSchema) -> JSON {
        do {
            return try answers.schema(of: answer)
        } catch {
            preconditionFailure("the answer \(answer) cannot be described: \(error)")
        }
    }

    /// RFC 9457, with the members that single codes add.
    private static let problem: JSON = [
        "type": "object",
        "description": "A problem document (RFC 9457); some codes have further members, listed in Docs/Errors.md.",
        "properties": [
            "type": ["type": "string", "format": "uri"],
            "title": ["type": "string"],
            "status": ["type": "integer"],
            "detail": ["type": "string"],
            "code": ["type": "string", "description": "Stable; for programs."],
            "requestId": ["type": "string"],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": ["pointer": ["type": "string"], "message": ["type": "string"]],
                    "required": ["pointer", "message"],
                ],
            ],
        ],
        "required": ["type", "title", "status", "detail", "code", "requestId"],
    ]
}
