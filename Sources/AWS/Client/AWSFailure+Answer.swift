internal import JSON

extension AWSFailure {
    /// Reads an answer that is not a success, in any of AWS's three ways of saying so.
    ///
    /// The code comes from the `x-amzn-errortype` header, else from the body's `__type` or `code` (JSON), else from the
    /// `Error` element of STS, SNS and IAM or of EC2 (XML). An answer without any is still a failure, by its status.
    static func reading(_ answer: HTTPExchange.Answer, of call: AWSCall) -> AWSFailure {
        var failure = AWSFailure(
            .refused,
            operation: call.name,
            region: call.region,
            status: answer.status,
            message: "",
            retryAfter: retryAfter(answer),
            requestID: answer.header("x-amzn-requestid") ?? answer.header("x-amz-request-id")
        )
        // An error's body that cannot be read says nothing; the status still does.
        if let object = try? JSON(parsing: answer.body), object.object != nil {
            failure.code = object["__type"]?.string ?? object["code"]?.string ?? object["Code"]?.string
            failure.message = String((object["message"]?.string ?? object["Message"]?.string ?? "").prefix(1000))
            for name in detailNames { failure.details[name] = object[name]?.string }
        } else if let document = try? Query.read(ErrorDocument.self, from: answer) {
            let error = document.error ?? document.errors?.errors.first
            failure.code = error?.code
            failure.message = String((error?.message ?? "").prefix(1000))
            failure.requestID = document.requestID ?? document.requestId ?? failure.requestID
        }
        failure.code = (answer.header("x-amzn-errortype") ?? failure.code).map(bare)
        if failure.message.isEmpty { failure.message = "HTTP status \(answer.status)" }
        return failure
    }

    /// The members of DRS's error shapes that say what an error is about (botocore 1.44.5, `drs`).
    private static let detailNames = ["resourceId", "resourceType", "serviceCode", "quotaCode", "reason"]

    /// The longest wait that is believed; a server that asks for more is asked again after this.
    private static let longestRetryAfter: Int64 = 300

    /// `Retry-After` in whole seconds, which is the only form that AWS sends.
    private static func retryAfter(_ answer: HTTPExchange.Answer) -> Duration? {
        guard let text = answer.header("retry-after"), let seconds = Int64(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, longestRetryAfter))
    }

    /// `com.amazonaws.drs#ConflictException:http://…` is `ConflictException`.
    private static func bare(_ code: String) -> String {
        let withoutAddress = code.prefix { $0 != ":" }
        return String(withoutAddress.split(separator: "#").last ?? withoutAddress)
    }

    private struct ErrorDocument: Decodable {
        struct Entry: Decodable {
            let code: String?
            let message: String?

            enum CodingKeys: String, CodingKey {
                case code = "Code"
                case message = "Message"
            }
        }

        struct Entries: Decodable {
            let errors: [Entry]

            enum CodingKeys: String, CodingKey {
                case errors = "Error"
            }
        }

        let error: Entry?
        let errors: Entries?
        let requestID: String?
        let requestId: String?

        enum CodingKeys: String, CodingKey {
            case error = "Error"
            case errors = "Errors"
            case requestID = "RequestID"
            case requestId = "RequestId"
        }
    }
}
