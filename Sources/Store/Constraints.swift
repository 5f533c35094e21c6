package import PostgreSQL
package import Recovery

extension Refusal {
    /// What a constraint's name means to a person; nil for constraints that only a bug can break.
    ///
    /// The facts that need a look at the database (who holds a server, which plans use a group) are added by the caller.
    package init?(brokenBy failure: PostgresFailure) {
        switch failure.constraint {
        case "account_pkey": self.init(.nameTaken, "The account is registered already.")
        case "account_name_unique": self.init(.nameTaken, "Another account has that name.")
        case "protection_group_name_unique": self.init(.nameTaken, "Another protection group has that name.")
        case "recovery_plan_name_unique": self.init(.nameTaken, "Another recovery plan has that name.")
        case "schedule_name_unique": self.init(.nameTaken, "Another schedule has that name.")
        case "campaign_name_unique": self.init(.nameTaken, "Another campaign has that name.")
        case "notification_target_name_unique": self.init(.nameTaken, "Another notification target has that name.")
        case "role_binding_unique": self.init(.nameTaken, "That name has a binding to that role already.")
        case "group_member_server_unique":
            self.init(.serverAssigned, "Servers belong to another protection group already.")
        case "protection_group_account":
            self.init(.unknownAccount, "No such account is registered.")
        case "plan_group_group":
            self.init(.unknownGroup, "A protection group of the plan was deleted meanwhile.")
        default: return nil
        }
    }
}

/// Runs statements and turns the constraint that refuses them into the refusal it stands for.
package func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let failure as PostgresFailure {
        throw Refusal(brokenBy: failure) ?? failure as any Error
    }
}
