internal import HTTPTypes
internal import JSON
internal import Logging
internal import PostgreSQL
internal import Recovery

extension Problem {
    /// The problem that an error is to the caller; what is our own fault is logged here, once, and told without detail.
    init(explaining error: any Error, in logger: Logger) {
        switch error {
        case let problem as Problem: self = problem
        case let refusal as Refusal: self.init(refusal)
        case let failure as PostgresFailure where failure.isTransient:
            logger.warning("the database failed a request", metadata: ["failure": "\(failure)"])
            self = .unavailable
        case is CancellationError:
            self = .unavailable
        default:
            logger.error("a request met a bug", metadata: ["error": "\(error)"])
            self.init(.internalError, "Something is wrong in the hub. Its log has this request under requestId.")
        }
    }

    /// Seconds after which it is worth trying again: a database that restarts is back in about that.
    private static let retryAfterSeconds = 2

    static let unavailable = Problem(
        .unavailable,
        "The hub cannot reach its database, or is stopping. Try again.",
        headers: [.retryAfter: "\(retryAfterSeconds)"]
    )
}
