import AWS
import Ambient
import Testing

@Suite struct `A failure of AWS` {
    private func failure(_ reply: TestServer.Reply) async throws -> AWSFailure {
        var policy = Bench.policy
        policy.attempts = 1
        return try await Bench.running(policy: policy) { _, _ in
            reply
        } _: { bench in
            let failure = await #expect(throws: AWSFailure.self) { try await bench.drs.sourceServers() }
            return try #require(failure)
        }
    }

    @Test func `in a header tells its code, request and resource`() async throws {
        let failure = try await failure(
            .answer(
                status: 409,
                headers: [
                    ("x-amzn-ErrorType", "ConflictException:http://internal.amazon.com/x"), ("x-amzn-RequestId", "r-1"),
                ],
                body: #"{"message":"busy","code":"409","resourceId":"s-1","resourceType":"SourceServer"}"#
            )
        )
        #expect(failure.code == "ConflictException" && failure.isConflict && failure.requestID == "r-1")
        #expect(failure.message == "busy" && failure.details["resourceId"] == "s-1" && failure.kind == .refused)
        #expect(failure.operation == "drs:DescribeSourceServers")
    }

    static let meanings: [(TestServer.Reply, any KeyPath<AWSFailure, Bool> & Sendable, String)] = [
        (
            .answer(status: 402, body: #"{"__type":"x#ServiceQuotaExceededException"}"#), \.isQuota,
            "ServiceQuotaExceededException"
        ),
        (
            .answer(status: 400, body: #"{"__type":"UninitializedAccountException"}"#), \.isUninitialized,
            "UninitializedAccountException"
        ),
        (
            .answer(status: 403, body: #"{"__type":"AccessDeniedException","Message":"no"}"#), \.isAccessDenied,
            "AccessDeniedException"
        ),
        (
            .answer(status: 429, body: #"{"__type":"ThrottlingException","message":"slow"}"#), \.isThrottle,
            "ThrottlingException"
        ),
        (
            .answer(status: 404, body: #"{"__type":"ResourceNotFoundException"}"#), \.isNotFound,
            "ResourceNotFoundException"
        ),
        (
            .answer(status: 501, body: #"{"__type":"UnknownOperationException"}"#), \.isUnknownOperation,
            "UnknownOperationException"
        ),
        (
            .answer(
                status: 403,
                body:
                    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>m</Message></Error><RequestId>q</RequestId></ErrorResponse>"
            ),
            \.isAccessDenied, "AccessDenied"
        ),
        (
            .answer(
                status: 503,
                body:
                    "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m</Message></Error></Errors><RequestID>q</RequestID></Response>"
            ),
            \.isThrottle, "RequestLimitExceeded"
        ),
    ]

    @Test(arguments: meanings.indices) func `means what its code says`(index: Int) async throws {
        let (reply, meaning, code) = Self.meanings[index]
        let failure = try await failure(reply)
        #expect(failure.code == code)
        #expect(failure[keyPath: meaning])
    }

    @Test func `without a readable body is still one by its status`() async throws {
        let failure = try await failure(.answer(status: 403, body: "<html>no"))
        #expect(failure.status == 403 && failure.code == nil && failure.isAccessDenied && !failure.isTransient)
    }

    @Test func `with a redirect is not followed`() async throws {
        let failure = try await failure(.answer(status: 307, headers: [("Location", "http://127.0.0.1:1/")], body: ""))
        #expect(failure.status == 307 && failure.kind == .refused)
    }
}

@Suite struct `A date of HTTP` {
    @Test func `is read`() {
        #expect(Instant(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT") == Instant("1994-11-06T08:49:37Z"))
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
    ])
    func `of another form is not`(text: String) {
        #expect(Instant(httpDate: text) == nil)
    }
}
