package import Ambient

/// What an examination of the hub found.
package struct DiagnosisView: Codable, Sendable, Hashable {
    package var examinedAt: Instant
    /// The hub's.
    package var version: String
    /// In the order in which the hub needs what was looked at.
    package var findings: [Finding]

    package init(
        examinedAt: Instant,
        version: String,
        findings: [Finding]
    ) {
        self.examinedAt = examinedAt
        self.version = version
        self.findings = findings
    }

    package enum State: String, Codable, Sendable, CaseIterable {
        case good = "GOOD"
        /// It may be meant so.
        case doubtful = "DOUBTFUL"
        case wrong = "WRONG"
    }

    /// What was found of one thing.
    package struct Finding: Codable, Sendable, Hashable {
        package var state: State
        package var subject: String
        package var detail: String
        /// What to do about it; nil where nothing is to be done.
        package var remedy: String?

        package init(
            state: State,
            subject: String,
            detail: String,
            remedy: String?
        ) {
            self.state = state
            self.subject = subject
            self.detail = detail
            self.remedy = remedy
        }
    }
}
