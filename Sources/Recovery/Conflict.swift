/// Something that uses servers of a plan now, so that the plan cannot be started.
package struct Conflict: Sendable, Hashable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Another execution of Muster that has not ended, or whose clean-up runs.
        case execution = "EXECUTION"
        /// A DRS job that nobody here started.
        case drsJob = "DRS_JOB"
        /// An execution of a recovery plan of DRS's own.
        case nativePlan = "NATIVE_PLAN"
    }

    package let kind: Kind
    /// The execution's identifier, or DRS's of the job or plan execution.
    package let id: String
    package let status: String
    /// The name of DRS's own recovery plan, where it is one and known.
    package let planName: String?
    package let serverIds: [SourceServerID]

    package init(kind: Kind, id: String, status: String, planName: String? = nil, serverIds: [SourceServerID]) {
        self.kind = kind
        self.id = id
        self.status = status
        self.planName = planName
        self.serverIds = serverIds
    }
}

extension Conflict: CustomStringConvertible {
    /// Kind and identifier, and the plan's name, for a person.
    package var description: String {
        "\(kind.rawValue) \(id)" + (planName.map { " (\($0))" } ?? "")
    }
}
