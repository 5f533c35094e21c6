package import AWS
package import Recovery

/// What a proof of identity is judged by: the origins this hub is known under, and the STS endpoints it believes.
package struct AgentTrust: Sendable {
    /// The origins of `MUSTER_PUBLIC_URL`, lower case.
    package let origins: [String]
    /// The endpoints of `MUSTER_STS_ENDPOINTS`; empty: AWS's own regional ones.
    private let endpoints: [String]

    /// Why the configuration cannot be used, by the variable's name.
    package struct Misconfigured: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Takes the origins and the allow-list; `http` is taken for loopback addresses only.
    package init(origins: [String], stsEndpoints: [String]) throws(Misconfigured) {
        self.origins = try origins.map { text throws(Misconfigured) in try Self.origin(text, of: "MUSTER_PUBLIC_URL") }
        endpoints = try stsEndpoints.map { text throws(Misconfigured) in
            try Self.origin(text, of: "MUSTER_STS_ENDPOINTS")
        }
        guard !origins.isEmpty else { throw Misconfigured(description: "MUSTER_PUBLIC_URL must name an origin") }
    }

    private static func origin(_ text: String, of variable: String) throws(Misconfigured) -> String {
        guard let endpoint = AWS.Endpoint(address: text, signingRegion: ""), endpoint.basePath.isEmpty,
            endpoint.scheme == "https" || endpoint.isLoopback
        else { throw Misconfigured(description: "\(variable): \(text) is not an https origin (http is for loopback)") }
        return endpoint.origin
    }

    /// The STS endpoint that vouches for principals of the Region's partition; nil for a Region of no known partition.
    ///
    /// Of an allow-list the endpoint whose host names the Region; else the first one that names no Region at all, such as
    /// a stand-in for AWS on loopback.
    package func endpoint(for region: Region) -> AWS.Endpoint? {
        guard Partition.of(region: region.rawValue) != nil else { return nil }
        guard !endpoints.isEmpty else {
            // Without an environment no address can be misconfigured.
            return try? Endpoints().endpoint(of: .sts, in: region.rawValue)
        }
        let listed = endpoints.compactMap { AWS.Endpoint(address: $0, signingRegion: region.rawValue) }
        return listed.first { $0.authority.split(separator: ".").contains(Substring(region.rawValue)) }
            ?? listed.first {
                $0.authority.split(separator: ".").allSatisfy { Partition.of(region: String($0)) == nil }
            }
    }

    /// The origins that a spoke may have used which sent this `Host`; all of them behind a proxy that changes it.
    package func origins(forHost host: String?) -> [String] {
        let named = origins.filter { origin in
            host.map { origin.hasSuffix("://\($0.lowercased())") } ?? false
        }
        return named.isEmpty ? origins : named
    }
}
