import Hypertext
import Testing

@Suite struct `A piece of HTML` {
    @Test func `takes literals as they are and escapes values`() {
        let name = "<Tom & \"Jerry's\">"
        let piece: HTML = "<p class=\"name\">\(name)</p>"
        #expect(piece.description == "<p class=\"name\">&lt;Tom &amp; &quot;Jerry&#39;s&quot;&gt;</p>")
    }

    @Test func `escapes what looks like HTML but is text`() {
        let text = "<b>\("bold")</b>"
        let piece: HTML = "<p>\(text)</p>"
        #expect(piece.description == "<p>&lt;b&gt;bold&lt;/b&gt;</p>")
    }

    @Test func `takes HTML where text may stand, and joins lists`() {
        let bold: HTML = "<b>\("1 < 2")</b>"
        let list: HTML = "<ul>\([1, 2].html { "<li>\($0)</li>" })</ul>"
        let piece: HTML = "<div>\(bold)\(list)\([bold, bold].joined(by: ", "))</div>"
        #expect(
            piece.description
                == "<div><b>1 &lt; 2</b><ul><li>1</li><li>2</li></ul><b>1 &lt; 2</b>, <b>1 &lt; 2</b></div>"
        )
    }

    @Test func `leaves out what is nil or not so`() {
        let missing: String? = nil
        let markup: HTML? = nil
        let piece: HTML = """
            <p\(attribute: "title", missing)\(flag: "hidden", false)>\(missing)\(markup)\(if: false, "<b>b</b>")</p>
            """
        #expect(piece.description == "<p></p>")
    }

    @Test func `quotes attributes`() {
        let piece: HTML =
            "<input\(attribute: "value", "a\" onfocus=\"b")\(attribute: "min", 3)\(flag: "required", true)>"
        #expect(piece.description == "<input value=\"a&quot; onfocus=&quot;b\" min=\"3\" required>")
        let other: HTML = "<input\(flag: "required", true)\(attribute: "min", 3) checked\(attribute: "id", "a")>"
        #expect(other.description == "<input required min=\"3\" checked id=\"a\">")
        #expect(other.misplacements.isEmpty)
        #expect(piece.misplacements.isEmpty)
    }

    @Test func `writes numbers of drawings without noise`() {
        let piece: HTML = "<rect x=\"\(1.0)\" y=\"\(0.125)\" width=\"\(-2.5)\" height=\"\(Double.nan)\"/>"
        #expect(piece.description == "<rect x=\"1\" y=\"0.13\" width=\"-2.5\" height=\"0\"/>")
    }

    @Test func `replaces control characters, which browsers read in ways of their own`() {
        let piece: HTML = "<p>\("a\u{0}b\u{1B}c\nd")</p>"
        #expect(piece.description == "<p>a\u{FFFD}b\u{FFFD}c\nd</p>")
    }
}

@Suite struct `An address in HTML` {
    @Test func `is continued by encoded parts only`() {
        let piece: HTML = "<a href=\"/servers/\("s-1/../../x?y#z")\">x</a>"
        #expect(piece.description == "<a href=\"/servers/s-1%2F..%2F..%2Fx%3Fy%23z\">x</a>")
    }

    @Test func `is never begun by a text`() {
        let piece: HTML = "<a href=\"\("javascript:alert(1)")\">x</a>"
        #expect(piece.description == "<a href=\"\">x</a>")
        #expect(piece.misplacements == ["javascript:alert(1) in attribute href"])
    }

    @Test func `is begun by a link`() {
        let link: Link = "/executions?planId=\("a&b")"
        let piece: HTML = "<a href=\"\(link)\" data-also=\"\(link)\">x</a>"
        #expect(
            piece.description
                == "<a href=\"/executions?planId=a%26b\" data-also=\"/executions?planId=a%26b\">x</a>"
        )
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "http://a.example", "https://a b", "//a.example", "JavaScript:x",
    ])
    func `leads nowhere else`(address: String) {
        #expect(Link(external: address) == nil)
        #expect(Link(local: address) == nil)
    }

    @Test func `leads back where somebody came from, within this site`() {
        #expect(Link(local: "/executions?status=FAILED")?.address == "/executions?status=FAILED")
        #expect(Link(local: "/\\evil.example") == nil)
        #expect(Link(local: "/a\r\nSet-Cookie: x") == nil)
        #expect(Link(local: "") == nil)
    }

    @Test func `takes a query with what it has`() {
        let link: Link = "/servers"
        #expect(link.with([("q", "a b&c"), ("state", nil), ("sort", "")]).address == "/servers?q=a%20b%26c")
        #expect(link.with([("q", "a")]).with([("limit", "5")]).address == "/servers?q=a&limit=5")
    }
}

