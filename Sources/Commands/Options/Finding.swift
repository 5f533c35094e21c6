internal import Ambient
internal import Contract
internal import Recovery

extension Session {
    /// The group of that id or name.
    func group(_ text: String) async throws -> ProtectionGroup.ID {
        if let id = ProtectionGroup.ID(text) { return id }
        let found = try await client.first(of: ListProtectionGroups(q: text)) { isSame($0.groupName, text) }
        guard let found else { throw Self.missing("protection group", text, "group") }
        return found.groupId
    }

    /// The plan of that id or name.
    func plan(_ text: String) async throws -> RecoveryPlan.ID {
        if let id = RecoveryPlan.ID(text) { return id }
        let found = try await client.first(of: ListRecoveryPlans(q: text)) { isSame($0.planName, text) }
        guard let found else { throw Self.missing("recovery plan", text, "plan") }
        return found.planId
    }

    /// The execution of that id, the latest of all, or the latest of the plan of that name.
    func execution(_ text: String) async throws -> Execution.ID {
        if let id = Execution.ID(text) { return id }
        let isAny = text.lowercased() == "latest"
        let plan = isAny ? nil : try await plan(text)
        // Lists begin with the newest.
        guard let found = try await client.send(ListExecutions(planId: plan, limit: 1)).items.first else {
            throw Trouble(
                isAny ? "There is no execution yet" : "The plan \(text) was never started",
                code: "NOT_FOUND",
                advice: "Start one with: muster execution start"
            )
        }
        return found.executionId
    }

    /// The campaign of that id or name.
    func campaign(_ text: String) async throws -> Campaign.ID {
        if let id = Campaign.ID(text) { return id }
        let found = try await client.first(of: ListCampaigns()) { isSame($0.campaignName, text) }
        guard let found else { throw Self.missing("campaign", text, "campaign") }
        return found.campaignId
    }

    /// The notification target of that id or name.
    func target(_ text: String) async throws -> NotificationTarget.ID {
        if let id = NotificationTarget.ID(text) { return id }
        let found = try await client.first(of: ListNotificationTargets(q: text)) { isSame($0.targetName, text) }
        guard let found else { throw Self.missing("notification target", text, "notification") }
        return found.targetId
    }

    /// The schedule of that id or name.
    func schedule(_ text: String) async throws -> Schedule.ID {
        if let id = Schedule.ID(text) { return id }
        let found = try await client.first(of: ListSchedules(q: text)) { isSame($0.scheduleName, text) }
        guard let found else { throw Self.missing("schedule", text, "schedule") }
        return found.scheduleId
    }

    /// The spoke of that id or name.
    func spoke(_ text: String) async throws -> Identifier<Spoke> {
        if let id = Identifier<Spoke>(text) { return id }
        let found = try await client.first(of: ListSpokes()) { isSame($0.name, text) }
        guard let found else { throw Self.missing("spoke", text, "spoke") }
        return found.spokeId
    }

    /// Names are unique without regard to case, and meant so.
    private func isSame(_ name: String, _ text: String) -> Bool {
        name.lowercased() == text.lowercased()
    }

    private static func missing(_ noun: String, _ name: String, _ command: String) -> Trouble {
        Trouble(
            "There is no \(noun) named \(name)",
            code: "NOT_FOUND",
            advice: "See what there is with: muster \(command) list"
        )
    }
}
