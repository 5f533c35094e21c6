internal import OpenSSL

/// The proxies whose `X-Forwarded-For` is believed, as networks (`10.0.0.0/8`, `::1/128`, or a single address).
package struct TrustedProxies: Sendable, Hashable {
    private let networks: [Network]

    /// No proxy is trusted: the connection's own address counts.
    package static let none = TrustedProxies(networks: [])

    private init(networks: [Network]) {
        self.networks = networks
    }

    /// Nil when one of them is no network.
    package init?(_ texts: [String]) {
        var networks: [Network] = []
        for text in texts {
            guard let network = Network(text) else { return nil }
            networks.append(network)
        }
        self.networks = networks
    }

    /// The address that a request came from: the nearest one that is no trusted proxy.
    package func address(peer: String, forwarded: [String]) -> String {
        guard isTrusted(peer) else { return peer }
        let hops = forwarded.flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks }
        var nearest = peer
        for hop in hops.reversed() {
            // What is no address was not written by a proxy; whoever stands behind it cannot be known.
            guard Network.bytes(of: hop) != nil else { return nearest }
            nearest = hop
            guard isTrusted(hop) else { return hop }
        }
        return nearest
    }

    /// What an address is counted by: itself; of IPv6 its network of 64 bits, for whoever has one address there has them all
    /// (RFC 6177 section 2).
    static func neighbourhood(of address: String) -> String {
        guard address.contains(":"), let bytes = Network.bytes(of: address), bytes.count == 16 else { return address }
        // IPv4 in IPv6's clothes (RFC 4291 section 2.5.5.2).
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? address : Hex.encode(Array(bytes.prefix(8)))
    }

    /// Whether an address is in one of the networks.
    package func contains(_ address: String) -> Bool { isTrusted(address) }

    private func isTrusted(_ address: String) -> Bool {
        guard let bytes = Network.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }
}
