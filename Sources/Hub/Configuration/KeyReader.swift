internal import AWS
internal import Configuration

/// Reads keys and refuses wrong values with the key's name.
struct KeyReader {
    private let reader: ConfigReader

    init(_ reader: ConfigReader) {
        self.reader = reader
    }

    /// The value of `MUSTER_<name>`; an empty one is as good as none.
    func text(_ name: String, isSecret: Bool = false) throws -> String? {
        precondition(HubKey(rawValue: name) != nil, "MUSTER_\(name) is read and not documented")
        return variable("MUSTER_\(name)", isSecret: isSecret)
    }

    /// The value of a variable that is not ours.
    func variable(_ name: String, isSecret: Bool = false) -> String? {
        let parts = name.lowercased().split(separator: "_").map(String.init)
        let value = reader.string(forKey: ConfigKey(parts), isSecret: isSecret)?.trimmingBlanks
        return value?.isEmpty == false ? value : nil
    }

    func read<Value>(
        _ name: String,
        default standard: String,
        _ rule: String,
        _ reading: (String) -> Value?
    ) throws -> Value {
        guard let value = reading(try text(name) ?? standard) else {
            throw ConfigurationProblem("MUSTER_\(name)", rule)
        }
        return value
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationProblem(
                "MUSTER_\(name)",
                "must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// Values separated by commas; nil where there is none.
    func list(_ name: String) throws -> [String]? {
        guard let text = try text(name) else { return nil }
        let values = text.split(separator: ",").map { $0.trimmingBlanks }.filter { !$0.isEmpty }
        return values.isEmpty ? nil : values
    }

    /// An origin in its one spelling; plain http for loopback addresses only.
    func origin(_ name: String, _ text: String) throws -> String {
        let key = "MUSTER_\(name)"
        guard let endpoint = AWS.Endpoint(address: text, signingRegion: ""), endpoint.basePath.isEmpty else {
            throw ConfigurationProblem(key, "must be an origin such as https://muster.example.com")
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback else {
            throw ConfigurationProblem(key, "must begin with https; http is for loopback addresses")
        }
        return endpoint.origin
    }

    /// An address that is kept as it is written, such as an issuer; plain http for loopback addresses only.
    func address(_ key: String, _ text: String) throws -> String {
        guard let endpoint = AWS.Endpoint(address: text, signingRegion: "") else {
            throw ConfigurationProblem(key, "must be an address such as https://login.example.com/pool")
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback else {
            throw ConfigurationProblem(key, "must begin with https; http is for loopback addresses")
        }
        return text
    }
}
