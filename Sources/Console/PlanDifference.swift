package import Contract
internal import Recovery

/// What changed between two versions of a plan: its settings, and its waves, each paired with what it was.
///
/// Waves have no identity that outlives an edit. One is taken for the same when it has the same name, else when it shares
/// most groups with one that has no other partner.
package struct PlanDifference: Sendable, Hashable {
    /// One setting with what it was and what it is; both are lists, of one text for a plain setting.
    package struct Change: Sendable, Hashable {
        package let what: String
        package let removed: [String]
        package let added: [String]
        /// Members of a list that are the same in both.
        package let kept: Int
    }

    /// A wave that is new, gone, or not what it was.
    package struct WaveChange: Sendable, Hashable {
        package let before: WaveView?
        package let after: WaveView?
        /// Whether it stands elsewhere among the waves that both versions have.
        package let isMoved: Bool
        package let changes: [Change]
    }

    package let settings: [Change]
    /// In the order of the newer version; what is gone comes last.
    package let waves: [WaveChange]
    /// Waves that are what they were.
    package let same: [WaveView]

    package var isEmpty: Bool { settings.isEmpty && waves.isEmpty }

    package init(from older: RecoveryPlanVersionView, to newer: RecoveryPlanVersionView) {
        let pairing = WavePairing(older.waves, newer.waves)
        let words = WaveWords(older: older, newer: newer, pairing: pairing)
        settings = Self.settings(older, newer)
        var (changed, same) = ([WaveChange](), [WaveView]())
        for (index, wave) in newer.waves.enumerated() {
            let before = pairing.before[index].map { older.waves[$0] }
            let changes = words.changes(from: before, to: wave)
            let isMoved = pairing.moved.contains(index)
            if before != nil, changes.isEmpty, !isMoved {
                same.append(wave)
            } else {
                changed.append(WaveChange(before: before, after: wave, isMoved: isMoved, changes: changes))
            }
        }
        for index in pairing.gone {
            let wave = older.waves[index]
            let changes = words.changes(from: wave, to: nil)
            changed.append(WaveChange(before: wave, after: nil, isMoved: false, changes: changes))
        }
        waves = changed
        self.same = same
    }

    private static func settings(_ older: RecoveryPlanVersionView, _ newer: RecoveryPlanVersionView) -> [Change] {
        func order(_ plan: RecoveryPlanVersionView) -> String {
            plan.ordering == .sequential ? "Wave after wave" : "By dependencies"
        }
        return [
            Change("Name", older.planName, newer.planName),
            Change("Description", older.description, newer.description),
            Change("Order", order(older), order(newer)),
            Change(
                "Recovery time target",
                older.recoveryTimeObjectiveMinutes.map { Times.duration($0 * 60) },
                newer.recoveryTimeObjectiveMinutes.map { Times.duration($0 * 60) }
            ),
            Change(
                "Recovery point target",
                older.recoveryPointObjectiveSeconds.map { Times.duration($0) },
                newer.recoveryPointObjectiveSeconds.map { Times.duration($0) }
            ),
            Change("Owner", older.owner, newer.owner), Change("Application", older.application, newer.application),
        ].compactMap(\.self)
    }
}

extension PlanDifference.Change {
    /// A plain setting; nil where nothing changed.
    ///
    /// A text that is empty is none.
    init?(_ what: String, _ before: String?, _ after: String?) {
        guard (before ?? "") != (after ?? "") else { return nil }
        self.init(
            what: what,
            removed: before.isEmptyOrNil ? [] : [before ?? ""],
            added: after.isEmptyOrNil ? [] : [after ?? ""],
            kept: 0
        )
    }

    /// A list whose order says nothing; nil where nothing changed.
    init?(_ what: String, _ before: [String], _ after: [String]) {
        let (old, new) = (Set(before), Set(after))
        guard old != new else { return nil }
        self.init(
            what: what,
            removed: before.filter { !new.contains($0) },
            added: after.filter { !old.contains($0) },
            kept: old.intersection(new).count
        )
    }
}

/// Which wave of the newer version was which of the older one.
struct WavePairing {
    /// The older wave of each newer one; nil for a new one.
    private(set) var before: [Int?]
    /// Older waves that have no successor.
    private(set) var gone: [Int]
    /// Newer waves that were moved past another: as few as explain the order.
    private(set) var moved: Set<Int> = []

    init(_ older: [WaveView], _ newer: [WaveView]) {
        before = Array(repeating: nil, count: newer.count)
        var free = Array(older.indices)
        for index in newer.indices {
            let name = newer[index].name.lowercased()
            guard let at = free.firstIndex(where: { older[$0].name.lowercased() == name }) else { continue }
            before[index] = free.remove(at: at)
        }
        for index in newer.indices where before[index] == nil {
            let groups = Set(newer[index].protectionGroupIds)
            func shared(_ old: Int) -> Int { groups.intersection(older[old].protectionGroupIds).count }
            // The first of those that share most.
            guard let best = free.max(by: { (shared($0), $1) < (shared($1), $0) }), shared(best) > 0 else { continue }
            before[index] = best
            free.removeAll { $0 == best }
        }
        gone = free
        let paired = newer.indices.filter { before[$0] != nil }
        moved = Set(paired).subtracting(Self.standing(paired, before.map { $0 ?? 0 }))
    }

    /// The most waves that are in the same order in both: a longest ascending run among their older places.
    private static func standing(_ waves: [Int], _ places: [Int]) -> Set<Int> {
        var runs: [[Int]] = []
        for wave in waves {
            let best = runs.filter { ($0.last.map { places[$0] } ?? 0) < places[wave] }.max { $0.count < $1.count }
            runs.append((best ?? []) + [wave])
        }
        return Set(runs.max { $0.count < $1.count } ?? [])
    }
}
