internal import AWS

/// Where a hub is reached: an origin, which is also what the proof of identity is signed for.
package struct HubAddress: Sendable, Hashable, CustomStringConvertible {
    /// Lower case, without the scheme's own port and without a slash at its end: `https://muster.example.com`.
    package let origin: String

    package var description: String { origin }

    /// Reads one address; plain `http` is taken for loopback addresses only.
    package init(_ text: String) throws(ConfigurationProblem) {
        guard let endpoint = Endpoint(address: text, signingRegion: ""), endpoint.basePath.isEmpty else {
            throw ConfigurationProblem("MUSTER_HUB_URL", "\(text) is not an origin such as https://muster.example.com")
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback else {
            throw ConfigurationProblem(
                "MUSTER_HUB_URL",
                "\(text) must begin with https; http is for loopback addresses"
            )
        }
        origin = endpoint.origin
    }

    /// Reads several addresses, separated by commas, in the order in which they are tried.
    package static func list(_ text: String) throws(ConfigurationProblem) -> [HubAddress] {
        var addresses: [HubAddress] = []
        for part in text.split(separator: ",") {
            let trimmed = String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            guard !trimmed.isEmpty else { continue }
            let address = try HubAddress(trimmed)
            if !addresses.contains(address) { addresses.append(address) }
        }
        guard !addresses.isEmpty else {
            throw ConfigurationProblem("MUSTER_HUB_URL", "must name the hub, such as https://muster.example.com")
        }
        return addresses
    }
}
