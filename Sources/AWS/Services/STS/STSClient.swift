internal import Ambient

/// AWS Security Token Service in one Region, version 2011-06-15.
package struct STSClient: Sendable {
    private static let version = "2011-06-15"

    private let client: AWSClient
    private let region: String
    private let source: any CredentialSource

    /// - Parameters:
    ///   - client: What calls are made through.
    ///   - region: The Region whose own endpoint is asked.
    ///   - credentials: What the calls are signed with.
    package init(client: AWSClient, region: String, credentials: any CredentialSource) {
        self.client = client
        self.region = region
        source = credentials
    }

    /// Credentials of a role; `duration` is 900 s at least and the role's own maximum at most.
    package func assumeRole(
        _ roleARN: String,
        sessionName: String,
        externalID: String?,
        duration: Duration
    ) async throws -> Credentials {
        var parameters: [(name: String, value: String)] = [
            ("RoleArn", roleARN), ("RoleSessionName", sessionName),
            ("DurationSeconds", String(duration.components.seconds)),
        ]
        if let externalID { parameters.append(("ExternalId", externalID)) }
        let request = Query.request("AssumeRole", version: Self.version, parameters)
        let account = Principal(arn: roleARN)?.account
        let call = AWSCall(.sts, "AssumeRole", in: region, account: account, request: request)
        return try await client.perform(call, with: source) { answer in
            try Self.credentials(in: answer.body)
        }
    }

    /// The credentials in an answer of AssumeRole.
    ///
    /// - Throws: For what is no such answer, and for credentials that no request could carry.
    package static func credentials(in body: [UInt8]) throws -> Credentials {
        let credentials = try Query.read(AssumeRoleAnswer.self, from: body).result.credentials.credentials
        let parts = [credentials.accessKeyID, credentials.secretAccessKey, credentials.sessionToken ?? ""]
        // They go into headers: what is empty, or has a line break in it, must not.
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }) else {
            throw UnusableCredentials()
        }
        return credentials
    }

    /// Credentials that no request could carry.
    package struct UnusableCredentials: Error, CustomStringConvertible {
        package let description = "STS gave credentials that are empty or not of printing letters"
    }

    /// Who the credentials belong to; needs no permission.
    package func callerIdentity() async throws -> CallerIdentity {
        let request = Query.request("GetCallerIdentity", version: Self.version, [])
        let call = AWSCall(.sts, "GetCallerIdentity", in: region, account: nil, request: request)
        return try await client.perform(call, with: source) { try CallerIdentity(parsing: $0.body) }
    }
}

private struct AssumeRoleAnswer: Decodable {
    struct Result: Decodable {
        let credentials: Given

        enum CodingKeys: String, CodingKey {
            case credentials = "Credentials"
        }
    }

    struct Given: Decodable {
        let accessKeyID: String
        let secretAccessKey: String
        let sessionToken: String
        let expiration: Instant

        enum CodingKeys: String, CodingKey {
            case accessKeyID = "AccessKeyId"
            case secretAccessKey = "SecretAccessKey"
            case sessionToken = "SessionToken"
            case expiration = "Expiration"
        }

        var credentials: Credentials {
            Credentials(
                accessKeyID: accessKeyID,
                secretAccessKey: secretAccessKey,
                sessionToken: sessionToken,
                expiration: expiration
            )
        }
    }

    let result: Result

    enum CodingKeys: String, CodingKey {
        case result = "AssumeRoleResult"
    }
}
