import Console
import Contract
import Hypertext
import Recovery

/// Every page with an ordinary, an empty and a hostile model.
struct Catalogue {
    private(set) var pages: [(name: String, page: any ConsolePage)] = []

    private mutating func add(_ name: String, _ page: any ConsolePage) {
        pages.append((name, page))
    }

    init() {
        addExecutions()
        addOverview()
        addPlans()
        addGroups()
        addAccounts()
        addSchedules()
        addNotifications()
        addRest()
    }

    private mutating func addExecutions() {
        let (hostile, selection) = (Sample.hostile, ExecutionPage.Selection(wave: 1))
        add(
            "execution",
            ExecutionPage(
                execution: Sample.execution(),
                events: Sample.events(),
                selection: selection,
                wallLinks: [Sample.wallLink()],
                spokes: Sample.spokes()
            )
        )
        let ended = Sample.execution(8, status: .partial, type: .recovery)
        add("execution-server", Self.withPanel(Sample.server(14)))
        add("execution-server-unknown", Self.withPanel(Sample.server(999), log: []))
        add("execution-server-hostile", Self.withPanel(Sample.server(14), hostile))
        add("execution-ended", ExecutionPage(execution: ended, events: Sample.events()))
        add("execution-empty", ExecutionPage(execution: Sample.execution(waves: []), events: []))
        let odd = Sample.execution(type: .recovery, text: hostile)
        add(
            "execution-hostile",
            ExecutionPage(
                execution: odd,
                events: Sample.events(hostile),
                wallLinks: [Sample.wallLink(hostile)],
                spokes: Sample.spokes(hostile)
            )
        )
        add("compare", ComparePage(one: Sample.execution(), other: ended, candidates: [ended, odd]))
        add("compare-empty", ComparePage(one: Sample.execution(waves: []), other: nil, candidates: []))
        add("compare-hostile", ComparePage(one: odd, other: odd, candidates: [odd]))
        add("report", Sample.report(of: ended))
        add(
            "report-empty",
            DrillReportPage(execution: Sample.execution(), versions: [], entries: [], findings: [])
        )
        add("report-hostile", Sample.report(of: odd, hostile))
        add("coverage", Sample.coverage())
        add("coverage-empty", Sample.noCoverage)
        add("coverage-hostile", Sample.coverage(hostile))
        add("findings", Sample.findings())
        add("findings-empty", Sample.findings(isEmpty: true))
        add("findings-hostile", Sample.findings(hostile))
        add("executions", ExecutionsPage(executions: [Sample.execution(), ended], nextToken: "abc"))
        add("executions-empty", ExecutionsPage(executions: []))
        add("executions-hostile", ExecutionsPage(executions: [odd], filter: .init(status: .failed), isFirst: false))
    }

    private static func withPanel(
        _ server: SourceServerID,
        _ text: String? = nil,
        log: [JobLogView]? = nil
    ) -> ExecutionPage {
        let execution = Sample.execution(text: text)
        let log =
            log ?? [
                JobLogView(
                    at: Sample.now,
                    waveNumber: 1,
                    accountId: Sample.label("111122223333"),
                    region: Sample.label("us-west-2"),
                    jobId: text ?? "drsjob-0a1",
                    event: text ?? "LAUNCH_FAILED",
                    sourceServerId: server,
                    detail: text ?? "InsufficientInstanceCapacity"
                )
            ]
        let selection = ExecutionPage.Selection(
            wave: 1,
            server: server,
            log: .init(wave: 1, isOfProblems: true, around: 8)
        )
        let panel = ServerPanel(
            execution: execution,
            server: server,
            selection: selection,
            jobLog: log,
            events: log.isEmpty ? [] : Sample.events(text)
        )
        return ExecutionPage(
            execution: execution,
            events: log.isEmpty ? [] : Sample.events(text),
            selection: selection,
            panel: panel
        )
    }

    private mutating func addOverview() {
        let hostile = Sample.hostile
        add(
            "dashboard",
            DashboardPage(
                active: [Sample.execution()],
                recent: [Sample.execution(status: .completed), Sample.execution(9, status: .failed, type: .recovery)],
                standing: Sample.standing(),
                spokes: Sample.spokes(),
                quotas: Sample.quotas()
            )
        )
        add(
            "dashboard-empty",
            DashboardPage(active: [], recent: [], standing: Sample.standing(plans: []), spokes: [], quotas: [])
        )
        add(
            "dashboard-hostile",
            DashboardPage(
                active: [Sample.execution(text: hostile)],
                recent: [Sample.execution(status: .completed, text: hostile)],
                standing: Sample.standing(hostile),
                spokes: Sample.spokes(hostile),
                quotas: Sample.quotas()
            )
        )
        add("approvals", ApprovalsPage(executions: [Sample.execution()]))
        add("approvals-empty", ApprovalsPage(executions: []))
        add("approvals-hostile", ApprovalsPage(executions: [Sample.execution(text: hostile)]))
        add("design", DesignPage())
        let problem = "No such recovery plan."
        add("error-404", ErrorPage(status: 404, title: "Not found", detail: problem, requestId: "r-1", retry: nil))
        add("error-500", ErrorPage(status: 500, title: hostile, detail: hostile, requestId: hostile, retry: "/a"))
        add("error-403", ErrorPage(status: 403, title: "No", detail: "It is not yours.", requestId: nil, retry: "/a"))
    }

