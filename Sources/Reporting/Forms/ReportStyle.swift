internal import Hypertext
internal import OpenSSL

/// The style of a report, on the screen and on paper.
///
/// It is text of ours alone, so that a browser can be told its digest and take no other.
package enum ReportStyle {
    /// The element that a document has in its head.
    static let element = HTML(stringLiteral: text)

    /// What a content security policy names it by: the digest of what stands between the tags.
    package static var digest: String {
        let bytes = element.bytes.dropFirst("<style>".utf8.count).dropLast("</style>".utf8.count)
        return "sha256-" + Base64.encode(SHA256.digest(Array(bytes)))
    }

    private static let text: StaticString = """
        <style>
        @page { size: A4; margin: 20mm 15mm 18mm 15mm;
          @top-left { content: string(classification); font: 8pt sans-serif; color: #444 }
          @top-right { content: string(plan); font: 8pt sans-serif; color: #444 }
          @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #444 }
          @bottom-left { content: string(kind); font: 8pt sans-serif; color: #444 }
          @bottom-center { content: string(mark); font: 8pt sans-serif; color: #444 } }
        @page wide { size: A4 landscape }
        .classification { string-set: classification content() }
        body { font: 10pt/1.4 "DejaVu Sans", Inter, sans-serif; color: #1a1a1a; background: #fff; margin: 0 }
        .report { max-width: 64rem; margin: 0 auto; padding: 1rem }
        h1 { string-set: kind content() }
        .cover .mark { string-set: mark content(); color: #444; margin: 0 0 1rem; overflow-wrap: anywhere }
        h1 { font-size: 24pt; margin: 3rem 0 .3rem }
        h2 { font-size: 14pt; margin: 1.6rem 0 .6rem; border-bottom: 1pt solid #888; break-after: avoid }
        h2.plain { border: 0 }
        .cover .plan { string-set: plan content(); font-size: 16pt; margin: 0 0 .3rem; overflow-wrap: anywhere }
        .verdict { display: inline-block; font-size: 13pt; font-weight: bold; padding: .3rem .8rem; margin: 0 0 1rem;
          border: 2pt solid #555; color: #333 }
        .verdict.good { border-color: #1f6b3a; color: #1f6b3a }
        .verdict.bad { border-color: #8a1c1c; color: #8a1c1c }
        h3 { font-size: 10pt; margin: .8rem 0 .3rem; break-after: avoid }
        .classification { text-transform: uppercase; letter-spacing: .1em; color: #8a1c1c }
        .interim { border: 1.5pt solid #8a1c1c; padding: .5rem; font-weight: bold }
        .missing { color: #7a3b00; font-style: italic }
        .cut { font-style: italic }
        .contents ol { columns: 2; padding-left: 1.6rem }
        .contents li { line-height: 1.9 }
        .contents a { color: #0b4a8f }
        table { border-collapse: collapse; width: 100%; margin: .4rem 0 1rem }
        th, td { text-align: left; vertical-align: top; padding: .2rem .4rem; border-bottom: .5pt solid #bbb;
          overflow-wrap: anywhere }
        .facts th { width: 34%; font-weight: normal; color: #444 }
        .rows th { background: #eef1f4; font-size: 8.5pt }
        .rows td { font-size: 8.5pt }
        .exception td { background: #fdf3e7 }
        .table { overflow-x: auto }
        figure { margin: .5rem 0 1rem; break-inside: avoid }
        figcaption { font-size: 8.5pt; color: #444 }
        @media print {
          .report { max-width: none; padding: 0 }
          h1 { margin-top: 1rem }
          .contents { break-after: page }
          .contents li { margin: 0; line-height: 1.3 }
          .drill #section-2, .drill #section-3 { break-before: page }
          .facts { break-inside: avoid }
          .facts th, .facts td { padding: .12rem .4rem }
          .contents ol { columns: 1; list-style: decimal }
          .contents a { text-decoration: none; color: #1a1a1a }
          .contents a::after { content: leader(".") target-counter(attr(href), page) }
          .table { overflow: visible }
          .rows { table-layout: fixed }
          .c12 { width: 12mm } .c15 { width: 15mm } .c18 { width: 18mm } .c26 { width: 26mm } .c33 { width: 33mm } .c39 { width: 39mm }
          .wide { page: wide }
          .rows th, .rows td { font-size: 7pt; padding: .15rem .25rem }
          tr { break-inside: avoid }
        }
        </style>
        """
}
