internal import Ambient
internal import Hypertext
internal import Recovery

/// The colours of the drawings, each told from its neighbours without colour by the words beside it.
///
/// They are attributes: WeasyPrint does not take a document's style sheet into its drawings.
private enum Ink {
    static let text = "#1a1a1a"
    static let good = "#2f6fb0"
    static let bad = "#b3372b"
    static let earlier = "#9db7d2"
    static let mark = "#8a1c1c"

    static func of(_ kind: RecoveryTimeAnatomy.Kind) -> String {
        switch kind {
        case .machine: "#2f6fb0"
        case .queue: "#c98a1b"
        case .human: "#6b4fa0"
        case .retry: "#b3372b"
        case .hub: "#4b7f52"
        }
    }
}

/// The drawings of a report, as vectors without any style of their own.
extension Report {
    /// Of a drawing, in its own units; it is scaled to the page.
    private static let width = 720.0
    private static let names = 170.0
    private static let row = 20.0
    /// Above the bars, for the name of the objective.
    private static let head = 14.0
    /// More waves than this are no picture any more; the table has them all.
    private static let waveLimit = 40

    /// Waves over time with the objective.
    var gantt: HTML {
        let waves = plan.waves.prefix(Self.waveLimit)
        let from = recoveryTime.anatomy.from
        let end = identity.endedAt ?? identity.madeAt
        let total = max(1, (end - from).seconds)
        let objective = recoveryTime.objectiveSeconds.map(Double.init)
        let horizon = max(total, objective.map { $0 > total * 4 ? total : $0 } ?? total) * 1.02
        let scale = (Self.width - Self.names) / horizon
        let height = Double(waves.count) * Self.row + 24 + Self.head
        let target: HTML =
            switch objective {
            case nil: .empty
            case .some(let seconds) where seconds <= horizon:
                Self.mark(Self.names + seconds * scale, height, "objective \(Words.duration(Int(seconds)))")
            case .some(let seconds):
                // Where the drawing would be empty up to it, it is named at the edge.
                Self.mark(Self.width - 1, height, "objective \(Words.duration(Int(seconds))), further right \u{2192}")
            }
        return """
            <svg viewBox="0 0 \(Self.width) \(height)" width="100%" class="chart">\
            \(Self.axis(horizon, scale, height))\(waves.enumerated().html { Self.bar($0, $1, from, end, scale) })\(target)\
            <text x="0" y="\(height - 6)" font-size="9" font-family="sans-serif" fill="\(Ink.text)">\(Words.moment(from))</text>\
            <text x="\(Self.width)" y="\(height - 6)" font-size="10" font-family="sans-serif" fill="\(Ink.text)" text-anchor="end">\
            \(Words.duration(Int(horizon)))</text></svg>
            """
    }

    /// Lines at the quarters of the drawing.
    private static func axis(_ horizon: Double, _ scale: Double, _ height: Double) -> HTML {
        [0.25, 0.5, 0.75].html { part -> HTML in
            let x = names + horizon * part * scale
            return """
                <line x1="\(x)" x2="\(x)" y1="0" y2="\(height - 20)" stroke="#cccccc" stroke-width="0.5"/>\
                <text x="\(x)" y="\(height - 6)" font-size="10" font-family="sans-serif" fill="\(Ink.text)" \
                text-anchor="middle">\(Words.duration(Int(horizon * part)))</text>
                """
        }
    }

    private static func bar(_ index: Int, _ wave: Wave, _ from: Instant, _ end: Instant, _ scale: Double) -> HTML {
        let y = Double(index) * row + head
        let name: HTML = """
            <text x="0" y="\(y + 14)" font-size="10" font-family="sans-serif" fill="\(Ink.text)">\(String("\(wave.waveNumber) \(wave.name)".prefix(26)))</text>
            """
        guard let start = wave.startedAt else { return name }
        let begin = max(0, (start - from).seconds)
        let taken = max(0, ((wave.endedAt ?? end) - start).seconds)
        return """
            \(name)<rect x="\(names + begin * scale)" y="\(y + 3)" width="\(max(1, taken * scale))" height="14" \
            fill="\(wave.status == .failed ? Ink.bad : Ink.good)"/>\(words(taken, from: names + begin * scale, y, taken * scale))
            """
    }

