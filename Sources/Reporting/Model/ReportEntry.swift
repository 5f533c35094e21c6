package import Ambient
package import JSON
package import Recovery

/// Something about a drill that only people know, with who said so and when.
package struct ReportEntry: Codable, Sendable, Hashable {
    package typealias ID = Identifier<ReportEntry>

    /// Where in the report it stands.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case purpose = "PURPOSE"
        case scenario = "SCENARIO"
        /// Of the business impact analysis or the risk assessment.
        case riskReference = "RISK_REFERENCE"
        case assumption = "ASSUMPTION"
        case successCriterion = "SUCCESS_CRITERION"
        case expectedOutcome = "EXPECTED_OUTCOME"
        case regulation = "REGULATION"
        case thirdParty = "THIRD_PARTY"
        /// Somebody who is to take part, said beforehand.
        case plannedParticipant = "PLANNED_PARTICIPANT"
        case participant = "PARTICIPANT"
        /// Somebody who was to take part and did not.
        case absence = "ABSENCE"
        /// Instance types, subnets, the network that keeps a drill apart.
        case launchSetting = "LAUNCH_SETTING"
        /// Who approved which version of the plan, and when.
        case planApproval = "PLAN_APPROVAL"
        /// Who let a check that failed pass, and why.
        case waiver = "WAIVER"
        /// Console output, screenshots, addresses: what was seen of a server.
        case serverEvidence = "SERVER_EVIDENCE"
        case validation = "VALIDATION"
        /// Work outside of the tool.
        case manualStep = "MANUAL_STEP"
        /// What is to be done better, and what the plan should learn.
        case lesson = "LESSON"
        /// What shows that there was no route to production.
        case isolation = "ISOLATION"
        case cost = "COST"
        case failback = "FAILBACK"
        case distribution = "DISTRIBUTION"
        case signOff = "SIGN_OFF"

        /// The section that shows it.
        package var section: Int {
            switch self {
            case .purpose, .scenario, .riskReference, .assumption, .successCriterion, .expectedOutcome, .regulation: 3
            case .thirdParty: 4
            case .plannedParticipant, .participant, .absence: 5
            case .launchSetting, .planApproval: 6
            case .waiver: 7
            case .serverEvidence: 11
            case .validation: 12
            case .manualStep: 14
            case .lesson: 15
            case .isolation: 16
            case .cost: 17
            case .failback: 18
            case .distribution, .signOff: 21
            }
        }

        /// `Success criterion`, for people.
        package var words: String {
            let words = rawValue.lowercased().replacing("_", with: "-")
            return words.prefix(1).uppercased() + words.dropFirst().replacing("-", with: " ")
        }
    }

    package var entryId: ID
    package var executionId: Execution.ID
    package var kind: Kind
    package var text: String
    /// Whom or what it is about: a participant, a third party, a signatory.
    @Nullable package var name: String?
    /// What they are in this drill: "incident lead", "author", "business owner".
    @Nullable package var role: String?
    package var by: String
    package var at: Instant
    /// Who took it back, and when; it stays on record.
    @Nullable package var withdrawnBy: String?
    @Nullable package var withdrawnAt: Instant?

    package init(
        entryId: ID,
        executionId: Execution.ID,
        kind: Kind,
        text: String,
        name: String? = nil,
        role: String? = nil,
        by: String,
        at: Instant,
        withdrawnBy: String? = nil,
        withdrawnAt: Instant? = nil
    ) {
        self.entryId = entryId
        self.executionId = executionId
        self.kind = kind
        self.text = text
        self.name = name
        self.role = role
        self.by = by
        self.at = at
        self.withdrawnBy = withdrawnBy
        self.withdrawnAt = withdrawnAt
    }
}
