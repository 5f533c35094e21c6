/// Amazon SNS of one Region, version 2010-03-31: publishing a message.
package struct SNSClient: Sendable {
    private let client: AWSClient
    private let region: String
    private let source: any CredentialSource

    package init(client: AWSClient, region: String, credentials: any CredentialSource) {
        self.client = client
        self.region = region
        source = credentials
    }

    /// Publishes a message to a topic and answers its identifier.
    ///
    /// A message may arrive twice, which SNS's own delivery may do too, so the call is repeated like any other.
    ///
    /// - Parameters:
    ///   - topicARN: The topic, in this client's Region.
    ///   - subject: What mail shows; SNS takes 100 ASCII characters, so that others become question marks and the rest is cut.
    ///   - message: The text, 256 KiB at most.
    /// - Returns: SNS's identifier of the message, where it gave one.
    /// - Throws: `AWSFailure`.
    package func publish(to topicARN: String, subject: String, message: String) async throws -> String? {
        let plain = subject.unicodeScalars.prefix(99).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" }
        let request = Query.request(
            "Publish",
            version: "2010-03-31",
            [("TopicArn", topicARN), ("Subject", String(plain)), ("Message", message)]
        )
        let parts = topicARN.split(separator: ":", omittingEmptySubsequences: false)
        let account = parts.count == 6 ? String(parts[4]) : nil
        let call = AWSCall(.sns, "Publish", in: region, account: account, request: request)
        return try await client.perform(call, with: source) { try Query.read(PublishAnswer.self, from: $0).result.id }
    }
}

private struct PublishAnswer: Decodable {
    struct Result: Decodable {
        let id: String?

        enum CodingKeys: String, CodingKey {
            case id = "MessageId"
        }
    }

    let result: Result

    enum CodingKeys: String, CodingKey {
        case result = "PublishResult"
    }
}
