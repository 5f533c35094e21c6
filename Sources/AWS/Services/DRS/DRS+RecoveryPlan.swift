extension DRS {
    /// A recovery plan of DRS's own, as its list shows it.
    package struct RecoveryPlanSummary: Sendable, Hashable, Codable {
        package var recoveryPlanArn: String
        package var name: String?
    }

    /// How far an execution of a recovery plan is (botocore 1.44.5; the user guide also has `TIMED_OUT`).
    package struct RecoveryPlanExecutionStatus: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let created: Self = "CREATED"
        package static let inProgress: Self = "IN_PROGRESS"
        /// Cancelled, while the step that runs goes on to its end.
        package static let cancelling: Self = "CANCELLING"

        /// The statuses in which DRS still works on it.
        package static let active: [Self] = [.created, .inProgress, .cancelling]
    }

    /// An execution of a recovery plan, as its list shows it.
    package struct RecoveryPlanExecutionSummary: Sendable, Hashable, Codable {
        package var recoveryPlanExecutionArn: String
        package var recoveryPlanArn: String?
        /// `DRILL` or `RECOVERY`.
        package var mode: String?
        package var status: RecoveryPlanExecutionStatus?
        package var startedAt: WireTime?
    }

    /// A step of a recovery plan or of its execution, as far as servers stand in it.
    struct RecoveryPlanStep: Sendable, Hashable, Codable {
        struct Configuration: Sendable, Hashable, Codable {
            /// In steps of an execution.
            var executionServerStepConfiguration: Servers?
            /// In steps of a plan.
            var serverStepConfiguration: Servers?
        }

        struct Servers: Sendable, Hashable, Codable {
            var servers: [Server]?
        }

        struct Server: Sendable, Hashable, Codable {
            var serverArn: String?
        }

        /// A waiting step has none.
        var configuration: Configuration?

        var serverIDs: [String] {
            let servers = configuration?.executionServerStepConfiguration ?? configuration?.serverStepConfiguration
            return (servers?.servers ?? []).compactMap { server in
                server.serverArn?.split(separator: "/").last.map(String.init)
            }
        }
    }

    /// An execution of a recovery plan that DRS still works on, with every server that it uses.
    package struct ActivePlanExecution: Sendable, Hashable {
        package var execution: RecoveryPlanExecutionSummary
        package var planName: String?
        /// Each once, in the order of the steps.
        package var sourceServerIDs: [String]
    }
}
