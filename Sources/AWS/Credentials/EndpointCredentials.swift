internal import Ambient
internal import JSON

/// The JSON by which AWS's endpoints on the machine give temporary credentials; both use the same names.
struct EndpointCredentials: Decodable {
    let accessKeyID: String
    let secretAccessKey: String
    let token: String?
    let expiration: String?

    enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case expiration = "Expiration"
    }

    /// The most bytes that such an answer may have; one seen has about 1.5 KiB.
    static let longestAnswer = 65_536

    /// Reads an answer; `source` is who gave it, for the error.
    static func reading(_ answer: HTTPExchange.Answer, from source: String) throws -> Credentials {
        guard answer.status == 200 else { throw CredentialsFailed("\(source) answered \(answer.status)") }
        let given: EndpointCredentials
        do { given = try JSON(parsing: answer.body).decoded() } catch {
            // What could not be read may be a secret: the error is not passed on.
            throw CredentialsFailed("\(source) gave no readable credentials")
        }
        let expiration = given.expiration.flatMap { Instant($0) }
        guard given.expiration == nil || expiration != nil else {
            throw CredentialsFailed("\(source) gave an unreadable expiration")
        }
        return Credentials(
            accessKeyID: given.accessKeyID,
            secretAccessKey: given.secretAccessKey,
            sessionToken: given.token,
            expiration: expiration
        )
    }
}

extension HTTPExchange {
    /// Asks an endpoint on this machine, again after a short wait while it cannot be reached or answers 5xx.
    func askingLocally(_ request: SignableRequest, of endpoint: Endpoint, attempts: Int) async throws -> Answer {
        var request = request
        request.path = endpoint.basePath + request.path
        request.headers.append(("host", endpoint.authority))
        var attempt = 1
        while true {
            do {
                let answer = try await send(
                    "credentials",
                    request,
                    to: endpoint.origin,
                    within: .seconds(2),
                    limit: EndpointCredentials.longestAnswer
                )
                guard answer.status >= 500, attempt < attempts else { return answer }
            } catch let failure as HTTPExchange.Failure {
                guard attempt < attempts else { throw failure }
            }
            try await time.sleep(for: .milliseconds(100 * attempt))
            attempt += 1
        }
    }
}
