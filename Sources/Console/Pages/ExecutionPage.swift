package import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// One execution: what it does now, what it needs, and how it will end.
package struct ExecutionPage: ConsolePage {
    package let execution: ExecutionView
    package let events: [JournalView]
    package let selection: Selection
    /// The links that show it on walls, for who may make some.
    package let wallLinks: [WallLinkView]
    /// One server in full, where the address names one.
    package let panel: ServerPanel?
    /// Who may tell of its servers; nil: the viewer may not know.
    package let spokes: [SpokeView]?

    package init(
        execution: ExecutionView,
        events: [JournalView],
        selection: Selection = Selection(),
        wallLinks: [WallLinkView] = [],
        panel: ServerPanel? = nil,
        spokes: [SpokeView]? = nil
    ) {
        self.execution = execution
        self.events = events
        self.selection = selection
        self.wallLinks = wallLinks
        self.panel = panel
        self.spokes = spokes
    }

    package var title: String { execution.planName }
    package var windowTitle: String {
        "\(execution.planName), \(execution.executionType.noun) of \(Times.text(execution.startedAt))"
    }
    package var section: Section? { .executions }
    package var trail: [Crumb] { [Crumb("Executions", "/executions")] }
    package var topics: [String] { ["execution:\(execution.executionId)"] }
    package var mood: Mood { execution.executionType == .recovery ? .recovery : .ordinary }

    package func heading(for viewer: Viewer) -> HTML {
        let reason = execution.reason.map { " \u{B7} \($0)" } ?? ""
        let plan = Link.plan(execution.planId)
        let due = execution.instancesTerminated ? nil : execution.cleanUpAt
        let cleanUp: HTML = due.map { " \u{B7} its instances are terminated \(Times.moment($0))" } ?? .empty
        return Heading(
            title,
            badges: execution.executionType.badge,
            note: """
                Started \(Times.moment(execution.startedAt)) by \(execution.startedBy) \u{B7} \
                <a href="\(plan)">plan revision \(execution.planRevision)</a>\(reason)\(cleanUp)
                """,
            actions: ExecutionActions(execution: execution, viewer: viewer).buttons
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(ExecutionSilence(execution: execution, spokes: spokes, now: viewer.now).html)
        \(ExecutionNeeds(execution: execution, viewer: viewer).html)
        \(ExecutionSummary(execution: execution, now: viewer.now).html)
        \(ExecutionTimeline(execution: execution, now: viewer.now).html)
        <div class="split">\(ExecutionServers(execution: execution, selection: selection, viewer: viewer).html)
        <div class="side">\(panel.map { $0.html(for: viewer) })\(log)</div></div>
        \(ExecutionActions(execution: execution, viewer: viewer).dialogs)\
        \(if: viewer.may(CreateWallLink.permission), WallLinksDialog(execution: execution, links: wallLinks).html)
        """
    }

    private var log: HTML {
        Card(
            "Event log",
            id: "event-log",
            actions: Self.logActions(execution),
            "\(logFilter)\(EventLog(events, of: execution.executionId, selection: selection).html)"
        ).html
    }

    private var logFilter: HTML {
        let names = ["logWave", "log", "event"]
        return Filter(
            Link.execution(execution.executionId),
            choices: [
                .init(
                    "logWave",
                    "Wave",
                    value: selection.log.wave.map(String.init),
                    options: (execution.waves ?? []).map { ("\($0.waveNumber)", "\($0.waveNumber + 1). \($0.name)") }
                ),
                .init(
                    "log",
                    "Events",
                    value: selection.log.isOfProblems ? "problems" : nil,
                    options: [("problems", "Problems only")]
                ),
            ],
            kept: selection.pairs.filter { !names.contains($0.name) },
            label: "Filter the event log"
        ).html
    }

    private static func logActions(_ execution: ExecutionView) -> HTML {
        let all: Link = "/api/v1/executions/\(execution.executionId.description)/events"
        return "<a class=\"button small\" href=\"\(all)\">\(icon("download"))JSON</a>"
    }
}

/// The four facts that a war room asks for first.
package struct ExecutionSummary: Sendable {
    let execution: ExecutionView
    let now: Instant

    package init(execution: ExecutionView, now: Instant) {
        self.execution = execution
        self.now = now
    }

    package var html: HTML {
        """
        <section class="card" id="summary" aria-label="Summary">\(KeyValues([
            ("Status", state), ("Elapsed", elapsed), (execution.endedAt == nil ? "Forecast" : "Result", outlook),
            ("Waves", waves),
        ]).html)\
        <div id="counts">\(Distribution(execution.counts.parts(link)).html)</div></section>
        """
    }

    private func link(_ status: ServerStatus) -> Link {
        Link.execution(execution.executionId).with([("status", status.rawValue), ("wave", "all")])
    }

    private var state: HTML {
        Status(execution.status, waitsForApproval: execution.waitsForApproval).html
    }

    private var waves: HTML {
        let settled = execution.waves?.filter(\.status.isSettled).count ?? 0
        guard let current = execution.currentWave else { return "All \(execution.totalWaves) settled" }
        return "Wave <strong>\(current + 1)</strong> of \(execution.totalWaves), \(settled) settled"
    }

    private var elapsed: HTML {
        let time = execution.recoveryTime
        let start = execution.declaredAt ?? execution.startedAt
        let clock: HTML =
            execution.endedAt == nil
            ? Times.ticking(from: start, to: nil, at: now) : "<span>\(Times.duration(time.elapsedSeconds))</span>"
        guard let objective = time.objectiveSeconds else {
            return "<strong>\(clock)</strong> <span class=\"quiet\">no target</span>"
        }
        let share = Double(time.elapsedSeconds) / Double(max(1, objective))
        let target = Times.duration(objective)
        return """
            <strong>\(clock)</strong> of \(target) target\(Meter(share, isOver: share > 1, label: "Elapsed of target").html)
            """
    }

    private var outlook: HTML {
        let time = execution.recoveryTime
        if let verdict = execution.verdict {
            let reasons = verdict.reasons.html { "<li>\($0.text)</li>" }
            return """
                \(Status(verdict.result).html)\
                \(if: !verdict.reasons.isEmpty, "<ul class=\"reasons\">\(reasons)</ul>")
                """
        }
        guard let forecast = time.forecastSeconds else { return "-" }
        let rest = Times.duration(max(0, forecast - time.elapsedSeconds), coarse: true)
        guard let objective = time.objectiveSeconds else { return "Done in about \(rest)" }
        let margin = objective - forecast
        let words = Times.duration(abs(margin), coarse: abs(margin) > 600)
        let kind = margin >= 0 ? "good" : "bad"
        return """
            Done in about \(rest)<br><span class="\(kind)">\(words) \(margin >= 0 ? "inside" : "over") target</span>
            """
    }
}

/// Of which accounts of a run nobody is heard while it goes on.
package struct ExecutionSilence: Sendable {
    let execution: ExecutionView
    let spokes: [SpokeView]
    let isKnown: Bool
    let now: Instant

    /// - Parameters:
    ///   - execution: The run.
    ///   - spokes: Those that the viewer sees; nil: none, so that nothing can be said.
    ///   - now: When the page is made.
    package init(execution: ExecutionView, spokes: [SpokeView]?, now: Instant) {
        self.execution = execution
        self.spokes = spokes ?? []
        isKnown = spokes != nil
        self.now = now
    }

    package var html: HTML {
        let servers = (execution.waves ?? []).filter { !$0.status.isSettled }.flatMap(\.servers)
        let isSaid = isKnown && execution.endedAt == nil
        let silence = Staleness.silence(of: Set(servers.map(\.accountId)), spokes: spokes)
        return "<div id=\"silence\">\(if: isSaid, silence.html(at: now))</div>"
    }
}
