import Console
import Contract
import Recovery
import Testing

@Suite struct `What changed between two versions of a plan` {
    private func difference(_ older: [WaveView], _ newer: [WaveView]) -> PlanDifference {
        PlanDifference(from: Sample.version(13, waves: older), to: Sample.version(13, waves: newer))
    }

    /// A wave of one group, that waits for none.
    private func wave(_ name: String, group: Int) -> WaveView {
        var wave = Sample.planWave(0, name)
        wave.protectionGroupIds = [Sample.id(group)]
        return wave
    }

    @Test func `is nothing where both say the same`() {
        let difference = PlanDifference(from: Sample.version(14), to: Sample.version(14))
        #expect(difference.isEmpty)
        #expect(difference.same.count == 3)
    }

    @Test func `is each setting with what it was and what it is`() {
        let settings = PlanDifference(from: Sample.version(13), to: Sample.version(14)).settings
        #expect(settings.map(\.what) == ["Order", "Recovery time target", "Owner"])
        #expect(settings.map(\.removed) == [["Wave after wave"], [], ["payments@example.com"]])
        #expect(settings.map(\.added) == [["By dependencies"], ["27m"], []])
    }

    @Test func `is told of a wave member by member`() throws {
        let waves = PlanDifference(from: Sample.version(13), to: Sample.version(14)).waves
        let changed = try #require(waves.first { $0.after?.name == "Middleware" })
        let groups = try #require(changed.changes.first { $0.what == "Protection groups" })
        let (new, old): (ProtectionGroup.ID, String) = (Sample.id(23), "Group 21")
        #expect(groups.removed == [old])
        #expect(groups.added == ["Group 20", "\(new), which is gone"])
        let servers = try #require(changed.changes.first { $0.what == "Chosen servers" })
        #expect(servers.removed == [])
        #expect(servers.added.count == 29)
        #expect(servers.kept == 1)
        #expect(changed.changes.map(\.what).contains("Time-out of a launch"))
        #expect(waves.contains { $0.before == nil && $0.after?.name == "Reports" })
        #expect(waves.contains { $0.after == nil && $0.before?.name == "Web tier" })
    }

    @Test func `takes a renamed wave for the same by its groups`() {
        let difference = difference([wave("One", group: 1), wave("Two", group: 2)], [wave("Other", group: 2)])
        let renamed = difference.waves.first
        #expect(renamed?.before?.name == "Two")
        #expect(renamed?.changes.map(\.what) == ["Name"])
        #expect(difference.waves.last?.before?.name == "One")
        #expect(difference.waves.last?.after == nil)
    }

    @Test func `calls moved only what was moved past others`() {
        let (a, b, c, d) = (wave("A", group: 1), wave("B", group: 2), wave("C", group: 3), wave("D", group: 4))
        // One before the others makes all numbers one more, and moves none of them.
        let added = difference([a, b, c], [d, a, b, c])
        #expect(added.waves.map(\.after?.name) == ["D"])
        #expect(added.same.map(\.name) == ["A", "B", "C"])
        let moved = difference([a, b, c, d], [d, a, b, c])
        #expect(moved.waves.map(\.after?.name) == ["D"])
        #expect(moved.waves.map(\.isMoved) == [true])
        #expect(moved.waves.first?.changes == [])
        #expect(!moved.isEmpty)
    }

    @Test func `follows dependencies to where their waves are now`() {
        let (a, b) = (wave("A", group: 1), wave("B", group: 2))
        var (waits, moved, other) = (wave("C", group: 3), wave("C", group: 3), wave("C", group: 3))
        waits.dependsOnWaves = [0]
        moved.dependsOnWaves = [1]
        other.dependsOnWaves = [0]
        // A has become wave 1, and C still waits for it.
        #expect(difference([a, waits], [b, a, moved]).waves.map(\.after?.name) == ["B"])
        let change = difference([a, waits], [b, a, other]).waves.first { $0.after?.name == "C" }?.changes
        #expect(change?.map(\.what) == ["Depends on"])
        #expect(change?.map(\.removed) == [["A"]])
        #expect(change?.map(\.added) == [["B"]])
        // What it waited for is gone.
        let gone = difference([a, waits], [b, wave("C", group: 3)]).waves.first { $0.after?.name == "C" }?.changes
        #expect(gone?.map(\.removed) == [["A"]])
    }
}
