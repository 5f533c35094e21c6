internal import Ambient
internal import Recovery

extension Report.RecoveryTime {
    init(_ story: Story) {
        let execution = story.execution
        let launched = execution.servers.filter { $0.status == .launched }
        let last = launched.max { ($0.endedAt ?? execution.startedAt) < ($1.endedAt ?? execution.startedAt) }
        let from = execution.declaredAt ?? execution.startedAt
        let hasEnded = execution.endedAt != nil
        let to = hasEnded ? execution.lastLaunch ?? execution.endedAt ?? story.now : story.now
        self.init(
            objectiveSeconds: execution.plan.recoveryTimeObjectiveMinutes.map { $0 * 60 },
            anatomy: RecoveryTimeAnatomy(
                story.facts,
                plan: story.dependencies,
                from: min(from, execution.startedAt),
                to: to,
                endingWith: hasEnded ? last?.sourceServerId.rawValue : nil
            ),
            isReached: last != nil,
            waves: execution.waves.compactMap { Self.wave($0, story) },
            accounts: Self.accounts(story, from: from)
        )
    }

    private static func wave(_ wave: Execution.WaveRun, _ story: Story) -> Report.WaveTime? {
        guard let end = wave.endedAt,
            let ready = CriticalPath.ready(wave.waveNumber, in: story.course, story.dependencies, before: end)
        else { return nil }
        var path = CriticalPath(story.course, dependencies: story.dependencies, from: ready, to: end)
        return Report.WaveTime(
            waveNumber: wave.waveNumber,
            name: story.execution.plan.waves[wave.waveNumber].name,
            anatomy: path.follow(only: wave.waveNumber).totals
        )
    }

    private static func accounts(_ story: Story, from: Instant) -> [Report.AccountTime] {
        let byAccount = Dictionary(grouping: story.servers, by: \.accountId)
        return byAccount.keys.sorted().map { account in
            let servers = byAccount[account] ?? []
            let launched = servers.filter { $0.status == .launched }
            return Report.AccountTime(
                accountId: account,
                servers: servers.count,
                launched: launched.count,
                untilLastLaunchSeconds: launched.compactMap(\.endedAt).max().map { Int(($0 - from).seconds.rounded()) }
            )
        }
    }
}

extension Report.CleanUp {
    init(_ story: Story) {
        // A clean-up also looks for what a failed launch may have left; where it finds nothing there was no instance.
        let states = story.servers.filter { !$0.hadNoInstance }.compactMap(\.instanceState)
        let request = story.last(.terminationRequested)
        let terminated = states.count { $0 == .terminated }
        self.init(
            state: story.execution.control.cleanUp?.state.rawValue,
            instances: states.count,
            terminated: terminated,
            left: states.count - terminated,
            requestedAt: request?.at,
            requestedBy: request?.by,
            endedAt: story.execution.control.cleanUp?.state == .running ? nil : story.last(.terminationEnded)?.at
        )
    }
}

extension Report.Cost {
    init(_ story: Story) {
        let used = story.servers.filter { $0.recoveryInstanceId != nil && $0.endedAt != nil }
        let byAccount = Dictionary(grouping: used, by: \.accountId)
        let accounts = byAccount.keys.sorted().map { account in
            let servers = byAccount[account] ?? []
            return Report.AccountCost(
                accountId: account,
                instances: servers.count,
                instanceMinutes: servers.reduce(0) { $0 + Self.minutes(of: $1, at: story.now) }
            )
        }
        self.init(
            instanceMinutes: accounts.reduce(0) { $0 + $1.instanceMinutes },
            accounts: accounts,
            entries: story.entries(of: 17)
        )
    }

    private static func minutes(of server: Report.Server, at now: Instant) -> Int {
        guard let start = server.endedAt else { return 0 }
        let seconds = max(.zero, (server.terminatedAt ?? now) - start).seconds
        return Int((seconds / 60).rounded(.up))
    }
}

extension Report.Trend {
    init(_ story: Story) {
        let execution = story.execution
        let launches = execution.verdict?.result == .pass || execution.verdict?.result == .passWithDeviations
        let proven =
            launches
            ? execution.endedAt
            : story.material.earlier.first { $0.result == .pass || $0.result == .passWithDeviations }?.endedAt
        self.init(
            earlier: story.material.earlier,
            lastProvenAt: proven,
            nextDueAt: proven.map { $0 + RecoveryPlan.drillInterval }
        )
    }
}

extension Report.Control {
    /// What each source asks for, and where the report has it.
    private static let table: [(source: String, demand: String, sections: [Int])] = [
        ("FFIEC BCM VII.K", "Dates, locations, objectives against results", [1, 2, 4, 5]),
        ("FFIEC BCM VII.K", "Material deviations, participation as intended", [5, 14]),
        ("FFIEC BCM VII.K", "Responsibility for timely resolution, risk acceptance, retest", [15]),
        ("DORA RTS (EU) 2024/1774 Art. 25", "Severe but plausible scenario, tied to BIA and risk assessment", [3]),
        ("DORA RTS (EU) 2024/1774 Art. 25", "Switch to redundant capacity; third parties", [4, 11]),
        ("DORA RTS (EU) 2024/1774 Art. 25", "Results and deficiencies documented and reported", [2, 15, 21]),
        ("SOC 2 A1.3", "Recovery time and data loss against objectives", [9, 10]),
        ("SOC 2 A1.3", "Integrity and completeness of restored data", [12]),
        ("PCI DSS 4.0.1 12.10.2", "Plan reviewed and tested, all elements", [4, 6, 19]),
        ("NIST SP 800-84", "Participants, observations, action items", [5, 12, 15]),
        ("ISO 22301:2019 8.5", "Clear aims; report with outcomes, recommendations, actions", [3, 2, 15]),
        ("Audit practice", "Who approved, what evidence, nothing altered since", [13, 16, 22]),
    ]

    static func all(of report: Report) -> [Self] {
        table.map { row in
            Self(
                source: row.source,
                demand: row.demand,
                sections: row.sections,
                isAnswered: row.sections.allSatisfy { report.hasContent(in: $0) }
            )
        }
    }
}

extension Report {
    /// Whether a section says more than that nothing was recorded.
    package func hasContent(in section: Int) -> Bool {
        func isSaid(_ entries: [ReportEntry]) -> Bool { entries.contains { $0.withdrawnAt == nil } }
        return switch section {
        case 3: isSaid(objectives)
        case 5: isSaid(people.entries)
        case 7: readiness != nil
        case 10: recoveryPoint.takenAt != nil
        case 12: isSaid(validation.entries)
        // No finding where nothing deviated is an answer; where something did, it is none.
        case 15: !findings.isEmpty || deviations.isEmpty
        case 16: cleanUp.state != nil
        case 18: isSaid(failback)
        case 21: isSaid(signOff.signatures)
        default: true
        }
    }
}
