internal import Ambient
internal import Contract
internal import Recovery

/// The settings of a wave in words, as two versions of its plan have them.
struct WaveWords {
    let older: RecoveryPlanVersionView
    let newer: RecoveryPlanVersionView
    let pairing: WavePairing
    private let names: [ProtectionGroup.ID: String]

    init(older: RecoveryPlanVersionView, newer: RecoveryPlanVersionView, pairing: WavePairing) {
        self.older = older
        self.newer = newer
        self.pairing = pairing
        names = Dictionary((older.groups + newer.groups).map { ($0.groupId, $0.groupName) }) { first, _ in first }
    }

    /// What of a wave is not what it was.
    ///
    /// A wave that is new or gone is compared with one of which nothing is said.
    func changes(from before: WaveView?, to after: WaveView?) -> [PlanDifference.Change] {
        let (old, new) = (before ?? Self.blank, after ?? Self.blank)
        let isPair = before != nil && after != nil
        let changes: [PlanDifference.Change?] = [
            isPair ? .init("Name", old.name, new.name) : nil, .init("Description", old.description, new.description),
            .init("Protection groups", groups(old), groups(new)),
            .init("Chosen servers", old.serverIds.map(\.rawValue), new.serverIds.map(\.rawValue)),
            .init("Servers that may fail", optional(old), optional(new)),
            .init("Fixed recovery points", pinned(old), pinned(new)), dependencies(before, after),
            .init("Pause before it", pause(old), pause(new)), .init("Approval before it", approval(old), approval(new)),
            .init("If a critical server fails", failure(old), failure(new)),
            .init("Time-out of a launch", "\(old.timeoutMinutes) minutes", "\(new.timeoutMinutes) minutes"),
            .init("In accounts that you do not see", outside(old), outside(new)),
        ]
        return changes.compactMap(\.self)
    }

    /// A wave with every setting as it is where a plan says nothing.
    private static let blank = WaveView(
        waveNumber: 0,
        name: "",
        description: "",
        protectionGroupIds: [],
        serverIds: [],
        dependsOnWaves: [],
        pauseBeforeWave: false,
        timeoutMinutes: Limits.defaultTimeoutMinutes,
        onFailure: .stop,
        approvals: nil,
        servers: []
    )

    private func groups(_ wave: WaveView) -> [String] {
        wave.protectionGroupIds.map { names[$0] ?? "\($0), which is gone" }
    }

    private func optional(_ wave: WaveView) -> [String] {
        wave.servers.filter { $0.impact == .optional }.map(\.serverId.rawValue)
    }

    private func pinned(_ wave: WaveView) -> [String] {
        wave.servers.compactMap { choice in
            choice.recoverySnapshotId.map { "\(choice.serverId.rawValue) from \($0.rawValue)" }
        }
    }

    private func pause(_ wave: WaveView) -> String { wave.pauseBeforeWave ? "Yes" : "No" }

    private func failure(_ wave: WaveView) -> String {
        wave.onFailure == .stop ? "Stop the run" : "Go on with the waves after it"
    }

    private func approval(_ wave: WaveView) -> String? {
        wave.approvals.map { rule in
            let people = rule.count == 1 ? "1 person" : "\(rule.count) people"
            let groups = rule.groups.isEmpty ? "" : " of \(rule.groups.sorted().joined(separator: ", "))"
            return "\(people)\(groups)\(rule.excludeStarter ? ", not who started the run" : "")"
        }
    }

    private func outside(_ wave: WaveView) -> String? {
        wave.outsideScope.map { "\($0.groups) groups, \($0.servers) chosen servers" }
    }

    /// Waves are named by number, which moves: what counts is whether it waits for the same waves.
    private func dependencies(_ before: WaveView?, _ after: WaveView?) -> PlanDifference.Change? {
        let now = Set(after?.dependsOnWaves ?? [])
        let then = Set(
            (before?.dependsOnWaves ?? []).map { old in
                // One that is gone is none of the newer ones.
                pairing.before.firstIndex(of: old) ?? -1 - old
            }
        )
        guard now != then else { return nil }
        func words(_ wave: WaveView?, _ plan: RecoveryPlanVersionView) -> String? {
            guard let wave, !wave.dependsOnWaves.isEmpty else { return nil }
            return wave.dependsOnWaves.sorted().map { plan.waves[ifThere: $0]?.name ?? "wave \($0 + 1)" }
                .joined(separator: ", ")
        }
        let (old, new) = (words(before, older), words(after, newer))
        return PlanDifference.Change(
            what: "Depends on",
            removed: old.map { [$0] } ?? [],
            added: new.map { [$0] } ?? [],
            kept: 0
        )
    }
}
