package import Hypertext

/// Parts of a whole as a ring, with the numbers beside it; each is a link to what it counts.
package struct Donut: Sendable {
    let parts: [Distribution.Part]
    let unit: String

    package init(_ parts: [Distribution.Part], unit: String) {
        self.parts = parts
        self.unit = unit
    }

    private static let radius = 56.0

    package var html: HTML {
        let total = parts.reduce(0) { $0 + $1.count }
        let around = 2 * Double.pi * Self.radius
        var turned = 0.0
        let rings = parts.filter { $0.count > 0 }.html { part in
            let length = around * Double(part.count) / Double(max(1, total))
            defer { turned += length }
            return """
                <circle class="\(part.kind.rawValue)" cx="74" cy="74" r="\(Self.radius)" transform="rotate(-90 74 74)" \
                stroke-dasharray="\(max(1, length - 2)) \(around)" stroke-dashoffset="\(-turned)"/>
                """
        }
        return """
            <div class="donut"><svg viewBox="0 0 148 148" aria-hidden="true">\
            <circle class="ground-ring" cx="74" cy="74" r="\(Self.radius)" opacity="0.3"/>\(rings)\
            <text class="total" x="74" y="78">\(total)</text><text class="unit-label" x="74" y="96">\(unit)</text></svg>\
            \(Legend(parts).html)</div>
            """
    }
}

/// The parts of a picture in words.
struct Legend: Sendable {
    let parts: [Distribution.Part]

    init(_ parts: [Distribution.Part]) {
        self.parts = parts
    }

    var html: HTML {
        "<ul class=\"counts\">\(parts.html(item))</ul>"
    }

    private func item(_ part: Distribution.Part) -> HTML {
        let words: HTML = "\(icon(part.kind.rawValue))<strong>\(part.count)</strong> \(part.label)"
        guard let link = part.link, part.count > 0 else {
            return "<li class=\"\(part.kind.rawValue)\"><span>\(words)</span></li>"
        }
        return "<li class=\"\(part.kind.rawValue)\"><a href=\"\(link)\">\(words)</a></li>"
    }
}
