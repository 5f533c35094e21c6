/// A bar whose parts are as long as their shares.
package struct ProgressBar: Sendable {
    /// How a share is drawn; the characters differ, so that no colour is needed to tell them apart.
    package enum Share: Sendable, CaseIterable {
        case launched, failed, inProgress, queued, gone, pending

        func mark(inUnicode: Bool) -> String {
            switch self {
            case .launched: inUnicode ? "█" : "#"
            case .failed: inUnicode ? "×" : "x"
            case .inProgress: inUnicode ? "▓" : "="
            case .queued: inUnicode ? "▒" : "-"
            case .gone: inUnicode ? "·" : "_"
            case .pending: inUnicode ? "░" : "."
            }
        }

        var tone: Tone {
            switch self {
            case .launched: .good
            case .failed: .bad
            case .inProgress: .strong
            case .queued, .pending: .faint
            case .gone: .warning
            }
        }
    }

    package let shares: [(share: Share, count: Int)]

    package init(_ shares: [(Share, Int)]) {
        self.shares = shares.filter { $0.1 > 0 }.map { (share: $0.0, count: $0.1) }
    }

    /// The cells of each share; one that is not nothing has at least one, and all together have exactly `width`.
    package func cells(in width: Int) -> [(share: Share, cells: Int)] {
        let total = shares.reduce(0) { $0 + $1.count }
        guard total > 0 else { return width > 0 ? [(.gone, width)] : [] }
        var cells = shares.map { (share: $0.share, cells: max(1, $0.count * width / total)) }
        var rest = width - cells.reduce(0) { $0 + $1.cells }
        // What rounding left over or took too much goes to or comes from the longest, where it is least seen.
        while rest != 0, let longest = cells.indices.max(by: { cells[$0].cells < cells[$1].cells }) {
            guard rest > 0 || cells[longest].cells > 1 else { break }
            cells[longest].cells += rest.signum()
            rest -= rest.signum()
        }
        return cells
    }

    func pieces(in width: Int, inUnicode: Bool) -> [(text: String, tone: Tone)] {
        cells(in: width).map { part in
            (String(repeating: part.share.mark(inUnicode: inUnicode), count: part.cells), part.share.tone)
        }
    }
}
