/// Why a call of AWS has no result.
package struct AWSFailure: Error, Sendable, Hashable {
    /// What is known about the call; what AWS said is in `status` and `code`.
    package enum Kind: String, Sendable, Hashable {
        /// AWS answered that it did not do it.
        case refused

        /// The request never left this machine.
        case notSent

        /// It may have been done: time-out, dropped or unreadable answer, or 5xx, of a call that must not be repeated
        /// blindly. Whoever gets this looks for the effect before trying again.
        case unclear

        /// The same of a call that is safe to repeat, after every attempt.
        case lost

        /// There were no credentials to sign with.
        case noCredentials

        /// The service has no acceptable address in that Region.
        case noEndpoint
    }

    package var kind: Kind

    /// The call, as IAM writes it (`drs:StartRecovery`).
    package var operation: String
    package var region: String

    /// The answer's HTTP status; nil where there was no answer.
    package var status: Int?

    /// AWS's name of the error (`ConflictException`), without its namespace; nil where there was none.
    package var code: String?

    /// AWS's sentence, or what happened on the way; at most 1,000 characters.
    package var message: String

    /// How long AWS asked to wait.
    package var retryAfter: Duration?

    /// AWS's identifier of the request, which its support asks for.
    package var requestID: String?

    /// The members of the error's body that say what it is about, such as `resourceId` or `quotaCode`.
    package var details: [String: String]

    package init(
        _ kind: Kind,
        operation: String,
        region: String,
        status: Int? = nil,
        code: String? = nil,
        message: String,
        retryAfter: Duration? = nil,
        requestID: String? = nil,
        details: [String: String] = [:]
    ) {
        self.kind = kind
        self.operation = operation
        self.region = region
        self.status = status
        self.code = code
        self.message = String(message.prefix(1000))
        self.retryAfter = retryAfter
        self.requestID = requestID
        self.details = details
    }
}

extension AWSFailure: CustomStringConvertible {
    package var description: String {
        let reason = [status.map(String.init), code].compactMap { $0 }.joined(separator: " ")
        let request = requestID.map { " (request \($0))" } ?? ""
        return "\(operation) in \(region): \(reason.isEmpty ? kind.rawValue : reason): \(message)\(request)"
    }
}
