/// An agent that serves accounts: it holds the assume-role credentials and calls AWS; the hub never does.
package enum Spoke {
    package enum State: String, Sendable, Codable, CaseIterable {
        case connected = "CONNECTED"
        /// No heartbeat for 30 s, or its stream closed and did not come back within 2 s.
        case lost = "LOST"
        /// It finishes what it has and gets nothing new.
        case draining = "DRAINING"
    }
}
