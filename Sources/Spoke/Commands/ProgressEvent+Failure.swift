internal import AWS
internal import Ambient
internal import Contract

/// The codes of problems that are a spoke's own; AWS's have AWS's names.
package enum SpokeProblem: String, Sendable, CaseIterable {
    /// The command's account is not in this spoke's configuration.
    case accountNotServed = "ACCOUNT_NOT_SERVED"
    /// The lease may have gone to somebody else, so that nothing was sent.
    case leaseLost = "LEASE_LOST"
    /// The launch was to be looked for only, and there is no job of it.
    case notStarted = "NOT_STARTED"
    /// AWS cannot be reached.
    case unreachable = "AWS_UNREACHABLE"
    /// There are no credentials to sign with.
    case noCredentials = "NO_CREDENTIALS"
    /// Nobody knows whether DRS performed the call, and no effect of it was to be seen.
    case unclear = "OUTCOME_UNCLEAR"
    /// DRS no longer shows a job that it had accepted.
    case jobGone = "JOB_GONE"
    /// An instance that was asked to go is still there.
    case stillThere = "INSTANCE_STILL_THERE"
    /// The command is of a kind that this spoke does not know.
    case unknownCommand = "UNKNOWN_COMMAND"
    /// Something that should not happen.
    case unexpected = "SPOKE_ERROR"
}

extension ProgressEvent.Problem {
    init(_ problem: SpokeProblem, _ message: String, isUnclear: Bool = false) {
        self.init(code: problem.rawValue, message: message, isUnclear: isUnclear)
    }

    /// What AWS said, or why nothing was heard of it.
    init(_ failure: AWSFailure) {
        let ours: SpokeProblem =
            switch failure.kind {
            case .refused, .noEndpoint: .unexpected
            case .notSent, .lost: .unreachable
            case .unclear: .unclear
            case .noCredentials: .noCredentials
            }
        self.init(
            code: failure.code ?? ours.rawValue,
            message: failure.description,
            retryAfterSeconds: failure.retryAfter.map { Int($0.components.seconds) },
            isUnclear: failure.isUnclear
        )
    }
}

extension ProgressEvent {
    /// How a command ends that could not be performed: later it may be, or never.
    init(concluding error: any Error) {
        switch error {
        case let failure as AWSFailure:
            let mayHelp = failure.isTransient || failure.isUnclear || failure.isConflict || failure.isQuota
            self = mayHelp ? .startDeferred(.init(failure)) : .failed(.init(failure))
        case let failure as HubFailure:
            self = .startDeferred(.init(.unexpected, failure.description))
        case let refusal as PerformanceRefusal:
            self = .failed(.init(refusal.problem, refusal.message))
        default:
            self = .failed(.init(.unexpected, "\(error)"))
        }
    }
}

/// A command that this spoke cannot perform, whatever AWS says.
package struct PerformanceRefusal: Error, Sendable, Hashable {
    package let problem: SpokeProblem
    package let message: String

    package init(_ problem: SpokeProblem, _ message: String) {
        self.problem = problem
        self.message = message
    }
}
