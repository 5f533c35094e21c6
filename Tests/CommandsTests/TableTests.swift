import Ambient
import Commands
import Testing

@Suite struct `A table` {
    private static let plain = Style(usesColour: false)

    @Test func `aligns by what is seen, also of wide characters, and ends no line with blanks`() {
        let table = Table(
            [.text("NAME"), .number("SERVERS"), .text("GROUP")],
            [["日本", "7", "east"], ["cafe\u{301}", "12", ""], ["👍🏽 ok", "100", "x"]]
        )
        #expect(
            table.lines(Self.plain) == [
                "NAME   SERVERS  GROUP",
                "日本         7  east",
                "cafe\u{301}        12",
                "👍🏽 ok      100  x",
            ]
        )
    }

    @Test func `has its colours around texts and never around blanks`() {
        let table = Table([.text("A"), .text("B")], [[Table.Cell("FAILED", .bad), "b"]])
        #expect(table.lines(Style(usesColour: true)).last == "\u{1B}[31mFAILED\u{1B}[0m  b")
    }

    @Test func `shows nothing that a terminal would obey`() {
        let table = Table([.text("A")], [["evil\u{1B}]0;title\u{7}\u{9B}31m\nline\u{202E}"]])
        #expect(table.lines(Self.plain).last == "evil\u{FFFD}]0;title\u{FFFD}\u{FFFD}31m line\u{FFFD}")
    }

    @Test(arguments: [("abcdef", 4, "abc…"), ("日本語", 4, "日…"), ("abc", 3, "abc"), ("abc", 0, "")])
    func `cuts a text to a width`(text: String, width: Int, cut: String) {
        #expect(DisplayWidth.fit(text, into: width) == cut)
        #expect(DisplayWidth.of(cut) <= width)
    }
}

@Suite struct `A progress bar` {
    @Test func `is exactly as long as asked, and shows whatever there is`() {
        let chance = SeededChance(seed: 7)
        for _ in 0..<2000 {
            let shares = ProgressBar.Share.allCases.map { ($0, Int(chance.next() % 40) * Int(chance.next() % 2)) }
            let width = 6 + Int(chance.next() % 60)
            let bar = ProgressBar(shares)
            let cells = bar.cells(in: width)
            #expect(cells.reduce(0) { $0 + $1.cells } == width)
            #expect(cells.allSatisfy { $0.cells > 0 })
            if !bar.shares.isEmpty { #expect(cells.map(\.share) == bar.shares.map(\.share)) }
        }
    }
}
