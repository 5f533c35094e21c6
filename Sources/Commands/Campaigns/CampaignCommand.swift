internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "Drills of many plans as one.",
        subcommands: [
            CampaignList.self, CampaignShow.self, CampaignStart.self, CampaignCancel.self, CampaignReportGet.self,
        ]
    )
}

struct CampaignList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List campaigns, the newest first.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Flag(help: "Only such as have not ended.") var active = false

    func run() async throws {
        try await common.session { session in
            let call = ListCampaigns(active: active ? true : nil)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct CampaignShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a campaign with what became of each plan."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The campaign's name or id.") var campaign: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.campaign(campaign)
            session.output.show(try await session.client.reply(to: GetCampaign(campaignId: id)))
        }
    }
}

struct CampaignStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start drills of many plans, so many at once.",
        discussion: """
            muster campaign start "Autumn 2026" --plan Shop --plan Payroll --at-once 5 --per-account 1 --stop-after 3 \\
                --clean-up-after 12
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The campaign's name.") var name: String
    @Option(help: "A plan, by name or id; repeat for more, in their order.") var plan: [String] = []
    @Flag(help: "All plans there are, by name.") var allPlans = false
    @Option(help: "Why; each drill has it as its reason.") var reason: String?
    @Option(help: "Drills at once.") var atOnce: Int?
    @Option(help: "Drills at once that touch the same account.") var perAccount: Int?
    @Option(help: "So many drills that were not completed stop it.") var stopAfter: Int?
    @Option(help: "Minutes that a plan whose servers are in use is waited for.") var patience: Int?
    @Option(help: "Hours after its start at which a drill's instances are terminated by themselves.")
    var cleanUpAfter: Int?

    func validate() throws {
        guard plan.isEmpty == allPlans else { throw ValidationError("Name plans by --plan, or say --all-plans.") }
    }

    func run() async throws {
        try await common.session { session in
            var plans: [RecoveryPlan.ID] = []
            for plan in plan { plans.append(try await session.plan(plan)) }
            if allPlans {
                let call = ListRecoveryPlans(sort: "planName")
                plans = try await session.client.every(call, atMost: Limits.plansPerCampaign.upperBound).answer
                    .map(\.planId)
            }
            let body = CampaignBody(
                campaignName: name,
                reason: reason,
                planIds: plans,
                maxConcurrent: atOnce,
                maxConcurrentPerAccount: perAccount,
                stopAfterFailures: stopAfter,
                patienceMinutes: patience,
                cleanUpAfterHours: cleanUpAfter
            )
            let reply = try await session.client.reply(to: StartCampaign(body: body))
            session.output.report(
                reply,
                "Started the campaign \(name) of \(counted(reply.answer.counts.total, "plan")): \(reply.answer.campaignId)."
            )
        }
    }
}

struct CampaignCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a campaign: nothing more begins, and drills that run go on."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The campaign's name or id.") var campaign: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.campaign(campaign)
            let reply = try await session.client.reply(to: CancelCampaign(campaignId: id))
            session.output.report(
                reply,
                "The campaign \(reply.answer.campaignName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}

extension CampaignView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("NAME"), .text("STATUS"), .text("STARTED"), .text("PLANS"), .text("PASSED"), .text("FAILED"),
            .text("RUNNING"), .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(campaignName), Table.Cell(status.rawValue), Table.Cell(ClockText.of(startedAt)),
            Table.Cell("\(counts.total)"), Table.Cell("\(counts.passed)"), Table.Cell("\(counts.failed)"),
            Table.Cell("\(counts.running)"), Table.Cell(campaignId.description, .faint),
        ]
    }

    var quiet: String { campaignId.description }

    var sections: [Section] {
        var fields: [(name: String, value: Table.Cell)] = [
            ("Campaign", Table.Cell(campaignName, .strong)), ("Id", Table.Cell(campaignId.description)),
            ("Status", Table.Cell(status.rawValue)),
            ("Started", Table.Cell("\(ClockText.of(startedAt)) by \(startedBy)")),
            ("Ended", .optional(endedAt.map { ClockText.of($0) })), ("Clock", Table.Cell("\(elapsedSeconds) s")),
            ("At once", Table.Cell("\(maxConcurrent)")),
            ("Per account", .optional(maxConcurrentPerAccount.map { "\($0)" })),
            ("Stops after", .optional(stopAfterFailures.map { "\($0) failures" })),
            (
                "Plans",
                Table.Cell(
                    "\(counts.passed) passed, \(counts.failed) failed, \(counts.running) running, "
                        + "\(counts.waiting) waiting, \(counts.skipped) skipped"
                )
            ),
        ]
        if let servers {
            fields.append(
                ("Servers", Table.Cell("\(servers.launched) of \(servers.total) launched, \(servers.failed) failed"))
            )
        }
        if itemsOutsideScope > 0 { fields.append(("Not shown", Table.Cell("\(itemsOutsideScope) plans of others"))) }
        let rows = (items ?? []).map { item in
            [
                Table.Cell("\(item.position + 1)"), Table.Cell(item.planName), Table.Cell(item.state.rawValue),
                Table.Cell.optional(item.executionId?.description), .optional(item.detail),
            ]
        }
        let columns: [Table.Column] = [
            .text("NO"), .text("PLAN"), .text("STATE"), .text("EXECUTION"), .text("WHY"),
        ]
        return [.fields(fields), .table(title: "Plans", Table(columns, rows))]
    }
}
