extension AWSFailure {
    /// Too many calls: the same call is right later.
    package var isThrottle: Bool {
        status == 429 || code.map(Self.throttleCodes.contains) == true
    }

    /// Something else works on the same thing (DRS: a job of one of the servers).
    package var isConflict: Bool {
        status == 409 || code == "ConflictException"
    }

    /// A quota is reached, 402 in DRS: the same call is right when capacity returns.
    package var isQuota: Bool {
        status == 402 || code == "ServiceQuotaExceededException"
    }

    /// DRS is not initialised in that account and Region, which is normal in discovery.
    package var isUninitialized: Bool {
        code == "UninitializedAccountException"
    }

    /// The credentials may not do this.
    package var isAccessDenied: Bool {
        code.map(Self.denialCodes.contains) == true || (status == 403 && !isExpiredToken && !isSkew && !isThrottle)
    }

    /// What was named does not exist.
    package var isNotFound: Bool {
        status == 404 || code == "ResourceNotFoundException"
    }

    /// The call may have been performed.
    package var isUnclear: Bool {
        kind == .unclear
    }

    /// Trying the same again may help, now or later.
    package var isTransient: Bool {
        switch kind {
        case .notSent, .lost, .noCredentials: true
        case .unclear, .noEndpoint: false
        case .refused: isThrottle || isExpiredToken || status.map { $0 >= 500 && $0 != 501 } == true
        }
    }

    /// The service has no such call, as a stand-in for AWS may answer: then it is not available rather than broken.
    package var isUnknownOperation: Bool {
        status == 501 || code.map(Self.unknownCodes.contains) == true
    }

    /// The temporary credentials are no longer accepted, whatever their expiration says.
    var isExpiredToken: Bool {
        code.map(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains) == true
    }

    /// The signature's time may be what is wrong.
    var isSkew: Bool {
        code.map(Self.skewCodes.contains) == true
    }

    /// Codes that mean throttling in one service or another (AWS SDKs guide, "Retry behavior", with EC2's own).
    private static let throttleCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "PriorRequestNotComplete",
        "EC2ThrottledException", "SlowDown", "TransactionInProgressException",
    ]

    private static let denialCodes: Set<String> = [
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "OptInRequired",
    ]

    private static let skewCodes: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "SignatureDoesNotMatch",
        "InvalidSignatureException", "InvalidSignature", "AuthFailure",
    ]

    private static let unknownCodes: Set<String> = [
        "UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented", "NotImplementedException",
    ]
}
