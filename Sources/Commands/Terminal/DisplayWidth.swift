/// How many columns of a terminal a text takes (Unicode Standard Annex #11), and how to make it fit.
package enum DisplayWidth {
    package static func of(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + width(of: $1) }
    }

    /// The text, or so much of it as fits before an ellipsis.
    package static func fit(_ text: String, into width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var (fitting, used) = ("", 0)
        for character in text {
            used += self.width(of: character)
            guard used < width else { break }
            fitting.append(character)
        }
        return fitting + "…"
    }

    /// The text with blanks behind it up to a width.
    package static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - of(text)))
    }

    private static func width(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        case _: break
        }
        // A variation selector asks for the picture of a sign, which is wide.
        let isPicture = first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}")
        return isPicture || isWide(first.value) ? 2 : 1
    }

    /// The blocks whose characters are Wide or Fullwidth (EastAsianWidth.txt of Unicode 15).
    private static func isWide(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x1B000...0x1B2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

extension String {
    /// The text on one line and without anything that a terminal obeys: hostnames and tags come from elsewhere.
    package var printable: String {
        guard unicodeScalars.contains(where: Self.isObeyed) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isBlank = scalar == "\n" || scalar == "\t" || scalar == "\r"
            text.append(isBlank ? " " : Self.isObeyed(scalar) ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Controls of both sets, line separators, and marks that turn the direction of what follows.
        case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
