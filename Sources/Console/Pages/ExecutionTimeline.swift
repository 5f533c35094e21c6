package import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The waves over time, as bars and as a table.
package struct ExecutionTimeline: Sendable {
    let execution: ExecutionView
    let now: Instant

    package init(execution: ExecutionView, now: Instant) {
        self.execution = execution
        self.now = now
    }

    private var start: Instant { execution.declaredAt ?? execution.startedAt }
    private func seconds(_ at: Instant) -> Double { max(0, (at - start).seconds) }

    package var html: HTML {
        let waves = execution.waves ?? []
        let time = execution.recoveryTime
        let ended = execution.endedAt != nil
        return Card(
            "Timeline",
            id: "timeline",
            """
            \(Gantt(
                bars: bars(of: waves),
                now: ended ? nil : seconds(now),
                objective: time.objectiveSeconds.map(Double.init),
                forecast: time.forecastSeconds.map(Double.init)
            ).html)\(table(of: waves))
            """
        ).html
    }

    private func bars(of waves: [ExecutionWaveView]) -> [Gantt.Bar] {
        waves.map { wave in
            let status = Status(wave)
            let (began, outlook) = (wave.startedAt.map(seconds), wave.outlook)
            let end = seconds(wave.endedAt ?? execution.endedAt ?? now)
            let forecast = outlook?.forecastEndSeconds.map { last in
                Gantt.Span(began == nil ? Double(outlook?.forecastStartSeconds ?? 0) : end, max(end, Double(last)))
            }
            return Gantt.Bar(
                name: "\(wave.waveNumber + 1). \(wave.name)",
                kind: status.kind,
                fact: began.map { Gantt.Span($0, end) },
                forecast: forecast.flatMap { $0.end > $0.start ? $0 : nil },
                planned: outlook.map { Gantt.Span(Double($0.plannedStartSeconds), Double($0.plannedEndSeconds)) },
                target: outlook?.targetSeconds.map(Double.init),
                words: status.label
            )
        }
    }

    private func table(of waves: [ExecutionWaveView]) -> HTML {
        Table(
            "Waves",
            columns: [
                .init("Wave"), .init("Status"), .init("Servers"), .init("Launched", .end), .init("Started"),
                .init("Elapsed", .end), .init("Done after", .end), .init("Planned, target", .end),
            ],
            rows: waves.map(row)
        ).html
    }

    private func row(_ wave: ExecutionWaveView) -> Table.Row {
        let launched = wave.servers.count { $0.status == .launched }
        let link = Link.execution(execution.executionId).with([("wave", "\(wave.waveNumber)")])
        let wait: HTML? = wave.waitingFor.flatMap { $0.detail }.map { "<span class=\"quiet detail\">\($0)</span>" }
        return Table.Row(
            id: "wave-\(wave.waveNumber)",
            [
                "<a href=\"\(link)\" data-row-link>Wave \(wave.waveNumber + 1)</a> <span class=\"quiet\">\(wave.name)</span>",
                "\(Status(wave).html)\(wait)",
                Blocks(wave.servers).html,
                "\(launched) of \(wave.servers.count)",
                wave.startedAt.map(Times.clock) ?? "-",
                wave.startedAt.map { Times.ticking(from: $0, to: wave.endedAt ?? execution.endedAt, at: now) } ?? "-",
                done(wave), due(wave),
            ]
        )
    }

    /// When the wave was done, or will be, since the start; late is what its target does not allow.
    private func done(_ wave: ExecutionWaveView) -> HTML {
        let target = wave.outlook?.targetSeconds
        func mark(_ seconds: Int) -> String { target.map { seconds > $0 ? "bad" : "" } ?? "" }
        if let end = wave.endedAt, wave.startedAt != nil {
            let took = Int(seconds(end))
            return "<span class=\"\(mark(took))\">\(Times.duration(took))</span>"
        }
        guard let forecast = wave.outlook?.forecastEndSeconds else { return "-" }
        return "<span class=\"\(mark(forecast))\">about \(Times.duration(forecast, coarse: true))</span>"
    }

    private func due(_ wave: ExecutionWaveView) -> HTML {
        guard let outlook = wave.outlook else { return "-" }
        let target: HTML? = outlook.targetSeconds.map {
            "<span class=\"quiet detail\">target \(Times.duration($0, coarse: $0 > 600))</span>"
        }
        return "\(Times.duration(outlook.plannedEndSeconds, coarse: true))\(target)"
    }
}
