/// One line of a frame: pieces with tones, cut where the terminal ends.
struct StyledLine: Sendable {
    private(set) var pieces: [(text: String, tone: Tone)] = []

    init(_ text: String = "", _ tone: Tone = .plain) {
        add(text, tone)
    }

    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    mutating func add(_ text: String, _ tone: Tone = .plain) {
        if !text.isEmpty { pieces.append((text, tone)) }
    }

    /// The line, no wider than it may be.
    func text(_ style: Style, fitting width: Int) -> String {
        var (line, left) = ("", width)
        for (index, piece) in pieces.enumerated() {
            // The last column that is left must show that something is missing.
            let isLast = index == pieces.count - 1
            let fitted = DisplayWidth.fit(piece.text, into: left)
            line += style.paint(fitted, piece.tone)
            left -= DisplayWidth.of(fitted)
            if fitted != piece.text || (left == 0 && !isLast) { break }
        }
        return line
    }
}
