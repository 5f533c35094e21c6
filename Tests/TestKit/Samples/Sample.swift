package import Ambient
package import Recovery

extension Instant {
    /// When every sample begins.
    package static let sample = Instant(milliseconds: 1_795_000_000_000)
}

extension Identifier {
    /// The identifier that this number always gives.
    package static func sample(_ number: Int) -> Identifier {
        Identifier(at: .sample, by: SeededChance(seed: UInt64(number)))
    }
}

extension SourceServerID {
    /// `s-…` ending in the number.
    package static func sample(_ number: Int) -> SourceServerID {
        let digits = String(number)
        let text = "s-" + String(repeating: "0", count: 17 - digits.utf8.count) + digits
        guard let id = SourceServerID(rawValue: text) else { preconditionFailure("\(text) is not a source server") }
        return id
    }
}

extension Place {
    /// An account and Region of its own for each number; 0 is account 111122223333 in eu-west-1.
    package static func sample(_ number: Int = 0) -> Place {
        guard let account = AccountNumber(rawValue: String(111_122_223_333 + number)),
            let region = Region(rawValue: number.isMultiple(of: 2) ? "eu-west-1" : "us-east-1")
        else { preconditionFailure("there is no sample place \(number)") }
        return Place(accountId: account, region: region)
    }
}
