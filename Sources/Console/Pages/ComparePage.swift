internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Two executions side by side, wave by wave: whether the second went better, and where the time went.
package struct ComparePage: ConsolePage {
    package let one: ExecutionView
    /// Nil until another one is chosen.
    package let other: ExecutionView?
    /// What it can be compared with: the other executions of its plan.
    package let candidates: [ExecutionView]

    package init(one: ExecutionView, other: ExecutionView?, candidates: [ExecutionView]) {
        self.one = one
        self.other = other
        self.candidates = candidates
    }

    package var title: String { "Compare runs" }
    package var windowTitle: String { "Compare runs of \(one.planName)" }
    package var section: Section? { .executions }
    package var trail: [Crumb] {
        [Crumb("Executions", "/executions"), Crumb(one.planName, .execution(one.executionId))]
    }

    package func content(for viewer: Viewer) -> HTML {
        guard let other else {
            return Card(
                "Compare with",
                candidates.isEmpty
                    ? Empty(
                        "Nothing to compare with",
                        "This is the only run of its plan that you may see.",
                        action: Button("Back to the run", link: .execution(one.executionId)).html
                    ).html : choice
            ).html
        }
        return "\(Card("Runs", choice + facts(other)).html)\(Card("Waves", waves(other)).html)"
    }

    private var choice: HTML {
        Filter(
            "/executions/compare",
            choices: [
                .init(
                    "b",
                    "Compare with",
                    value: other?.executionId.description,
                    options: candidates.map { run in
                        let text = "\(Times.text(run.startedAt)), \(run.executionType.noun)"
                        return (run.executionId.description, "\(text), \(Status(run.status).label)")
                    }
                )
            ],
            kept: [("a", one.executionId.description)],
            isAlwaysWhole: true
        ).html
    }

    private func facts(_ other: ExecutionView) -> HTML {
        func row(_ title: String, _ value: (ExecutionView) -> HTML) -> Table.Row {
            Table.Row(["\(title)", value(one), value(other)])
        }
        return Table(
            "Facts",
            columns: [.init("Fact"), .init("This run"), .init("Compared with")],
            rows: [
                row("Started") {
                    "<a href=\"\(Link.execution($0.executionId))\">\(Times.text($0.startedAt))</a> \($0.executionType.badge)"
                },
                row("Result") { $0.verdict.map { Status($0.result).html } ?? Status($0.status).html },
                row("Started by") { "\($0.startedBy)" },
                row("Plan revision") { "\($0.planRevision)" },
                row("Servers") { run in
                    "\(run.counts.launched) of \(run.counts.total) launched\(if: run.counts.failed > 0, ", <span class=\"bad\">\(run.counts.failed) failed</span>")"
                },
                row("Recovery time") { run in
                    let time = run.recoveryTime
                    let target = time.objectiveSeconds.map { ", target \(Times.duration($0))" } ?? ""
                    return "<strong>\(Times.duration(time.elapsedSeconds))</strong>\(target)"
                },
                Table.Row([
                    "Difference",
                    difference(one.recoveryTime.elapsedSeconds, other.recoveryTime.elapsedSeconds), "",
                ]),
            ]
        ).html
    }

    private func waves(_ other: ExecutionView) -> HTML {
        let (mine, theirs) = (one.waves ?? [], other.waves ?? [])
        let count = max(mine.count, theirs.count)
        guard count > 0 else { return Empty("No waves", "Neither run has a wave that you may see.").html }
        return Table(
            "Waves",
            columns: [
                .init("Wave"), .init("This run"), .init("Time", .end), .init("Compared with"), .init("Time", .end),
                .init("Difference", .end),
            ],
            rows: (0..<count).map { index in
                let (left, right) = (mine[ifThere: index], theirs[ifThere: index])
                let name = left?.name ?? right?.name ?? ""
                let isOther = left != nil && right != nil && left?.name != right?.name
                return Table.Row([
                    "Wave \(index + 1) <span class=\"quiet\">\(name)\(isOther ? ", now \(right?.name ?? "")" : "")</span>",
                    standing(left), time(left), standing(right), time(right),
                    difference(seconds(left), seconds(right)),
                ])
            }
        ).html
    }

    private func standing(_ wave: ExecutionWaveView?) -> HTML {
        guard let wave else { return "-" }
        let launched = wave.servers.count { $0.status == .launched }
        return "\(Status(wave).html)<span class=\"quiet detail\">\(launched) of \(wave.servers.count) launched</span>"
    }

    private func seconds(_ wave: ExecutionWaveView?) -> Int? {
        guard let begun = wave?.startedAt, let ended = wave?.endedAt else { return nil }
        return Int((ended - begun).seconds)
    }

    private func time(_ wave: ExecutionWaveView?) -> HTML {
        seconds(wave).map { "\(Times.duration($0))" } ?? "-"
    }

    /// How much quicker or slower this run was.
    private func difference(_ mine: Int?, _ theirs: Int?) -> HTML {
        guard let mine, let theirs else { return "-" }
        guard mine != theirs else { return "the same" }
        let words = Times.duration(abs(mine - theirs))
        return mine < theirs
            ? "<span class=\"good\">\(words) quicker</span>" : "<span class=\"bad\">\(words) slower</span>"
    }
}

extension Array {
    /// The element at an index; nil beyond the end.
    subscript(ifThere index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