    /// How long a wave took: in its bar where there is room, else beside it.
    private static func words(_ taken: Double, from x: Double, _ y: Double, _ width: Double) -> HTML {
        let isInside = width > 60
        let left = isInside ? x + 4 : x > Self.width * 0.85 ? x - 4 : x + width + 4
        let anchor = !isInside && x > Self.width * 0.85 ? "end" : "start"
        return """
            <text x="\(left)" y="\(y + 14)" font-size="9" font-family="sans-serif" text-anchor="\(anchor)" \
            fill="\(isInside ? "#ffffff" : Ink.text)">\(Words.duration(Int(taken.rounded())))</text>
            """
    }

    private static func mark(_ x: Double, _ height: Double, _ words: String) -> HTML {
        """
        <line x1="\(x)" x2="\(x)" y1="0" y2="\(height - 20)" stroke="\(Ink.mark)" \
        stroke-width="1.5" stroke-dasharray="4 3"/>\
        <text x="\(x - 3)" y="10" font-size="10" font-family="sans-serif" fill="\(Ink.text)" text-anchor="end">\(words)</text>
        """
    }

    /// One bar of the recovery time in its five parts.
    var anatomyBar: HTML {
        let totals = recoveryTime.anatomy.totals
        let scale = Self.width / Double(max(1, totals.total))
        var x = 0.0
        var parts = HTML.empty
        var legend = HTML.empty
        for (index, kind) in RecoveryTimeAnatomy.Kind.allCases.enumerated() {
            let width = Double(totals[kind]) * scale
            let ink = Ink.of(kind)
            if width > 0 { parts += "<rect x=\"\(x)\" y=\"0\" width=\"\(width)\" height=\"26\" fill=\"\(ink)\"/>" }
            x += width
            let left = Double(index) * 144
            legend += """
                <rect x="\(left)" y="36" width="10" height="10" fill="\(ink)"/>\
                <text x="\(left + 14)" y="45" font-size="10" font-family="sans-serif" fill="\(Ink.text)">\(kind.words) \
                \(Words.share(totals[kind], of: totals.total))</text>
                """
        }
        return "<svg viewBox=\"0 0 \(Self.width) 52\" width=\"100%\" class=\"chart\">\(parts)\(legend)</svg>"
    }

    /// Recovery times of the earlier runs and of this one, the oldest first.
    var trendChart: HTML {
        let mine = recoveryTime.isReached ? recoveryTime.anatomy.totals.total / 1000 : nil
        let runs = trend.earlier.reversed().map(\.recoverySeconds) + [mine]
        let objective = recoveryTime.objectiveSeconds
        let top = Double(max(1, runs.compactMap { $0 }.max() ?? 1, objective ?? 1)) * 1.1
        let step = Self.width / Double(runs.count)
        let bars = runs.enumerated().html { index, seconds -> HTML in
            let height = Double(seconds ?? 0) / top * 100
            let x = Double(index) * step
            return """
                <rect x="\(x + step * 0.25)" y="\(110 - height)" width="\(step * 0.5)" height="\(height)" \
                fill="\(index == runs.count - 1 ? Ink.good : Ink.earlier)"/>\
                <text x="\(x + step * 0.5)" y="124" font-size="10" font-family="sans-serif" fill="\(Ink.text)" text-anchor="middle">\
                \(index == runs.count - 1 ? "this run " : "")\(Words.duration(seconds))</text>
                """
        }
        let line: HTML =
            objective.map { seconds in
                let y = 110 - Double(seconds) / top * 100
                return """
                    <line x1="0" x2="\(Self.width)" y1="\(y)" y2="\(y)" stroke="\(Ink.mark)" stroke-width="1.5" \
                    stroke-dasharray="4 3"/>
                    """
            } ?? .empty
        return "<svg viewBox=\"0 0 \(Self.width) 130\" width=\"100%\" class=\"chart\">\(bars)\(line)</svg>"
    }
}
