internal import JSON

/// Service Quotas of one account in one Region: the numbers that DRS really has there.
package struct ServiceQuotasClient: Sendable {
    /// The quotas that jobs are planned by (AWS general reference, "DRS endpoints and quotas").
    package enum Code {
        package static let concurrentJobs = "L-D88FAC3A"
        package static let serversInAJob = "L-B827C881"
        package static let serversInAllJobs = "L-05AFA8C6"
        package static let jobsPerServer = "L-DD6D028C"
        package static let replicatingServers = "L-C1D14A2B"
        package static let totalServers = "L-E28BE5E0"
    }

    /// Pages at most; DRS has about a dozen quotas.
    private static let pageLimit = 20

    private let client: AWSClient
    private let account: String
    private let region: String
    private let source: any CredentialSource

    package init(client: AWSClient, account: String, region: String, credentials: any CredentialSource) {
        self.client = client.hurried
        self.account = account
        self.region = region
        source = credentials
    }

    /// DRS's quotas by code; nil where they are not available, which is never a failure.
    package func quotas(ofService code: String = "drs") async throws -> [String: Double]? {
        do {
            return try await listServiceQuotas(code)
        } catch is AWSFailure {
            return nil
        }
    }

    private func listServiceQuotas(_ code: String) async throws -> [String: Double] {
        var quotas: [String: Double] = [:]
        var token: String?
        for _ in 0..<Self.pageLimit {
            var body: JSON = ["ServiceCode": .string(code), "MaxResults": 100]
            if let token { body.set("NextToken", to: .string(token)) }
            let request = SignableRequest(
                headers: [
                    ("content-type", "application/x-amz-json-1.1"),
                    ("x-amz-target", "ServiceQuotasV20190624.ListServiceQuotas"),
                ],
                body: body.bytes
            )
            let call = AWSCall(.serviceQuotas, "ListServiceQuotas", in: region, account: account, request: request)
            let page = try await client.perform(call, with: source) {
                try JSON(parsing: $0.body).decoded(as: Page.self)
            }
            for quota in page.quotas ?? [] { if let code = quota.code { quotas[code] = quota.value } }
            guard let next = page.nextToken, !next.isEmpty, next != token else { return quotas }
            token = next
        }
        return quotas
    }

    private struct Page: Decodable, Sendable {
        struct Quota: Decodable, Sendable {
            let code: String?
            let value: Double?

            enum CodingKeys: String, CodingKey {
                case code = "QuotaCode"
                case value = "Value"
            }
        }

        let quotas: [Quota]?
        let nextToken: String?

        enum CodingKeys: String, CodingKey {
            case quotas = "Quotas"
            case nextToken = "NextToken"
        }
    }
}
