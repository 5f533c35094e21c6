/// Why a caller is not let in or not served, in the words of each service's dialect.
enum Denial: Sendable {
    case unsigned
    case unknownKey
    case wrongSignature(String)
    case outOfTime
    case expiredToken
    case forbidden(Caller, action: String)
    case throttled(retryAfter: Int)
    case unknownOperation(String)

    func refusal(in dialect: Service.Dialect) -> Refusal {
        switch self {
        case .unsigned: missingToken(dialect)
        case .unknownKey: unknownKey(dialect)
        case .wrongSignature(let reason): wrongSignature(dialect, reason)
        case .outOfTime: outOfTime(dialect)
        case .expiredToken: expired(dialect)
        case .forbidden(let caller, let action):
            forbidden(dialect, "User: \(caller.arn) is not authorized to perform: \(action)")
        case .throttled(let seconds): throttled(dialect, seconds)
        case .unknownOperation(let name): unknownOperation(dialect, name)
        }
    }

    private func missingToken(_ dialect: Service.Dialect) -> Refusal {
        let message = "Missing Authentication Token"
        return switch dialect {
        case .restJSON, .json: Refusal(403, "MissingAuthenticationTokenException", message)
        case .query: Refusal(403, "MissingAuthenticationToken", message)
        case .ec2: Refusal(401, "AuthFailure", message)
        }
    }

    private func unknownKey(_ dialect: Service.Dialect) -> Refusal {
        let message = "The security token included in the request is invalid."
        return switch dialect {
        case .restJSON, .json: Refusal(403, "UnrecognizedClientException", message)
        case .query: Refusal(403, "InvalidClientTokenId", message)
        case .ec2: Refusal(401, "AuthFailure", "AWS was not able to validate the provided access credentials")
        }
    }

    private func wrongSignature(_ dialect: Service.Dialect, _ reason: String) -> Refusal {
        let message =
            "The request signature we calculated does not match the signature you provided (\(reason)). "
            + "Check your AWS Secret Access Key and signing method."
        return switch dialect {
        case .restJSON, .json: Refusal(403, "InvalidSignatureException", message)
        case .query, .ec2: Refusal(403, "SignatureDoesNotMatch", message)
        }
    }

    private func outOfTime(_ dialect: Service.Dialect) -> Refusal {
        let message = "Signature expired: its time is too far from the server's."
        return switch dialect {
        case .restJSON, .json: Refusal(403, "InvalidSignatureException", message)
        case .query: Refusal(403, "SignatureDoesNotMatch", message)
        case .ec2: Refusal(400, "RequestExpired", message)
        }
    }

    private func expired(_ dialect: Service.Dialect) -> Refusal {
        let message = "The security token included in the request is expired"
        return switch dialect {
        case .restJSON, .json: Refusal(403, "ExpiredTokenException", message)
        case .query: Refusal(403, "ExpiredToken", message)
        case .ec2: Refusal(400, "RequestExpired", message)
        }
    }

    private func forbidden(_ dialect: Service.Dialect, _ message: String) -> Refusal {
        switch dialect {
        case .restJSON, .json: .denied(message)
        case .query: Refusal(403, "AccessDenied", message)
        case .ec2: Refusal(403, "UnauthorizedOperation", message)
        }
    }

    private func throttled(_ dialect: Service.Dialect, _ seconds: Int) -> Refusal {
        var refusal =
            switch dialect {
            case .restJSON: Refusal.throttled(retryAfter: seconds)
            case .json: Refusal(400, "TooManyRequestsException", "Rate exceeded")
            case .query: Refusal(400, "Throttling", "Rate exceeded")
            case .ec2: Refusal(503, "RequestLimitExceeded", "Request limit exceeded.")
            }
        refusal.retryAfter = seconds
        return refusal
    }

    private func unknownOperation(_ dialect: Service.Dialect, _ name: String) -> Refusal {
        let message = "The operation '\(name.prefix(64))' is not known here."
        return switch dialect {
        case .restJSON: Refusal(404, "UnknownOperationException", message)
        case .json: Refusal(400, "UnknownOperationException", message)
        case .query, .ec2: Refusal(400, "InvalidAction", message)
        }
    }
}
