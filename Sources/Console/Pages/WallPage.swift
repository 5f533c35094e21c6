package import Contract
package import Hypertext
internal import Recovery

/// An execution for a wall: huge, dark, without controls.
package struct WallPage: ConsolePage {
    package let execution: ExecutionView
    package let events: [JournalView]

    package init(execution: ExecutionView, events: [JournalView]) {
        self.execution = execution
        self.events = events
    }

    package var title: String { "\(execution.planName) on the wall" }
    package var section: Section? { .executions }
    package var topics: [String] { ["wall:\(execution.executionId)"] }
    package var mood: Mood { .wall }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(Wall(execution: execution, events: events, viewer: viewer).html)\
        <button type="button" id="sound" class="button" aria-pressed="false">Sound when it needs somebody</button>\
        <div id="alarms" class="unseen" role="alert"></div>
        """
    }
}

/// What the wall shows; patched as a whole.
package struct Wall: Sendable {
    let execution: ExecutionView
    let events: [JournalView]
    let viewer: Viewer

    package init(execution: ExecutionView, events: [JournalView], viewer: Viewer) {
        self.execution = execution
        self.events = events
        self.viewer = viewer
    }

    package var html: HTML {
        let time = execution.recoveryTime
        let start = execution.declaredAt ?? execution.startedAt
        let clock: HTML =
            execution.endedAt == nil
            ? Times.ticking(from: start, to: nil, at: viewer.now)
            : "<span>\(Times.duration(time.elapsedSeconds))</span>"
        return """
            <div class="wall" id="wall"><div class="row"><h1>\(execution.planName) \(execution.executionType.badge)</h1>\
            <span class="sub"><span data-clock-now="utc">\(Times.clock(viewer.now))</span> UTC \u{B7} \
            <span data-clock-now="local"></span> here</span><span id="live" class="live sub" data-state="none"></span></div>\
            <div class="row"><div><div class="big">\(clock)</div><div class="sub">\(target)</div></div>\
            <div><div class="big">\(execution.counts.launched)<span class="sub"> of \(execution.counts.total)</span></div>\
            <div class="sub">servers launched\(if: execution.counts.failed > 0, ", <span class=\"bad\">\(execution.counts.failed) failed</span>")</div></div>\
            <div>\(Status(execution.status, waitsForApproval: execution.waitsForApproval).html)</div></div>\
            \(burnDown)<ol class="strip">\((execution.waves ?? []).html(wave))</ol>\
            <div id="staleness" class="staleness sub" role="status"></div>\(EventLog(Array(events.suffix(5))).html)</div>
            """
    }

    private var target: HTML {
        let time = execution.recoveryTime
        guard let objective = time.objectiveSeconds else { return "no target" }
        guard let forecast = time.forecastSeconds else { return "of \(Times.duration(objective)) target" }
        let margin = objective - forecast
        return """
            of \(Times.duration(objective)) target, <span class="\(margin >= 0 ? "good" : "bad")">\
            \(Times.duration(abs(margin))) \(margin >= 0 ? "inside" : "over")</span>
            """
    }

    private var burnDown: HTML {
        let time = execution.recoveryTime
        guard let objective = time.objectiveSeconds else { return .empty }
        let share = Double(time.elapsedSeconds) / Double(max(1, objective))
        return
            "\(Meter(share, isOver: share > 1, label: "Elapsed of target").html)\(BurnDown(execution: execution, objective: objective, now: viewer.now).html)"
    }

    private func wave(_ wave: ExecutionWaveView) -> HTML {
        let status = Status(wave)
        let launched = wave.servers.count { $0.status == .launched }
        return """
            <li class="\(status.kind.rawValue)"><strong>\(wave.waveNumber + 1). \(wave.name)</strong><br>\(status.label)<br>\
            \(launched) of \(wave.servers.count)</li>
            """
    }
}
