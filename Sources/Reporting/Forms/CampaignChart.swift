internal import Ambient
internal import Hypertext
internal import Recovery

extension CampaignReport {
    private static let width = 720.0
    private static let names = 170.0
    private static let row = 18.0
    private static let text = "#1a1a1a"
    /// More drills than this are no picture any more; the table has them all.
    private static let drawn = 60

    /// The drills on the campaign's clock.
    var timelineChart: HTML {
        let from = identity.startedAt
        let end = identity.endedAt ?? identity.madeAt
        let horizon = max(1, (end - from).seconds) * 1.02
        let scale = (Self.width - Self.names) / horizon
        let begun = drills.filter { $0.begunAt != nil }.prefix(Self.drawn)
        let height = Double(begun.count) * Self.row + 20
        let bars = begun.enumerated().html { index, drill -> HTML in
            let y = Double(index) * Self.row
            let start = max(0, ((drill.begunAt ?? from) - from).seconds)
            let taken = max(0, ((drill.endedAt ?? end) - from).seconds - start)
            return """
                <text x="0" y="\(y + 13)" font-size="10" font-family="sans-serif" fill="\(Self.text)">\
                \(String("\(drill.number) \(drill.planName)".prefix(28)))</text>\
                <rect x="\(Self.names + start * scale)" y="\(y + 2)" width="\(max(1, taken * scale))" height="13" \
                fill="\(drill.ink)"/>
                """
        }
        return """
            <svg viewBox="0 0 \(Self.width) \(height)" width="100%" class="chart">\(bars)\
            <text x="\(Self.names)" y="\(height - 5)" font-size="9" font-family="sans-serif" fill="\(Self.text)">\
            \(Words.moment(from))</text>\
            <text x="\(Self.width)" y="\(height - 5)" font-size="10" font-family="sans-serif" fill="\(Self.text)" \
            text-anchor="end">\(Words.duration(Int(horizon)))</text></svg>
            """
    }
}

extension CampaignReport.Drill {
    /// The colour of its bar; the table says the same in words.
    fileprivate var ink: String {
        switch outcome {
        case .passed: "#2f6fb0"
        case .passedWithDeviations: "#c98a1b"
        case .notPassed, .skipped: "#b3372b"
        case .open: "#9db7d2"
        }
    }
}
