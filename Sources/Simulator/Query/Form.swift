internal import AWS

/// The parameters of `application/x-www-form-urlencoded`: what the query protocol sends.
package struct Form: Sendable, Hashable {
    private let values: [String: [String]]

    package init(_ values: [String: String]) {
        self.values = values.mapValues { [$0] }
    }

    /// Reads a body or a query; what cannot be decoded is left as it is.
    package init(parsing text: some StringProtocol) {
        var values: [String: [String]] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decoded(parts[0])
            values[name, default: []].append(parts.count == 2 ? Self.decoded(parts[1]) : "")
        }
        self.values = values
    }

    /// The first value of a parameter.
    package subscript(name: String) -> String? { values[name]?.first }

    /// Every value of a parameter that is repeated.
    package func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The values of `name.1`, `name.2` … (EC2) or `name.member.1` … (IAM, STS, SNS), in order.
    package func list(_ name: String) -> [String] {
        var found: [(Int, String)] = []
        for (key, value) in values where key.hasPrefix(name + ".") {
            let rest = key.dropFirst(name.count + 1)
            let index = rest.hasPrefix("member.") ? rest.dropFirst(7) : rest
            if let number = Int(index), let first = value.first { found.append((number, first)) }
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The filters of EC2, written as `Filter.1.Name`, `Filter.1.Value.1` and so on.
    package func filters() -> [(name: String, values: [String])] {
        var filters: [(name: String, values: [String])] = []
        while let name = self["Filter.\(filters.count + 1).Name"] {
            filters.append((name, list("Filter.\(filters.count + 1).Value")))
        }
        return filters
    }

    /// Text behind an encoded one, `+` a blank; what is not properly encoded stands for itself.
    private static func decoded(_ text: some StringProtocol) -> String {
        PercentEncoding.decode(String(text.map { $0 == "+" ? " " : $0 })) ?? String(text)
    }
}
