internal import Ambient

/// Makes identifiers in AWS's form.
///
/// What a client creates gets its name by chance; what the world file describes gets it from what it describes, so
/// that a server keeps its identifier when the simulator is started again.
struct Naming: Sendable {
    let chance: any Chance

    /// A name by chance: the prefix and 17 hexadecimal digits, as `drsjob-0f3a…`.
    func name(_ prefix: String) -> String {
        prefix + "-" + Self.digits([Self.draw(chance), Self.draw(chance)])
    }

    /// Capital letters and digits by chance, as access key identifiers have them.
    func capitals(_ count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        return String((0..<count).map { _ in alphabet[Int(Self.draw(chance) % 32)] })
    }

    /// Lower-case hexadecimal digits by chance.
    func hexadecimal(_ count: Int) -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<count).map { _ in digits[Int(Self.draw(chance) % 16)] })
    }

    /// A name that is always the same for the same subject.
    static func name(_ prefix: String, of subject: String) -> String {
        prefix + "-" + digits([hash(subject), hash(subject + "'")])
    }

    /// FNV-1a with a final mix (SplitMix64): spreads what differs in one letter.
    static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }

    private static func digits(_ words: [UInt64]) -> String {
        let text = words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return String(text.joined().prefix(17))
    }

    private static func draw(_ chance: some Chance) -> UInt64 { chance.next() }
}
