package import Ambient

/// What a launch makes: a recovery instance of DRS and an instance of EC2 under one identifier.
///
/// All times are simulated, but for the recovery point's.
package struct RecoveryInstance: Sendable {
    package let id: String
    package let server: String
    package let job: String
    package let isDrill: Bool
    /// The recovery point that it was launched from.
    package let recoveryPoint: Instant
    package let privateAddress: String
    package let staysStopped: Bool
    package var tags: [String: String]
    /// When EC2 shows it, pending.
    package let born: Duration
    /// When it runs, or has stopped where the launch disposition says so, and DRS shows it.
    package let ready: Duration
    package var end: End?
    /// Its place among the instances of its estate, in the order they were planned.
    var sequence = 0

    /// The way out: DRS deletes the recovery instance; EC2 alone leaves DRS with an instance that is terminated.
    package struct End: Sendable {
        package let begins: Duration
        package let gone: Duration
        package let isByEC2Alone: Bool
    }

    /// States of EC2, as EC2 spells them.
    package enum State: String, Sendable {
        case pending
        case running
        case stopped
        case shuttingDown = "shutting-down"
        case terminated

        /// EC2's number of the state.
        var code: Int64 {
            switch self {
            case .pending: 0
            case .running: 16
            case .shuttingDown: 32
            case .terminated: 48
            case .stopped: 80
            }
        }
    }

    /// How long EC2 calls a new instance pending.
    static let boot: Duration = .seconds(20)

    /// EC2 shows a terminated instance for about an hour ("Terminate Amazon EC2 instances", EC2 user guide).
    static let afterlife: Duration = .seconds(3600)

    /// Its state in EC2; nil before it is born and when it is forgotten.
    package func state(at moment: Duration) -> State? {
        guard moment >= born else { return nil }
        if let end, moment >= end.begins {
            if moment >= end.gone { return moment < end.gone + Self.afterlife ? .terminated : nil }
            return .shuttingDown
        }
        guard moment >= min(ready, born + Self.boot) else { return .pending }
        return staysStopped && moment >= ready ? .stopped : .running
    }

    /// Says whether DRS shows it as a recovery instance.
    package func isShown(at moment: Duration) -> Bool {
        guard moment >= ready else { return false }
        guard let end, !end.isByEC2Alone else { return true }
        return moment < end.gone
    }

    /// Says whether nothing can ever show it again.
    func isForgotten(at moment: Duration) -> Bool {
        end.map { !$0.isByEC2Alone && moment >= $0.gone + Self.afterlife } ?? false
    }
}
