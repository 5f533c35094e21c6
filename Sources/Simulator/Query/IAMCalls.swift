internal import OrderedCollections

/// The operations of IAM that the simulator offers.
package enum IAMOperation: String, Sendable, CaseIterable {
    case simulatePrincipalPolicy = "SimulatePrincipalPolicy"
}

/// The operations of SNS that the simulator offers.
package enum SNSOperation: String, Sendable, CaseIterable {
    case publish = "Publish"
}

extension World {
    func perform(_ operation: IAMOperation, _ call: Call) throws(Refusal) -> Output {
        switch operation {
        case .simulatePrincipalPolicy: try simulatePrincipalPolicy(call)
        }
    }

    mutating func perform(_ operation: SNSOperation, _ call: Call) throws(Refusal) -> Output {
        switch operation {
        case .publish: try publish(call)
        }
    }

    /// Says of each action whether the role's policy allows it.
    private func simulatePrincipalPolicy(_ call: Call) throws(Refusal) -> Output {
        let actions = call.form.list("ActionNames")
        guard let arn = call.form["PolicySourceArn"], !actions.isEmpty else {
            throw Refusal(400, "ValidationError", "PolicySourceArn and ActionNames are required.")
        }
        guard let name = arn.split(separator: "/").last, let role = accounts[call.place.account]?.role(String(name)),
            arn.hasPrefix("arn:"), arn.contains(":\(call.place.account):role/")
        else { throw Refusal(404, "NoSuchEntity", "\(arn.prefix(256)) cannot be found.") }
        let results = actions.map { action -> [XML] in
            [
                .text("EvalActionName", action), .text("EvalResourceName", "*"),
                .text("EvalDecision", role.allows(action) ? "allowed" : "implicitDeny"),
                .element("MatchedStatements", []), .element("MissingContextValues", []),
            ]
        }
        return .xml([.text("IsTruncated", "false"), .list("EvaluationResults", of: "member", results)])
    }

    private mutating func publish(_ call: Call) throws(Refusal) -> Output {
        guard let topic = call.form["TopicArn"] ?? call.form["TargetArn"], let message = call.form["Message"] else {
            throw Refusal(400, "InvalidParameter", "TopicArn and Message are required.")
        }
        guard !message.isEmpty, message.utf8.count <= 262_144 else {
            throw Refusal(400, "InvalidParameter", "Invalid parameter: Message must have 1 to 262144 bytes.")
        }
        let parts = topic.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "sns", parts[3] == call.place.region, parts[4] == call.place.account else {
            throw Refusal(404, "NotFound", "Topic does not exist")
        }
        ledger.keep(
            Ledger.Publication(
                place: call.place,
                at: call.now,
                topic: topic,
                subject: call.form["Subject"],
                message: message
            )
        )
        return .xml([.text("MessageId", Naming(chance: chance).hexadecimal(32))])
    }
}
