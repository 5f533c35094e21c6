/// AWS Identity and Access Management of one account, version 2010-05-08: the one question that VALIDATE_ACCESS asks.
package struct IAMClient: Sendable {
    /// What IAM says about some actions.
    package enum Simulation: Sendable, Hashable {
        /// The actions that the role may not do; none when all is right.
        case denied([String])

        /// IAM could not be asked, with the reason: it is optional, so this is no failure.
        case notChecked(String)
    }

    /// Actions asked at once, so that no answer has more than a page.
    private static let actionsAtOnce = 50

    private let client: AWSClient
    private let account: String
    private let region: String
    private let source: any CredentialSource

    /// IAM is global: the Region only says in which partition.
    package init(client: AWSClient, account: String, region: String, credentials: any CredentialSource) {
        self.client = client.hurried
        self.account = account
        self.region = region
        source = credentials
    }

    /// Asks whether a role may do these actions on any resource, as its policies stand.
    ///
    /// Conditions and boundaries of the organisation are only partly seen by it (IAM user guide, "How the IAM policy
    /// simulator works"), so that "allowed" is a good sign and no proof.
    package func simulatePrincipalPolicy(of roleARN: String, actions: [String]) async throws -> Simulation {
        var denied: [String] = []
        var rest = actions[...]
        do {
            while !rest.isEmpty {
                denied += try await denials(of: rest.prefix(Self.actionsAtOnce), for: roleARN)
                rest = rest.dropFirst(Self.actionsAtOnce)
            }
        } catch let failure as AWSFailure {
            return .notChecked(failure.description)
        }
        return .denied(denied)
    }

    private func denials(of actions: ArraySlice<String>, for roleARN: String) async throws -> [String] {
        var parameters: [(name: String, value: String)] = [("PolicySourceArn", roleARN), ("MaxItems", "1000")]
        for (index, action) in actions.enumerated() { parameters.append(("ActionNames.member.\(index + 1)", action)) }
        // A policy may let roles be passed to EC2 alone, as ours does; without a word about it that would be a denial.
        parameters += [
            ("ContextEntries.member.1.ContextKeyName", "iam:PassedToService"),
            ("ContextEntries.member.1.ContextKeyType", "string"),
            ("ContextEntries.member.1.ContextKeyValues.member.1", "ec2.amazonaws.com"),
        ]
        let request = Query.request("SimulatePrincipalPolicy", version: "2010-05-08", parameters)
        let call = AWSCall(.iam, "SimulatePrincipalPolicy", in: region, account: account, request: request)
        let answer = try await client.perform(call, with: source) { try Query.read(SimulationAnswer.self, from: $0) }
        let results = answer.result.results?.member ?? []
        guard Set(results.map(\.action)) == Set(actions) else {
            let message = "the answer is not about the actions asked for"
            throw AWSFailure(.lost, operation: call.name, region: region, message: message)
        }
        return results.filter { $0.decision != "allowed" }.map(\.action)
    }
}

private struct SimulationAnswer: Decodable, Sendable {
    struct Result: Decodable, Sendable {
        let results: Members?

        enum CodingKeys: String, CodingKey {
            case results = "EvaluationResults"
        }
    }

    struct Members: Decodable, Sendable {
        let member: [Entry]?
    }

    struct Entry: Decodable, Sendable {
        let action: String
        let decision: String

        enum CodingKeys: String, CodingKey {
            case action = "EvalActionName"
            case decision = "EvalDecision"
        }
    }

    let result: Result

    enum CodingKeys: String, CodingKey {
        case result = "SimulatePrincipalPolicyResult"
    }
}
