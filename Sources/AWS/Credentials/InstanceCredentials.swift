/// The credentials of an EC2 instance's role, by IMDSv2 (EC2 user guide, "Use the Instance Metadata Service").
///
/// Version 1, which needs no token, is never asked. `AWS_EC2_METADATA_SERVICE_ENDPOINT` names another endpoint;
/// `AWS_EC2_METADATA_DISABLED=true` turns it off.
package struct InstanceCredentials: CredentialSource {
    private let environment: [String: String]
    private let exchange: HTTPExchange

    package init(environment: [String: String], exchange: HTTPExchange) {
        self.environment = environment
        self.exchange = exchange
    }

    package func credentials() async throws -> Credentials {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else {
            throw CredentialsAbsent("AWS_EC2_METADATA_DISABLED is true")
        }
        let endpoint = try endpoint()
        let token = try await token(of: endpoint)
        let roles = "/latest/meta-data/iam/security-credentials/"
        let list = try await get(roles, token: token, of: endpoint)
        guard list.status != 404 else { throw CredentialsAbsent("the instance has no role") }
        let role = Self.firstLine(of: list)
        guard list.status == 200, !role.isEmpty else {
            throw CredentialsFailed("the instance metadata answered \(list.status) for its role")
        }
        let answer = try await get(roles + PercentEncoding.encode(role), token: token, of: endpoint)
        return try EndpointCredentials.reading(answer, from: "the instance metadata")
    }

    private func endpoint() throws -> Endpoint {
        let address = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
        guard let endpoint = Endpoint(address: address ?? "http://169.254.169.254", signingRegion: "") else {
            throw CredentialsFailed("AWS_EC2_METADATA_SERVICE_ENDPOINT is no http address")
        }
        return endpoint
    }

    /// The session token; a machine that does not answer is no EC2 instance, so it is asked twice only.
    private func token(of endpoint: Endpoint) async throws -> String {
        let request = SignableRequest(
            method: "PUT",
            path: "/latest/api/token",
            headers: [("x-aws-ec2-metadata-token-ttl-seconds", "21600"), ("content-length", "0")]
        )
        let answer: HTTPExchange.Answer
        do { answer = try await exchange.askingLocally(request, of: endpoint, attempts: 2) } catch {
            try Task.checkCancellation()
            throw CredentialsAbsent("no instance metadata can be reached")
        }
        let token = Self.firstLine(of: answer)
        guard answer.status == 200, !token.isEmpty else {
            throw CredentialsFailed("the instance metadata answered \(answer.status) for a token")
        }
        return token
    }

    private func get(_ path: String, token: String, of endpoint: Endpoint) async throws -> HTTPExchange.Answer {
        let request = SignableRequest(method: "GET", path: path, headers: [("x-aws-ec2-metadata-token", token)])
        return try await exchange.askingLocally(request, of: endpoint, attempts: 3)
    }

    private static func firstLine(of answer: HTTPExchange.Answer) -> String {
        String(decoding: answer.body, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
