package import JSON

/// An error that AWS answers, free of any protocol's spelling.
package struct Refusal: Error, Sendable {
    package let status: Int
    /// The name of the exception, as `ConflictException`.
    package let code: String
    package let message: String
    /// Further members of the body, in the protocols of JSON.
    package var members: [(String, JSON)] = []
    /// The header `Retry-After`, in seconds.
    package var retryAfter: Int?

    package init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func validation(_ message: String, reason: String = "fieldValidationFailed") -> Refusal {
        var refusal = Refusal(400, "ValidationException", message)
        refusal.members = [("reason", .string(reason))]
        return refusal
    }

    static func notFound(_ id: String, _ type: String) -> Refusal {
        var refusal = Refusal(404, "ResourceNotFoundException", "\(type) \(id) was not found.")
        refusal.members = [("resourceId", .string(id)), ("resourceType", .string(type))]
        return refusal
    }

    static func conflict(_ message: String, _ id: String, _ type: String) -> Refusal {
        var refusal = Refusal(409, "ConflictException", message)
        refusal.members = [("resourceId", .string(id)), ("resourceType", .string(type))]
        return refusal
    }

    /// 402: DRS, unlike other services, answers a quota with "Payment Required".
    static func quota(_ code: String, _ message: String) -> Refusal {
        var refusal = Refusal(402, "ServiceQuotaExceededException", message)
        refusal.members = [
            ("resourceId", ""), ("resourceType", "Job"), ("serviceCode", "drs"), ("quotaCode", .string(code)),
        ]
        return refusal
    }

    static func denied(_ message: String) -> Refusal {
        Refusal(403, "AccessDeniedException", message)
    }

    static func throttled(retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(429, "ThrottlingException", "Rate exceeded")
        refusal.members = [("serviceCode", "drs"), ("quotaCode", "L-RATE")]
        refusal.retryAfter = seconds
        return refusal
    }

    static let uninitialized = Refusal(
        400,
        "UninitializedAccountException",
        "Account is not initialized; call InitializeService first."
    )
}
