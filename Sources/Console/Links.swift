internal import Ambient
package import Contract
package import Hypertext
package import Recovery

/// Every address of the console: routes and links are written here and nowhere else.
extension Link {
    package static func execution(_ id: Execution.ID) -> Link { "/executions/\(id.description)" }
    package static func executionWall(_ id: Execution.ID) -> Link { "/executions/\(id.description)/wall" }
    package static func executionReport(_ id: Execution.ID) -> Link { "/executions/\(id.description)/report" }
    /// A report in one of its forms; without a version, the newest.
    package static func report(_ id: Execution.ID, _ format: ReportFormat, version: Int? = nil) -> Link {
        let link: Link = "/api/v1/executions/\(id.description)/report?format=\(format.rawValue)"
        return link.with([("version", version.map(String.init))])
    }
    /// A campaign's report in one of its forms.
    package static func campaignReport(_ id: Campaign.ID, _ format: ReportFormat) -> Link {
        "/api/v1/campaigns/\(id.description)/report?format=\(format.rawValue)"
    }
    /// The coverage in one of its forms, narrowed as the page is.
    package static func coverage(_ format: ReportFormat, _ asked: GetCoverage) -> Link {
        let link: Link = "/api/v1/reports/coverage?format=\(format.rawValue)"
        return link.with([
            ("accountId", asked.accountId?.rawValue), ("region", asked.region?.rawValue),
            ("application", asked.application), ("owner", asked.owner), ("days", asked.days.map(String.init)),
        ])
    }
    package static func compare(_ id: Execution.ID) -> Link { "/executions/compare?a=\(id.description)" }
    package static func plan(_ id: RecoveryPlan.ID) -> Link { "/recovery-plans/\(id.description)" }
    package static func planEdit(_ id: RecoveryPlan.ID) -> Link { "/recovery-plans/\(id.description)/edit" }
    package static func planVersions(_ id: RecoveryPlan.ID) -> Link { "/recovery-plans/\(id.description)/versions" }
    package static func planFile(_ id: RecoveryPlan.ID) -> Link { "/api/v1/recovery-plans/\(id.description)/file" }
    package static func planStart(_ id: RecoveryPlan.ID, _ type: ExecutionType) -> Link {
        "/recovery-plans/\(id.description)/start?type=\(type.rawValue)"
    }
    package static func schedule(_ id: Schedule.ID) -> Link { "/schedules/\(id.description)" }
    package static func campaign(_ id: Campaign.ID) -> Link { "/campaigns/\(id.description)" }
    package static func notificationTarget(_ id: NotificationTarget.ID) -> Link {
        "/notification-targets/\(id.description)"
    }
    package static func group(_ id: ProtectionGroup.ID) -> Link { "/protection-groups/\(id.description)" }
    package static func groupEdit(_ id: ProtectionGroup.ID) -> Link { "/protection-groups/\(id.description)/edit" }
    package static func server(_ id: SourceServerID) -> Link { "/servers/\(id.rawValue)" }
    package static func account(_ id: AccountNumber) -> Link { "/accounts/\(id.rawValue)" }

    /// An instance in AWS's own console.
    package static func awsInstance(_ id: String, in region: Region) -> Link? {
        guard id.hasPrefix("i-"), id.utf8.allSatisfy({ $0 != 0x2F && $0 != 0x3F && $0 != 0x23 && $0 != 0x26 }) else {
            return nil
        }
        let host = "https://\(region.rawValue).console.aws.amazon.com"
        return Link(external: "\(host)/ec2/home?region=\(region.rawValue)#InstanceDetails:instanceId=\(id)")
    }
}
