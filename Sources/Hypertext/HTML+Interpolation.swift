extension HTML {
    /// Writes the literals of a piece as they are and its values escaped for where they stand.
    package struct Interpolation: StringInterpolationProtocol, Sendable {
        private(set) var bytes: [UInt8] = []
        private var misplacements: [String] = []
        private var place = Place()

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * Self.usualValue)
        }

        init(literal: StaticString) {
            self.init(literalCapacity: literal.utf8CodeUnitCount, interpolationCount: 0)
            appendLiteral(literal)
        }

        /// Bytes that a value usually takes: a name, an identifier.
        private static let usualValue = 32

        /// Only what stands in the source is taken as it is: a `StaticString` cannot be computed.
        package mutating func appendLiteral(_ literal: StaticString) {
            write(literal.description)
        }

        private mutating func write(_ markup: String) {
            bytes += markup.utf8
            for byte in markup.utf8 { place.read(byte) }
        }

        /// Text: escaped for where it stands.
        package mutating func appendInterpolation(_ text: String) {
            guard let escaping = place.escaping else { return misplace(text) }
            escaping.write(text, to: &bytes)
            place.readValue()
        }

        /// Text, or nothing.
        package mutating func appendInterpolation(_ text: String?) {
            if let text { appendInterpolation(text) }
        }

        /// A number, as it is.
        package mutating func appendInterpolation(_ number: Int) {
            appendInterpolation(String(number))
        }

        /// A length or position of a drawing, to a hundredth.
        package mutating func appendInterpolation(_ number: Double) {
            appendInterpolation(Self.hundredths(number))
        }

        /// An address, whole: the only value that may stand at the beginning of `href`, `src` or `action`.
        package mutating func appendInterpolation(_ link: Link) {
            guard place.takesAddress else { return appendInterpolation(link.address) }
            Escaping.text.write(link.address, to: &bytes)
            place.readValue()
        }

        /// Markup: where text may stand.
        package mutating func appendInterpolation(_ html: HTML) {
            guard place.takesMarkup else { return misplace(html.description) }
            bytes += html.bytes
            misplacements += html.misplacements
        }

        package mutating func appendInterpolation(_ html: HTML?) {
            if let html { appendInterpolation(html) }
        }

        /// Markup where a condition holds.
        package mutating func appendInterpolation(if condition: Bool, _ html: @autoclosure () -> HTML) {
            if condition { appendInterpolation(html()) }
        }

        /// An attribute with its quotes, inside a tag, or nothing where there is no value: `<input\(attribute: "min", 1)>`.
        package mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
            guard let value else { return }
            guard place.takesAttribute else { return misplace("\(name)") }
            write(" \(name)=\"")
            appendInterpolation(value)
            write("\"")
        }

        /// An attribute that is an address.
        package mutating func appendInterpolation(attribute name: StaticString, _ value: Link?) {
            guard let value else { return }
            guard place.takesAttribute else { return misplace("\(name)") }
            write(" \(name)=\"")
            appendInterpolation(value)
            write("\"")
        }

        package mutating func appendInterpolation(attribute name: StaticString, _ value: Int?) {
            appendInterpolation(attribute: name, value.map(String.init))
        }

        /// An attribute that stands there or not: `<input\(flag: "checked", isOn)>`.
        package mutating func appendInterpolation(flag name: StaticString, _ isOn: Bool) {
            guard isOn else { return }
            guard place.takesAttribute else { return misplace("\(name)") }
            write(" \(name)")
        }

        /// What was left out, and what the piece left open: a piece that ends inside a tag cannot be put together.
        var finalMisplacements: [String] {
            place.isClosed ? misplacements : misplacements + ["the piece ends inside \(place.name)"]
        }

        private mutating func misplace(_ value: String) {
            misplacements.append("\(value) in \(place.name)")
        }

        private static func hundredths(_ number: Double) -> String {
            guard number.isFinite else { return "0" }
            let scaled = (number.magnitude * 100).rounded()
            guard scaled < Double(Int32.max) else { return "0" }
            let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: 100)
            let sign = number < 0 && scaled > 0 ? "-" : ""
            if rest == 0 { return "\(sign)\(whole)" }
            return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
        }
    }
}
