internal import Foundation

/// Where the hub is: an origin that a token may be sent to.
package struct HubAddress: Sendable, Hashable, CustomStringConvertible {
    /// Scheme and authority, as `https://muster.example.com`.
    package let description: String

    /// Where a hub on this machine listens unless told otherwise.
    package static let standard = "http://127.0.0.1:8080"

    /// Takes https everywhere, and plain http for this machine alone: a token must not cross a network in the clear.
    ///
    /// - Throws: `Trouble`.
    package init(_ text: String) throws {
        func wrong(_ rule: String) -> Trouble {
            Trouble(
                "\(text) cannot be a hub: \(rule)",
                code: "HUB_ADDRESS",
                advice: "Give an address as \(Self.standard) by --hub-url or MUSTER_HUB_URL.",
                status: .usage
            )
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), !host.isEmpty
        else { throw wrong("it is not an address") }
        guard parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil, parts.user == nil
        else { throw wrong("nothing may follow host and port, and no user stand before them") }
        guard scheme == "https" || (scheme == "http" && Self.isLoopback(host)) else {
            throw wrong(scheme == "http" ? "plain http is for this machine alone" : "it is neither https nor http")
        }
        description = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    }

    private static func isLoopback(_ host: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