@Suite struct `A value in the wrong place` {
    @Test func `is left out, and told`() {
        let value = "x onclick=alert(1)"
        let pieces: [(HTML, String)] = [
            ("<script>let a = \"\(value)\"</script>", "content of script"),
            ("<style>\(value)</style>", "content of style"),
            ("<p class=\(value)>x</p>", "unquoted attribute class"),
            ("<p \(value)>x</p>", "tag p"),
            ("<\(value)>x</p>", "tag "),
            ("<p onclick=\"\(value)\">x</p>", "attribute onclick"),
            ("<p style='\(value)'>x</p>", "attribute style"),
            ("<iframe srcdoc=\"\(value)\"></iframe>", "attribute srcdoc"),
            ("<!-- \(value) --><p>x</p>", "comment"),
            ("<img src=\"\(value)\">", "attribute src"),
        ]
        for (piece, place) in pieces {
            #expect(piece.misplacements == ["\(value) in \(place)"])
            #expect(!piece.description.contains(value))
        }
    }

    @Test func `includes markup inside attributes and titles`() {
        let bold: HTML = "<b>b</b>"
        let pieces: [HTML] = [
            "<p title=\"\(bold)\">x</p>", "<title>\(bold)</title>", "<textarea>\(bold)</textarea>", "<p \(bold)>x</p>",
        ]
        for piece in pieces {
            #expect(piece.misplacements.count == 1)
            #expect(!piece.description.contains("<b>"))
        }
    }

    @Test func `includes a piece that does not end in text`() {
        let open: HTML = "<p class=\"a"
        let piece: HTML = "<div>\(open)</div>"
        #expect(piece.misplacements == ["the piece ends inside attribute class"])
    }

    @Test func `is not what follows a script or a comment`() {
        let piece: HTML =
            "<!doctype html><!-- a > b --><script src=\"/a.js\"></script><title>\("t")</title><p>\("x")</p>"
        #expect(piece.misplacements.isEmpty)
        #expect(piece.description.hasSuffix("<title>t</title><p>x</p>"))
    }
}

@Suite struct `Whatever a value contains` {
    private static let hostile = [
        "</p><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "<!--", "-->",
        "]]>", "</textarea><script>", "</title><svg onload=alert(1)>", "&lt;script&gt;", "javascript:alert(1)",
        "\u{0}<b>",
        "<\u{0}script>", "\u{2028}<b>", "\\\"><b>", "`<b>`", "%22%3E%3Cb%3E", "a\r\n<b>", "{{<b>}}", "${<b>}",
    ]

    /// The bytes that make markup; a value must add none.
    private static func structure(_ html: HTML) -> [Character] {
        html.description.filter { "<>\"'".contains($0) }
    }

    @Test(arguments: Self.hostile) func `the markup stays what it was`(value: String) {
        func pieces(_ value: String) -> [HTML] {
            [
                "<p>\(value)</p>", "<p title=\"\(value)\">x</p>", "<p title='\(value)'>x</p>",
                "<a href=\"/a/\(value)\">x</a>", "<a href='/a?b=\(value)'>x</a>", "<title>\(value)</title>",
                "<textarea>\(value)</textarea>", "<p\(attribute: "id", value)></p>",
                "<svg><title>\(value)</title><text x=\"1\">\(value)</text><use href=\"/i.svg#\(value)\"/></svg>",
            ]
        }
        for (piece, harmless) in zip(pieces(value), pieces("harmless")) {
            #expect(Self.structure(piece) == Self.structure(harmless))
            #expect(piece.misplacements.isEmpty)
        }
    }
}
