package import Ambient

/// What the world was asked, for tests and for whoever watches.
package struct Ledger: Sendable {
    /// A start of recovery that was accepted, whether or not the caller ever got the answer.
    package struct Start: Sendable {
        package let place: Place
        package let job: String
        package let at: Instant
        package let isDrill: Bool
        package let servers: [String]
        package let tags: [String: String]
        /// Started by the control call, not by a client of AWS.
        package let isForeign: Bool
    }

    /// A message published to SNS.
    package struct Publication: Sendable {
        package let place: Place
        package let at: Instant
        package let topic: String
        package let subject: String?
        package let message: String
    }

    /// Publications kept, at most: the oldest go first.
    static let publicationLimit = 1000

    /// Calls by service and operation, as `drs:StartRecovery`, whatever became of them.
    package private(set) var calls: [String: Int] = [:]
    /// Refused calls by service, operation and code, as `drs:StartRecovery ConflictException`.
    package private(set) var refusals: [String: Int] = [:]
    /// Calls hit by a fault, by service and operation.
    package private(set) var faults: [String: Int] = [:]
    package private(set) var throttled = 0
    package internal(set) var starts: [Start] = []
    package private(set) var publications: [Publication] = []

    mutating func count(_ call: String) {
        calls[call, default: 0] += 1
    }

    mutating func count(_ refusal: Refusal, of call: String) {
        refusals["\(call) \(refusal.code)", default: 0] += 1
        if refusal.status == 429 { throttled += 1 }
    }

    mutating func countFault(of call: String) {
        faults[call, default: 0] += 1
    }

    mutating func keep(_ publication: Publication) {
        publications.append(publication)
        if publications.count > Self.publicationLimit { publications.removeFirst() }
    }
}
