internal import JSON
internal import OrderedCollections

extension World {
    /// Writes an answer in the service's dialect.
    static func reply(_ output: Output, to call: Call, requestID: String) -> Reply {
        switch output {
        case .json(let status, let body):
            let type = call.service.dialect == .json ? "application/x-amz-json-1.1" : "application/json"
            return Reply(
                status: status,
                headers: [("content-type", type), ("x-amzn-requestid", requestID)],
                body: body.bytes
            )
        case .empty(let status):
            return Reply(status: status, headers: [("x-amzn-requestid", requestID)])
        case .xml(let children):
            let name = call.operation
            let root: XML =
                if call.service == .ec2 {
                    .element("\(name)Response", [.text("requestId", requestID)] + children)
                } else {
                    .element(
                        "\(name)Response",
                        [
                            .element("\(name)Result", children),
                            .element("ResponseMetadata", [.text("RequestId", requestID)]),
                        ]
                    )
                }
            return Reply(
                status: 200,
                headers: [("content-type", "text/xml"), ("x-amzn-requestid", requestID)],
                body: root.document(namespace: call.service.namespace)
            )
        }
    }

    /// Writes an error in a dialect.
    static func reply(_ refusal: Refusal, dialect: Service.Dialect, requestID: String) -> Reply {
        var headers = [(name: "x-amzn-requestid", value: requestID)]
        if let seconds = refusal.retryAfter { headers.append(("retry-after", String(seconds))) }
        let (type, body) =
            switch dialect {
            case .restJSON, .json: json(refusal, dialect)
            case .query: ("text/xml", query(refusal, requestID))
            case .ec2: ("text/xml", ec2(refusal, requestID))
            }
        headers.append(("content-type", type))
        if dialect == .restJSON || dialect == .json { headers.append(("x-amzn-errortype", refusal.code)) }
        return Reply(status: refusal.status, headers: headers, body: body)
    }

    private static func json(_ refusal: Refusal, _ dialect: Service.Dialect) -> (type: String, body: [UInt8]) {
        var members: OrderedDictionary<String, JSON> = [
            "message": .string(refusal.message), "code": .string(refusal.code),
        ]
        for (name, value) in refusal.members { members[name] = value }
        if dialect == .json { members["__type"] = .string(refusal.code) }
        return (dialect == .json ? "application/x-amz-json-1.1" : "application/json", JSON.object(members).bytes)
    }

    private static func query(_ refusal: Refusal, _ requestID: String) -> [UInt8] {
        let error: [XML] = [
            .text("Type", refusal.status < 500 ? "Sender" : "Receiver"), .text("Code", refusal.code),
            .text("Message", refusal.message),
        ]
        let root = XML.element("ErrorResponse", [.element("Error", error), .text("RequestId", requestID)])
        return root.document(namespace: Service.sts.namespace)
    }

    private static func ec2(_ refusal: Refusal, _ requestID: String) -> [UInt8] {
        let error = XML.element("Error", [.text("Code", refusal.code), .text("Message", refusal.message)])
        let root = XML.element("Response", [.element("Errors", [error]), .text("RequestID", requestID)])
        return root.document(namespace: Service.ec2.namespace)
    }
}
