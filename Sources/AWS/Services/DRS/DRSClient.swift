internal import JSON

/// AWS Elastic Disaster Recovery of one account in one Region.
///
/// Every list is read to its last page. What fails throws `AWSFailure`.
package struct DRSClient: Sendable {
    /// The most identifiers a filter takes (botocore 1.44.5: 200 in most; jobs take 1,000).
    package static let filterLimit = 200

    /// How many items a page is asked to have; the model sets no upper bound, and what comes may be fewer.
    static let pageSize: Int64 = 200

    /// The most pages of one list: far above 4,000 servers, so that a server that never ends its pages is an error.
    static let pageLimit = 2_000

    package let account: String
    package let region: String
    private let client: AWSClient
    private let source: any CredentialSource

    /// - Parameters:
    ///   - client: What calls are made through.
    ///   - account: The account, which the pace of calls is kept for.
    ///   - region: The Region.
    ///   - credentials: Credentials in that account.
    package init(client: AWSClient, account: String, region: String, credentials: any CredentialSource) {
        self.client = client
        self.account = account
        self.region = region
        source = credentials
    }

    /// The same client for questions that are optional and must not hold anything up.
    var hurried: DRSClient {
        DRSClient(client: client.hurried, account: account, region: region, credentials: source)
    }

    /// Calls an operation with a JSON body and reads its JSON answer.
    func call<Answer: Decodable & Sendable>(
        _ operation: String,
        _ body: JSON,
        repetition: AWSCall.Repetition = .harmless,
        beforeSending: (@Sendable () async throws -> Void)? = nil,
        answering: Answer.Type = Answer.self
    ) async throws -> Answer {
        let request = SignableRequest(
            path: "/\(operation)",
            headers: [("content-type", "application/json")],
            body: body.bytes
        )
        return try await perform(
            operation,
            request,
            repetition: repetition,
            beforeSending: beforeSending,
            answering: answering
        )
    }

    func perform<Answer: Decodable & Sendable>(
        _ operation: String,
        _ request: SignableRequest,
        repetition: AWSCall.Repetition = .harmless,
        beforeSending: (@Sendable () async throws -> Void)? = nil,
        answering: Answer.Type = Answer.self
    ) async throws -> Answer {
        let call = AWSCall(
            .drs,
            operation,
            in: region,
            account: account,
            request: request,
            repetition: repetition,
            beforeSending: beforeSending
        )
        return try await client.perform(call, with: source) { try JSON(parsing: $0.body).decoded(as: Answer.self) }
    }

    /// Reads a list to its end, or until what was read is enough.
    func pages<Item: Decodable & Sendable>(
        _ operation: String,
        _ members: [String: JSON],
        until isEnough: ([Item]) -> Bool = { _ in false }
    ) async throws -> [Item] {
        var items: [Item] = []
        var token: String?
        for _ in 0..<Self.pageLimit {
            var body: JSON = ["maxResults": .integer(Self.pageSize)]
            for (name, value) in members.sorted(by: { $0.key < $1.key }) { body.set(name, to: value) }
            if let token { body.set("nextToken", to: .string(token)) }
            let page: Page<Item> = try await call(operation, body)
            items += page.items
            guard let next = page.nextToken, !next.isEmpty, !isEnough(items) else { return items }
            guard next != token else { break }
            token = next
        }
        throw AWSFailure(
            .lost,
            operation: "drs:\(operation)",
            region: region,
            message: "the list does not end, or its next page is the one before"
        )
    }

    /// Reads the items of many identifiers, as many at once as a filter takes; none for no identifier.
    ///
    /// An empty filter would mean everything.
    func items<Item: Decodable & Sendable>(_ operation: String, filter: String, _ ids: [String]) async throws -> [Item]
    {
        var items: [Item] = []
        var rest = ids[...]
        while !rest.isEmpty {
            let chunk: JSON = .array(rest.prefix(Self.filterLimit).map { .string($0) })
            rest = rest.dropFirst(Self.filterLimit)
            var filters: JSON = [:]
            filters.set(filter, to: chunk)
            items += try await pages(operation, ["filters": filters])
        }
        return items
    }

    private struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
        let items: [Item]
        let nextToken: String?

        /// The members in which one operation or another has its list; an answer has one of them.
        private enum List: String, CodingKey, CaseIterable {
            case items, recoveryPlans, recoveryPlanExecutions, recoveryPlanExecutionSteps, recoveryPlanSteps
        }

        private enum Member: String, CodingKey {
            case nextToken
        }

        init(from decoder: any Decoder) throws {
            let lists = try decoder.container(keyedBy: List.self)
            items = try List.allCases.flatMap { try lists.decodeIfPresent([Item].self, forKey: $0) ?? [] }
            nextToken = try decoder.container(keyedBy: Member.self).decodeIfPresent(String.self, forKey: .nextToken)
        }
    }
}
