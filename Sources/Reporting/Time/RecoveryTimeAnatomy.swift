package import Ambient
package import JSON

/// Where the recovery time went: every millisecond of it belongs to one of five, and to one only.
package struct RecoveryTimeAnatomy: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// DRS at work on the launch that counted.
        case machine = "MACHINE"
        /// Waiting for quota, throttled, or for whatever used the servers.
        case queue = "QUEUE"
        /// Waiting for a person: a declaration, a pause, an approval, a decision to try again.
        case human = "HUMAN"
        /// An attempt that failed.
        case retry = "RETRY"
        /// Our own: from a decision of the hub to DRS's acceptance, and between waves.
        case hub = "HUB"
    }

    /// A piece of the way.
    package struct Segment: Codable, Sendable, Hashable {
        package var kind: Kind
        package var from: Instant
        package var to: Instant
        package var what: String
        @Nullable package var waveNumber: Int?
        @Nullable package var sourceServerId: String?

        package var milliseconds: Int { Int(to.milliseconds - from.milliseconds) }
    }

    /// Milliseconds by kind; they add up to `total`.
    package struct Totals: Codable, Sendable, Hashable {
        package var machine = 0
        package var queue = 0
        package var human = 0
        package var retry = 0
        package var hub = 0
        package var total = 0

        package subscript(kind: Kind) -> Int {
            switch kind {
            case .machine: machine
            case .queue: queue
            case .human: human
            case .retry: retry
            case .hub: hub
            }
        }

        mutating func add(_ segment: Segment) {
            total += segment.milliseconds
            switch segment.kind {
            case .machine: machine += segment.milliseconds
            case .queue: queue += segment.milliseconds
            case .human: human += segment.milliseconds
            case .retry: retry += segment.milliseconds
            case .hub: hub += segment.milliseconds
            }
        }
    }

    package var from: Instant
    package var to: Instant
    /// One after the other without a gap, from `from` to `to`.
    package var segments: [Segment]
    package var totals: Totals

    init(from: Instant, to: Instant, segments: [Segment]) {
        self.from = from
        self.to = to
        self.segments = segments
        totals = segments.reduce(into: Totals()) { $0.add($1) }
    }
}
