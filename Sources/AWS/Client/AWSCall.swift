/// One call of one operation, before it is addressed and signed.
package struct AWSCall: Sendable {
    /// Whether a call may be made again when it is not known whether it was performed.
    package enum Repetition: Sendable, Hashable {
        /// Performing it twice is the same as once.
        case harmless

        /// It is sent again only where it certainly was not performed: never sent, or refused. Else it is `.unclear`.
        case onlyIfNotDone
    }

    package let service: AWSService
    package let region: String

    /// The operation's name, such as `StartRecovery`.
    package let operation: String

    /// The account that is called, which the pace is kept for; nil where the credentials' own account is meant.
    package let account: String?

    /// The request without `host` and signature; its path is the operation's.
    package let request: SignableRequest
    package let repetition: Repetition

    /// Asked right before every sending; what it throws ends the call unsent.
    ///
    /// A spoke checks its lease here.
    package let beforeSending: (@Sendable () async throws -> Void)?

    package init(
        _ service: AWSService,
        _ operation: String,
        in region: String,
        account: String?,
        request: SignableRequest,
        repetition: Repetition = .harmless,
        beforeSending: (@Sendable () async throws -> Void)? = nil
    ) {
        self.service = service
        self.region = region
        self.operation = operation
        self.account = account
        self.request = request
        self.repetition = repetition
        self.beforeSending = beforeSending
    }

    /// The operation as IAM writes it.
    package var name: String {
        "\(service.rawValue):\(operation)"
    }
}