    private mutating func addPlans() {
        let hostile = Sample.hostile
        let (plans, odd) = (Sample.plans(), Sample.plans(hostile))
        add("plans", PlansPage(plans: plans))
        add("plans-empty", PlansPage(plans: []))
        add(
            "plans-hostile",
            PlansPage(plans: odd, query: ListQuery("/recovery-plans", sort: "planName", text: hostile))
        )
        add("plan", PlanPage(plan: plans[0], groups: [Sample.id(20): "Databases"], runs: [Sample.execution()]))
        add("plan-empty", PlanPage(plan: plans[2], groups: [:], runs: []))
        add("plan-hostile", PlanPage(plan: odd[0], groups: [Sample.id(20): hostile], runs: []))
        addPlanVersions(plans[0], odd[0])
        let (groups, strangers) = ([Sample.group()], GroupChoices(groups: [Sample.group(hostile)], hasMore: true))
        add("plan-new", PlanEditPage(plan: nil, choices: GroupChoices(groups: groups)))
        add("plan-new-empty", PlanEditPage(plan: nil, choices: GroupChoices(groups: [])))
        add("plan-edit", PlanEditPage(plan: plans[1], groups: groups, choices: GroupChoices(groups: groups)))
        add("plan-edit-hostile", PlanEditPage(plan: odd[1], groups: [Sample.group(hostile)], choices: strangers))
        add("plan-start", PlanStartPage(plan: plans[0], type: .drill, validation: Sample.validation()))
        let blocked = Sample.validation(blocking: true)
        add("plan-start-blocked", PlanStartPage(plan: plans[0], type: .drill, validation: blocked))
        add("plan-start-recovery", PlanStartPage(plan: plans[0], type: .recovery, validation: blocked))
        let strange = Sample.validation(hostile, blocking: true)
        add("plan-start-hostile", PlanStartPage(plan: odd[0], type: .recovery, validation: strange))
    }

    private mutating func addPlanVersions(_ plan: RecoveryPlanView, _ odd: RecoveryPlanView) {
        let query = ListQuery(.planVersions(plan.planId), sort: "-revision", nextToken: "abc")
        func page(_ plan: RecoveryPlanView, _ text: String? = nil) -> PlanVersionsPage {
            PlanVersionsPage(
                plan: plan,
                versions: Sample.versions(text),
                query: query,
                older: Sample.version(13, text),
                newer: Sample.version(14, text)
            )
        }
        add("plan-versions", page(plan))
        add("plan-versions-hostile", page(odd, Sample.hostile))
        let first = Sample.version(14)
        add("plan-versions-empty", PlanVersionsPage(plan: plan, versions: [], query: query, older: nil, newer: first))
        add("plan-versions-same", PlanVersionsPage(plan: plan, versions: [], query: query, older: first, newer: first))
        add("plan-import", PlanImportPage())
    }

    private mutating func addGroups() {
        let hostile = Sample.hostile
        let (accounts, servers) = (Sample.accounts(), Sample.sourceServers())
        add("groups", GroupsPage(groups: [Sample.group(), Sample.group(byTags: true)], accounts: accounts))
        add("groups-empty", GroupsPage(groups: []))
        add("groups-hostile", GroupsPage(groups: [Sample.group(hostile)], accounts: Sample.accounts(hostile)))
        add("group", GroupPage(group: Sample.group(byTags: true)))
        add("group-hostile", GroupPage(group: Sample.group(hostile, byTags: true)))
        let panel = DiscoveryPanel(servers: servers, chosen: [Sample.server(3)])
        add("group-new", GroupEditPage(group: nil, accounts: accounts, panel: panel))
        add("group-new-empty", GroupEditPage(group: nil, accounts: [], panel: DiscoveryPanel(servers: [])))
        let odd = DiscoveryPanel(servers: Sample.sourceServers(hostile), group: Sample.id(20), isByTags: true)
        let group = Sample.group(hostile, byTags: true)
        add("group-edit-hostile", GroupEditPage(group: group, accounts: Sample.accounts(hostile), panel: odd))
        add("servers", ServersPage(servers: servers, accounts: accounts))
        add("servers-empty", ServersPage(servers: []))
        add("servers-hostile", ServersPage(servers: Sample.sourceServers(hostile)))
        add("server", ServerPage(server: servers[0]))
        add("server-hostile", ServerPage(server: Sample.sourceServers(hostile)[2]))
    }

