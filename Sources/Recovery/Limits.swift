/// Every limit of the product in one place, each with its reason.
package enum Limits {
    /// Characters of a name: enough for any naming scheme, and short enough for a table's column.
    package static let nameLength = 1...128
    /// Characters of a description, reason or comment: a page of text.
    package static let textLength = 0...4096
    /// Waves of a plan: DRS's own plans have 20 steps, and a thousand is more than any application needs.
    package static let wavesPerPlan = 1000
    /// Servers of a plan: the largest single recovery Muster is built and measured for.
    package static let serversPerPlan = 5000
    /// Servers of a group listed by hand; DRS keeps at most 4,000 source servers in an account and Region
    /// (AWS General Reference, L-E28BE5E0).
    package static let serversPerGroup = 4000
    /// Protection groups that one wave may name.
    package static let groupsPerWave = 1000
    /// Tags in a selection: AWS allows 50 tags on a resource.
    package static let selectionTags = 50
    /// Characters of a tag's key or value as DRS takes them.
    package static let tagLength = 256
    /// Minutes a job may take after DRS accepted it, at most: a day, as DRS's own plans allow.
    package static let timeoutMinutes = 1...1440
    /// Minutes a job may take where the plan does not say.
    package static let defaultTimeoutMinutes = 60
    /// Hours after which a drill's instances are terminated by themselves: at most a month, which is a dear drill.
    package static let cleanUpHours = 1...744
    /// Blackouts of a schedule: a change freeze a week for some years.
    package static let blackoutsPerSchedule = 0...200
    /// Minutes by which a scheduled drill may begin later than planned: up to a day, then it is another day's drill.
    package static let patienceMinutes = 0...1440
    package static let defaultPatienceMinutes = 240
    /// Characters of a cron expression: every hour and every day of a month by name take less.
    package static let cronLength = 9...256
    /// Characters of a time zone's name in the IANA database; the longest has 32.
    package static let timeZoneLength = 1...64
    /// Minutes before a scheduled drill at which people are told of it: up to a week; 0: they are not.
    package static let noticeMinutes = 0...10_080
    package static let defaultNoticeMinutes = 60
    /// Next times that a schedule shows.
    package static let shownRuns = 10
    /// How long a pause may last, from the product requirements: one year.
    package static let pauseSeconds = 31_536_000
    /// Hours that a wall's link may be good: a screen that hangs longer than a month is an operator's to look after.
    package static let wallLinkHours = 1...720
    /// Hours that it is good where nobody says: a day covers a drill and a war room's first night.
    package static let defaultWallLinkHours = 24
    /// Links of one execution at the same time: more walls than that hang in no building.
    package static let wallLinksPerExecution = 50
    /// Items of one page of a list.
    package static let pageSize = 1...200
    package static let defaultPageSize = 50
    /// Characters of a search text: as long as a name, which is what it searches.
    package static let searchLength = 1...128
    /// Characters of an identifier or label of AWS's; every one known is shorter.
    package static let labelLength = 64
    /// Characters of a list's cursor: it holds one sort key and one identifier.
    package static let cursorLength = 1...1024
    /// Bytes of a request's body.
    package static let bodyBytes = 1_048_576
    /// Bytes of a request's headers.
    package static let headerBytes = 65_536
    /// Characters of an idempotency key.
    package static let idempotencyKeyLength = 64
    /// Hours that an idempotency key is remembered.
    package static let idempotencyHours = 24
    /// Role bindings in all: every request is judged by all of them, which the hub holds in memory.
    package static let roleBindings = 1000
    /// Accounts that one role binding may name.
    package static let accountsPerBinding = 1...1000
    /// Bytes of the name that a binding is for: a subject and the address of its issuer.
    package static let bindingNameLength = 1...512
    /// Plans of one campaign: an enterprise of some hundred accounts has as many applications.
    package static let plansPerCampaign = 1...500
    /// Drills of a campaign at once; quotas hold each account back besides.
    package static let drillsAtOnce = 1...100
    package static let defaultDrillsAtOnce = 5
    /// Notification targets in all, give or take some made at the same moment: each event is compared with all of them.
    package static let notificationTargets = 200
    /// Accounts or plans that one target may name.
    package static let namesPerTarget = 0...1000
    /// Characters of a webhook's URL: more than any that servers take.
    package static let urlLength = 1...2048
    /// Characters of the secret that signs a webhook's messages: 32 random bytes in hexadecimal are 64.
    package static let webhookSecretLength = 32...256
    /// Characters of a mail server's host name (RFC 1035 section 2.3.4).
    package static let hostLength = 1...253
    package static let port = 1...65_535
    /// Characters of a mail address (RFC 5321 section 4.5.3.1).
    package static let mailAddressLength = 3...254
    /// Receivers of one mail: RFC 5321 section 4.5.3.1.8 has servers take 100 at least.
    package static let mailReceivers = 0...50
    /// How often a message is tried before it counts as dead: for some hours.
    package static let deliveryAttempts = 20
    /// Hours that the answers to work of no execution (syncs, checks) are kept: whoever asked has long read them.
    package static let answerHours = 1
    /// Hours that a spoke's session is kept after its end, for whoever looks why it ended.
    package static let spokeSessionHours = 1
    /// Days that a break-glass code is kept after its end: until somebody has asked who used it.
    package static let breakGlassDays = 1
    /// Days that it is kept what became of a schedule's times: more than a year, so that this year's drills can be laid
    /// beside last year's.
    package static let scheduledRunDays = 400
    /// Years that the audit is kept in the database unless said otherwise: as financial records usually are.
    package static let auditYears = 7
    /// Days that messages which have ended are kept.
    package static let deliveryDays = 30
    /// Approvals a wave may ask for.
    package static let approvalsPerWave = 1...10
    /// Minutes of a recovery time objective, up to a year.
    package static let objectiveMinutes = 1...525_600
    /// Seconds of a recovery point objective, up to a year; DRS keeps recovery points for at most that long.
    package static let objectiveSeconds = 1...31_536_000
}

/// The quotas of DRS in one account and Region (AWS General Reference, "AWS Elastic Disaster Recovery endpoints and
/// quotas"); data, because an account may have others.
package struct Quotas: Sendable, Hashable, Codable {
    /// L-D88FAC3A.
    package var concurrentJobs: Int
    /// L-B827C881.
    package var serversPerJob: Int
    /// L-05AFA8C6.
    package var serversInAllJobs: Int
    /// L-C1D14A2B.
    package var replicatingServers: Int
    /// L-E28BE5E0.
    package var totalServers: Int

    package init(
        concurrentJobs: Int = 20,
        serversPerJob: Int = 100,
        serversInAllJobs: Int = 500,
        replicatingServers: Int = 300,
        totalServers: Int = 4000
    ) {
        self.concurrentJobs = concurrentJobs
        self.serversPerJob = serversPerJob
        self.serversInAllJobs = serversInAllJobs
        self.replicatingServers = replicatingServers
        self.totalServers = totalServers
    }
}
