internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The versions of a plan, and what changed between two of them.
package struct PlanVersionsPage: ConsolePage {
    package let plan: RecoveryPlanView
    package let versions: [RecoveryPlanVersionSummary]
    package let query: ListQuery
    /// The older of the two that are compared; nil where there is only one.
    package let older: RecoveryPlanVersionView?
    package let newer: RecoveryPlanVersionView

    package init(
        plan: RecoveryPlanView,
        versions: [RecoveryPlanVersionSummary],
        query: ListQuery,
        older: RecoveryPlanVersionView?,
        newer: RecoveryPlanVersionView
    ) {
        self.plan = plan
        self.versions = versions
        self.query = query
        self.older = older
        self.newer = newer
    }

    package var title: String { "Versions" }
    package var windowTitle: String { "Versions of \(plan.planName)" }
    package var section: Section? { .plans }
    package var trail: [Crumb] {
        [Crumb("Recovery plans", "/recovery-plans"), Crumb(plan.planName, .plan(plan.planId))]
    }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(title, note: "Every revision is kept as it was saved; a run says which one it ran.").html
    }

    package func content(for viewer: Viewer) -> HTML {
        "\(comparison)\(list)"
    }

    private var comparison: HTML {
        guard let older else {
            return Card(
                "What changed",
                Empty("Only one version", "After the next edit of the plan this shows what changed.").html
            ).html
        }
        let difference = PlanDifference(from: older, to: newer)
        return Card(
            "What changed",
            note: "From \(signature(older)) to \(signature(newer)).",
            choice(older) + (difference.isEmpty ? Self.nothing : changes(difference, older))
        ).html
    }

    private static let nothing = Empty("No difference", "Both versions say the same.").html

    private func signature(_ version: RecoveryPlanVersionView) -> HTML {
        "revision \(version.revision) (\(version.savedBy), \(Times.moment(version.savedAt)))"
    }

    private func choice(_ older: RecoveryPlanVersionView) -> HTML {
        // The two that are shown can be chosen though they are on another page of the list.
        let numbers = Set(versions.map(\.revision) + [older.revision, newer.revision]).sorted(by: >)
        let options = numbers.map { (value: "\($0)", label: "Revision \($0)") }
        return Filter(
            .planVersions(plan.planId),
            choices: [
                .init("from", "From", value: "\(older.revision)", options: options),
                .init("to", "To", value: "\(newer.revision)", options: options),
            ],
            isAlwaysWhole: true,
            label: "Versions to compare"
        ).html
    }

    private func changes(_ difference: PlanDifference, _ older: RecoveryPlanVersionView) -> HTML {
        let settings =
            difference.settings.isEmpty
            ? .empty : "<h3>Plan</h3>\(table("Plan", difference.settings, older.revision))" as HTML
        let same = difference.same.map { "\($0.waveNumber + 1). \($0.name)" }.joined(separator: ", ")
        return """
            <div class="difference">\(settings)\(difference.waves.html { wave($0, older.revision) })\
            \(if: !same.isEmpty, "<p class=\"quiet\">The same in both: \(same).</p>")</div>
            """
    }

    private func wave(_ change: PlanDifference.WaveChange, _ older: Int) -> HTML {
        guard let wave = change.after ?? change.before else { return .empty }
        let standing: Status =
            if change.before == nil {
                Status(.success, "Added")
            } else if change.after == nil {
                Status(.error, "Removed")
            } else if change.isMoved {
                Status(.info, change.changes.isEmpty ? "Moved" : "Moved and changed")
            } else {
                Status(.info, "Changed")
            }
        let title = "Wave \(wave.waveNumber + 1). \(wave.name)"
        let moved: HTML? =
            change.isMoved ? change.before.map { "<span class=\"quiet\">was wave \($0.waveNumber + 1)</span>" } : nil
        return """
            <h3>\(title) \(standing.html) \(moved)</h3>\
            \(if: !change.changes.isEmpty, table(title, change.changes, older))
            """
    }

    private func table(_ caption: String, _ changes: [PlanDifference.Change], _ older: Int) -> HTML {
        Table(
            caption,
            columns: [.init("Setting"), .init("Revision \(older)"), .init("Revision \(newer.revision)")],
            rows: changes.map { change in
                let kept: HTML? =
                    change.kept > 0 ? "<span class=\"quiet detail\">and \(change.kept) in both</span>" : nil
                return Table.Row([
                    "\(change.what)",
                    change.removed.isEmpty && change.kept == 0
                        ? "-" : "\(Self.items(change.removed) { "<del>\($0)</del>" })\(kept)",
                    change.added.isEmpty && change.kept == 0
                        ? "-" : "\(Self.items(change.added) { "<ins>\($0)</ins>" })\(kept)",
                ])
            }
        ).html
    }

    /// Members of a list that are shown one by one.
    private static let shown = 20

    private static func items(_ texts: [String], _ mark: (String) -> HTML) -> HTML {
        let more = texts.count - shown
        return """
            <span class="marks">\(texts.prefix(shown).map(mark).joined(by: " "))\
            \(if: more > 0, " <span class=\"quiet\">and \(more) more</span>")</span>
            """
    }

    private var list: HTML {
        Card(
            "All versions",
            count: query.count(versions.count),
            Table(
                "All versions",
                columns: [
                    .init("Revision"), .init("Saved"), .init("By"), .init("Name"), .init("Waves", .end),
                    .init("Compare", isHidden: true),
                ],
                rows: versions.map(row)
            ).html + query.pagination(versions.count)
        ).html
    }

    private func row(_ version: RecoveryPlanVersionSummary) -> Table.Row {
        let all: Link = .planVersions(plan.planId)
        func compare(_ from: Int, _ to: Int) -> Link { all.with([("from", "\(from)"), ("to", "\(to)")]) }
        let now: HTML? = version.revision == plan.revision ? " <span class=\"badge\">Now</span>" : nil
        var links: [HTML] = []
        if version.revision > 1 {
            links.append(
                "<a href=\"\(compare(version.revision - 1, version.revision))\">What changed in it</a>"
            )
        }
        if version.revision < plan.revision {
            links.append("<a href=\"\(compare(version.revision, plan.revision))\">What changed since</a>")
        }
        return Table.Row([
            "\(version.revision)\(now)", Times.moment(version.savedAt), "\(version.savedBy)", "\(version.planName)",
            "\(version.totalWaves)", links.isEmpty ? "-" : "<span class=\"links\">\(links.joined(by: " "))</span>",
        ])
    }
}
