internal import Hypertext

/// The drawings of the coverage, as vectors without any style of their own.
extension Coverage {
    private static let width = 720.0
    private static let proven = "#2f6fb0"
    private static let planned = "#9db7d2"
    private static let bare = "#d9d9d9"
    private static let text = "#1a1a1a"

    /// One bar of all servers: proven, in plans only, in no plan.
    var coverageBar: HTML {
        let parts = [
            ("proven", totals.serversProven, Self.proven),
            ("in plans only", totals.serversInPlans - totals.serversProven, Self.planned),
            ("in no plan", totals.servers - totals.serversInPlans, Self.bare),
        ]
        let scale = Self.width / Double(max(1, totals.servers))
        var x = 0.0
        var (bars, legend) = (HTML.empty, HTML.empty)
        for (index, part) in parts.enumerated() {
            let width = Double(max(0, part.1)) * scale
            if width > 0 { bars += "<rect x=\"\(x)\" y=\"0\" width=\"\(width)\" height=\"26\" fill=\"\(part.2)\"/>" }
            x += width
            let left = Double(index) * 220
            legend += """
                <rect x="\(left)" y="36" width="10" height="10" fill="\(part.2)"/>\
                <text x="\(left + 14)" y="45" font-size="10" font-family="sans-serif" fill="\(Self.text)">\
                \(part.0): \(max(0, part.1))</text>
                """
        }
        return "<svg viewBox=\"0 0 \(Self.width) 52\" width=\"100%\" class=\"chart\">\(bars)\(legend)</svg>"
    }

    /// Runs by quarter, those that passed filled.
    var quarterChart: HTML {
        let top = Double(max(1, quarters.map(\.runs).max() ?? 1))
        let step = Self.width / Double(max(1, quarters.count))
        let bars = quarters.enumerated().html { index, quarter -> HTML in
            let x = Double(index) * step + step * 0.2
            let (all, passed) = (Double(quarter.runs) / top * 90, Double(quarter.passes) / top * 90)
            return """
                <rect x="\(x)" y="\(100 - all)" width="\(step * 0.6)" height="\(all)" fill="\(Self.planned)"/>\
                <rect x="\(x)" y="\(100 - passed)" width="\(step * 0.6)" height="\(passed)" fill="\(Self.proven)"/>\
                <text x="\(x + step * 0.3)" y="114" font-size="10" font-family="sans-serif" fill="\(Self.text)" \
                text-anchor="middle">\(quarter.quarter)</text>\
                <text x="\(x + step * 0.3)" y="127" font-size="10" font-family="sans-serif" fill="\(Self.text)" \
                text-anchor="middle">\(quarter.passes)/\(quarter.runs)</text>
                """
        }
        return "<svg viewBox=\"0 0 \(Self.width) 132\" width=\"100%\" class=\"chart\">\(bars)</svg>"
    }
}