    private mutating func addNotifications() {
        let (hostile, kinds) = (Sample.hostile, NotificationTarget.Kind.allCases)
        add("targets", NotificationTargetsPage(targets: kinds.map { Sample.target($0) }))
        add("targets-empty", NotificationTargetsPage(targets: []))
        add("targets-hostile", NotificationTargetsPage(targets: kinds.map { Sample.target($0, hostile, dead: 1) }))
        for kind in kinds {
            let states = NotificationDelivery.State.allCases
            add(
                "target-\(kind.rawValue)",
                NotificationTargetPage(
                    target: Sample.target(kind, dead: 2),
                    deliveries: states.map { Sample.delivery($0, "3 events") }
                )
            )
            add(
                "target-\(kind.rawValue)-hostile",
                NotificationTargetPage(
                    target: Sample.target(kind, hostile),
                    deliveries: states.map { Sample.delivery($0, hostile) }
                )
            )
        }
        let statuses = Campaign.Status.allCases
        add("campaigns", CampaignsPage(campaigns: statuses.map { Sample.campaign($0) }, plans: .sample(hasMore: true)))
        add("campaigns-empty", CampaignsPage(campaigns: [], plans: PlanChoices(plans: [])))
        let odd = Sample.campaign(.partial, hostile)
        add("campaigns-hostile", CampaignsPage(campaigns: [odd], plans: .sample(hostile)))
        add("campaign", CampaignPage(campaign: Sample.campaign(.running)))
        add("campaign-empty", CampaignPage(campaign: Sample.campaign(.completed, isOutside: true)))
        add("campaign-hostile", CampaignPage(campaign: odd))
        add("orphans", OrphansPage(orphans: Sample.orphans("web-1")))
        add("orphans-empty", OrphansPage(orphans: []))
        add("orphans-hostile", OrphansPage(orphans: Sample.orphans(hostile)))
        let off = Sample.target(isEnabled: false)
        add("target-empty", NotificationTargetPage(target: off, deliveries: []))
    }

    private mutating func addSchedules() {
        let hostile = Sample.hostile
        add("schedules", SchedulesPage(schedules: [Sample.schedule()], plans: .sample(hasMore: true)))
        add("schedules-empty", SchedulesPage(schedules: [], plans: PlanChoices(plans: [])))
        add("schedules-hostile", SchedulesPage(schedules: [Sample.schedule(hostile)], plans: .sample(hostile)))
        let outcomes = ScheduledRun.Outcome.allCases
        add(
            "schedule",
            SchedulePage(
                schedule: Sample.schedule(),
                runs: outcomes.map { Sample.run($0, "Servers are in use.") },
                plans: .sample()
            )
        )
        add("schedule-empty", SchedulePage(schedule: Sample.schedule(isEnabled: false), runs: [], plans: .sample()))
        add(
            "schedule-hostile",
            SchedulePage(
                schedule: Sample.schedule(hostile),
                runs: [Sample.run(.refused, hostile)],
                plans: .sample(hostile)
            )
        )
    }

    private mutating func addAccounts() {
        let hostile = Sample.hostile
        let (accounts, odd) = (Sample.accounts(), Sample.accounts(hostile))
        add("accounts", AccountsPage(accounts: accounts, spokes: Sample.spokes()))
        add("accounts-empty", AccountsPage(accounts: [], spokes: []))
        add("accounts-hostile", AccountsPage(accounts: odd, spokes: Sample.spokes(hostile)))
        let (quotas, places) = (Sample.quotas(), Sample.regions())
        add("account", AccountPage(account: accounts[0], spokes: Sample.spokes(), quotas: quotas, places: places))
        let access = Sample.access()
        add(
            "account-checked",
            AccountPage(account: accounts[0], spokes: [], quotas: [], places: places, access: access)
        )
        add(
            "account-checked-hostile",
            AccountPage(account: odd[0], spokes: [], quotas: [], places: [], access: Sample.access(hostile))
        )
        add("account-empty", AccountPage(account: accounts[1], spokes: [], quotas: [], places: []))
        add("account-hostile", AccountPage(account: odd[0], spokes: Sample.spokes(hostile), quotas: [], places: places))
    }

    private mutating func addRest() {
        let hostile = Sample.hostile
        let half = GettingStartedPage.Progress(
            hasAccount: true,
            hasSpoke: true,
            hasGroup: true,
            hasPlan: false,
            hasDrill: false
        )
        add("getting-started", GettingStartedPage(progress: half))
        add("audit", AuditPage(events: Sample.audit()))
        add("audit-empty", AuditPage(events: []))
        add("audit-hostile", AuditPage(events: Sample.audit(hostile)))
        add("settings-empty", SettingsPage(user: Sample.user(), sessions: []))
        add("settings", SettingsPage(user: Sample.user(), sessions: Sample.sessions()))
        add("settings-hostile", SettingsPage(user: Sample.user(hostile), sessions: Sample.sessions(hostile)))
        add("wall", WallPage(execution: Sample.execution(), events: Sample.events()))
        add("wall-empty", WallPage(execution: Sample.execution(waves: []), events: []))
        add("wall-hostile", WallPage(execution: Sample.execution(text: hostile), events: Sample.events(hostile)))
        let (plans, groups, servers) = (Sample.plans(), [Sample.group()], Sample.sourceServers())
        add("search", SearchPage(text: "pay", plans: plans, groups: groups, servers: servers))
        add("search-empty", SearchPage(text: hostile, plans: [], groups: [], servers: []))
        add("api", APIPage(calls: Contract.calls))
    }
}
