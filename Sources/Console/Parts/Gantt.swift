package import Hypertext

/// Bars over time: what was, what is under way, and what is forecast.
///
/// The table below it says the same in words.
package struct Gantt: Sendable {
    /// From when to when, in seconds since the start.
    package struct Span: Sendable, Hashable {
        let start: Double
        let end: Double

        package init(_ start: Double, _ end: Double) {
            self.start = start
            self.end = end
        }
    }

    /// One line: what was so far, what is forecast from here, what was planned, and when it should be done.
    package struct Bar: Sendable {
        let name: String
        let kind: Status.Kind
        let fact: Span?
        let forecast: Span?
        let planned: Span?
        let target: Double?
        let words: String

        package init(
            name: String,
            kind: Status.Kind,
            fact: Span? = nil,
            forecast: Span? = nil,
            planned: Span? = nil,
            target: Double? = nil,
            words: String
        ) {
            self.name = name
            self.kind = kind
            self.fact = fact
            self.forecast = forecast
            self.planned = planned
            self.target = target
            self.words = words
        }

        /// The last moment of it that is not only planned.
        var end: Double { max(fact?.end ?? 0, forecast?.end ?? 0) }
    }

    let bars: [Bar]
    /// Seconds since the start; nil once it has ended.
    let now: Double?
    let objective: Double?
    let forecast: Double?

    package init(bars: [Bar], now: Double?, objective: Double?, forecast: Double?) {
        self.bars = bars
        self.now = now
        self.objective = objective
        self.forecast = forecast
    }

    private static let rowHeight = 30.0
    private static let axisHeight = 26.0
    /// More lines than this are no picture any more; the table has them all.
    private static let barLimit = 40

    private var shown: ArraySlice<Bar> { bars.prefix(Self.barLimit) }

    /// A target that lies so many times further off than everything else would leave nothing to see of the rest.
    private static let farAway = 4.0

    /// What happens, without the target.
    private var last: Double {
        max(15, max(bars.map(\.end).max() ?? 0, max(now ?? 0, forecast ?? 0)))
    }

    /// What of a plan or a target belongs in the picture.
    private func near(_ seconds: Double?) -> Double? { seconds.flatMap { $0 > last * Self.farAway ? nil : $0 } }

    private var target: Double? { near(objective) }

    /// All of the plan is drawn, or nothing of it: a part would tell of another plan.
    private var showsPlan: Bool { near(shown.compactMap { $0.planned?.end }.max()) != nil }
    private var showsTargets: Bool { near(shown.compactMap(\.target).max()) != nil }

    /// The last moment that is drawn.
    private var furthest: Double {
        let plans = showsPlan ? shown.compactMap { $0.planned?.end }.max() : nil
        let targets = showsTargets ? shown.compactMap(\.target).max() : nil
        return max(last, max(target ?? 0, max(plans ?? 0, targets ?? 0)))
    }

    /// What the width stands for: everything, and a little more so that no mark is at the edge.
    private var horizon: Double { furthest * Self.room }
    /// A little room after the last moment.
    private static let room = 1.04

    private var height: Double { Self.axisHeight + Double(shown.count) * Self.rowHeight + 4 }

    package var html: HTML {
        """
        <div class="gantt" role="img" aria-label="\(summary)"><ol class="gantt-names" aria-hidden="true">\
        \(shown.html { "<li>\($0.name)</li>" })</ol>\
        <svg class="gantt-chart" height="\(height)" aria-hidden="true">\(waits)\(ticks)\(shown.enumerated().html(bar))\
        \(marks)</svg></div>
        <ul class="legend" aria-hidden="true"><li class="key-fact">So far</li><li class="key-forecast">Forecast</li>\
        \(if: showsPlan, "<li class=\"key-planned\">Planned</li>")\
        \(if: showsTargets, "<li class=\"key-due\">Target of a wave</li>")\
        \(if: now != nil, "<li class=\"key-now\">Now</li>")\(targetKey)\(idleKey)</ul>
        """
    }

    private var targetKey: HTML {
        guard let objective else { return .empty }
        let words = Times.duration(Int(objective), coarse: true)
        return target == nil
            ? "<li class=\"key-target\">Target \(words), far beyond this picture</li>"
            : "<li class=\"key-target\">Target \(words)</li>"
    }

    private var summary: String {
        let named = shown.map { "\($0.name): \($0.words)" }
        let target = objective.map { ["target \(Times.duration(Int($0)))"] } ?? []
        return (named + target).joined(separator: "; ")
    }

    /// A time in which no wave runs; a long one is drawn short, or an hour's wait for a person would hide the minutes.
    private struct Idle {
        let start: Double
        let end: Double
    }

    /// Waits shorter than this share of everything are drawn as they were.
    private static let idleShare = 0.25
    /// How wide a shortened wait is drawn, as a share of everything.
    private static let idleWidth = 0.04

    private var idles: [Idle] {
        var (found, reach) = ([Idle](), 0.0)
        let spans = bars.flatMap { [$0.fact, $0.forecast] }.compactMap(\.self).filter { $0.end > $0.start }
        for span in spans.sorted(by: { $0.start < $1.start }) {
            if span.start - reach > max(60, last * Self.idleShare) { found.append(Idle(start: reach, end: span.start)) }
            reach = max(reach, span.end)
        }
        return found
    }

    /// Where a moment is drawn, in seconds of drawn time.
    private func drawn(_ seconds: Double) -> Double {
        idles.reduce(seconds) { left, idle in
            let length = idle.end - idle.start
            let passed = max(0, min(seconds, idle.end) - idle.start)
            return left - passed * (1 - last * Self.idleWidth / length)
        }
    }

    /// The horizon as it is drawn: as much room after the last moment as without shortened waits.
    private var drawnHorizon: Double { drawn(furthest) * Self.room }

    private func position(_ seconds: Double) -> Double {
        max(0, min(100, drawn(seconds) / drawnHorizon * 100))
    }

    private var waits: HTML {
        idles.html { idle in
            let (x, end) = (position(idle.start), position(idle.end))
            return """
                <rect class="idle" x="\(x)%" y="\(Self.axisHeight)" width="\(end - x)%" height="\(height)"/>
                """
        }
    }

    private var idleKey: HTML {
        guard !idles.isEmpty else { return .empty }
        let seconds = Int(idles.reduce(0) { $0 + $1.end - $1.start })
        return "<li class=\"key-idle\">Waited \(Times.duration(seconds)), drawn short</li>"
    }

    private func bar(_ index: Int, _ bar: Bar) -> HTML {
        let y = Self.axisHeight + Double(index) * Self.rowHeight
        let planned: HTML? = bar.planned.flatMap { span in
            guard showsPlan else { return nil }
            let (x, end) = (position(span.start), position(span.end))
            return "<rect class=\"planned\" x=\"\(x)%\" y=\"\(y + 24)\" width=\"\(max(0.4, end - x))%\" height=\"3\"/>"
        }
        let due: HTML? = (showsTargets ? bar.target : nil).map { at in
            "<line class=\"due\" x1=\"\(position(at))%\" x2=\"\(position(at))%\" y1=\"\(y + 2)\" y2=\"\(y + 28)\"/>"
        }
        return """
            <rect class="lane" x="0" y="\(y)" width="100%" height="\(Self.rowHeight)"/>\(planned)\
            \(bar.forecast.map { rect($0, "forecast", at: y, isRough: true) })\
            \(bar.fact.map { rect($0, bar.kind.rawValue, at: y, isRough: false) })\(due)
            """
    }

    private func rect(_ span: Span, _ className: String, at y: Double, isRough: Bool) -> HTML {
        let (x, end) = (position(span.start), position(span.end))
        let width = max(0.4, end - x)
        let label: HTML =
            width > 8
            ? """
            <svg x="\(x)%" y="\(y + 4)" width="\(width)%" height="18"><text x="8" y="13">\
            \(Times.duration(Int(span.end - span.start), coarse: isRough))</text></svg>
            """ : .empty
        return """
            <rect class="bar \(className)" x="\(x)%" y="\(y + 4)" width="\(width)%" height="18" rx="4"/>\(label)
            """
    }

    /// Ticks at a round step, so that there are at most eight.
    private var ticks: HTML {
        let steps: [Double] = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800]
        let step = steps.first { drawnHorizon / $0 <= 8 } ?? 2_592_000
        let waits = idles
        let times = stride(from: 0, through: horizon, by: step).filter { at in
            !waits.contains { at > $0.start && at < $0.end }
        }
        return times.html { at in
            """
            <line class="tick" x1="\(position(at))%" x2="\(position(at))%" y1="\(Self.axisHeight - 6)" y2="\(height)"/>\
            <text class="tick-label" x="\(position(at))%" dx="\(at == 0 ? 0 : -3)" y="12" \
            text-anchor="\(at == 0 ? "start" : "middle")">\(at == 0 ? "0" : Times.duration(Int(at), coarse: step >= 60))</text>
            """
        }
    }

    private var marks: HTML {
        var marks = HTML.empty
        if let target { marks += line(target, "target") }
        if let now { marks += line(now, "now") }
        return marks
    }

    private func line(_ at: Double, _ name: String) -> HTML {
        """
        <line class="mark \(name)" x1="\(position(at))%" x2="\(position(at))%" y1="\(Self.axisHeight - 8)" y2="\(height)"/>
        """
    }
}
