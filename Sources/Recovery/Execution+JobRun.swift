package import Ambient

extension Execution {
    /// One DRS job: servers of one wave, account and Region.
    package struct JobRun: Sendable, Hashable {
        package enum State: String, Sendable, Codable, CaseIterable {
            case queued = "QUEUED"
            case accepted = "ACCEPTED"
            case ended = "ENDED"
            /// Taken back before any spoke had it.
            case withdrawn = "WITHDRAWN"
            /// DRS will never take it.
            case refused = "REFUSED"

            package var isOpen: Bool {
                switch self {
                case .queued, .accepted: true
                case .ended, .withdrawn, .refused: false
                }
            }
        }

        package let key: JobKey
        package let waveNumber: Int
        package let place: Place
        package let servers: [SourceServerID]
        package internal(set) var state: State
        package internal(set) var jobId: String?
        package internal(set) var acceptedAt: Instant?
        package internal(set) var endedAt: Instant?
        /// What it waits for, as far as the journal says; nil: it does not wait, or not for long yet.
        package internal(set) var wait: Wait?

        package struct Wait: Sendable, Hashable {
            package var kind: LaunchWait.Kind
            package var since: Instant

            package init(kind: LaunchWait.Kind, since: Instant) {
                self.kind = kind
                self.since = since
            }
        }

        package init(
            key: JobKey,
            waveNumber: Int,
            place: Place,
            servers: [SourceServerID],
            state: State = .queued,
            jobId: String? = nil,
            acceptedAt: Instant? = nil,
            endedAt: Instant? = nil,
            wait: Wait? = nil
        ) {
            self.key = key
            self.waveNumber = waveNumber
            self.place = place
            self.servers = servers
            self.state = state
            self.jobId = jobId
            self.acceptedAt = acceptedAt
            self.endedAt = endedAt
            self.wait = wait
        }
    }
}

/// `execution/wave/servers/attempt`: the same work has the same key, whoever writes it down and how often.
package struct JobKey: Sendable, Hashable, Comparable, CustomStringConvertible, Codable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    init(execution: Execution.ID, wave: Int, place: Place, ordinal: Int, attempt: Int) {
        text = "\(execution)/\(wave)/\(place.accountId).\(place.region).\(ordinal)/\(attempt)"
    }

    package var description: String { text }

    package static func < (left: JobKey, right: JobKey) -> Bool {
        left.text < right.text
    }
}
