/// What media types the client takes (RFC 9110 section 12.5.1).
struct Acceptance {
    private let ranges: [MediaType]

    /// Everything, where the header is missing or says nothing that can be read.
    init(_ values: [String]) {
        ranges = values.flatMap { $0.split(separator: ",") }.compactMap { MediaType($0) }
    }

    /// The type that the client likes best; among equals the first.
    ///
    /// - Throws: `Problem` 406 when it takes none of them.
    func best(of offered: [String]) throws -> String {
        let weighed = offered.map { (type: $0, weight: weight(of: $0)) }.filter { $0.weight > 0 }
        guard let top = weighed.map(\.weight).max(), let best = weighed.first(where: { $0.weight == top }) else {
            let types = offered.joined(separator: " or ")
            throw Problem(.notAcceptable, "The answer is \(types), which Accept excludes.")
        }
        return best.type
    }

    /// By the most specific range that covers the type.
    private func weight(of type: String) -> Double {
        guard !ranges.isEmpty else { return 1 }
        let group = type.prefix { $0 != "/" } + "/*"
        for name in [type, String(group), "*/*"] {
            if let range = ranges.first(where: { $0.name == name }) { return range.weight }
        }
        return 0
    }
}
