/// What an ended execution amounts to, and what stands against it.
package struct Verdict: Sendable, Hashable, Codable {
    package enum Result: String, Sendable, Codable, CaseIterable {
        case pass = "PASS"
        case passWithDeviations = "PASS_WITH_DEVIATIONS"
        case partial = "PARTIAL"
        case fail = "FAIL"
        case aborted = "ABORTED"
    }

    /// What stands against a plain pass.
    package enum Code: String, Sendable, CaseIterable {
        case criticalServerFailed = "CRITICAL_SERVER_FAILED"
        case optionalServerFailed = "OPTIONAL_SERVER_FAILED"
        case serverSkipped = "SERVER_SKIPPED"
        case serverTimedOut = "SERVER_TIMED_OUT"
        case waveCancelled = "WAVE_CANCELLED"
        case cancelledByPerson = "CANCELLED_BY_PERSON"
        case approvalDeclined = "APPROVAL_DECLINED"
        case pauseExpired = "PAUSE_EXPIRED"
        case recoveryTimeObjectiveMissed = "RECOVERY_TIME_OBJECTIVE_MISSED"
        case instanceNotSeen = "INSTANCE_NOT_SEEN"
        case instancesNotCleanedUp = "INSTANCES_NOT_CLEANED_UP"
    }

    package struct Reason: Sendable, Hashable, Codable {
        package var code: String
        package var text: String

        package init(_ code: Code, _ text: String) {
            self.code = code.rawValue
            self.text = text
        }
    }

    package var result: Result
    package var reasons: [Reason]

    package init(result: Result, reasons: [Reason]) {
        self.result = result
        self.reasons = reasons
    }
}
