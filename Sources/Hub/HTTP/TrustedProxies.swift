internal import NIOCore
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

    /// The leading bits that the addresses of a network share.
    private struct Network: Sendable, Hashable {
        let prefix: [UInt8]
        let bits: Int

        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard let address = parts.first, parts.count <= 2, let prefix = Self.bytes(of: String(address)) else {
                return nil
            }
            let bits = parts.count == 2 ? Int(parts[1]) : prefix.count * 8
            guard let bits, (0...prefix.count * 8).contains(bits) else { return nil }
            self.prefix = prefix
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == prefix.count else { return false }
            return (0..<bits).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                return address[bit / 8] & mask == prefix[bit / 8] & mask
            }
        }

        /// The 4 or 16 bytes of an address; nil for what is none.
        static func bytes(of text: String) -> [UInt8]? {
            guard let address = try? SocketAddress(ipAddress: text, port: 0), let text = address.ipAddress else {
                return nil
            }
            return text.contains(":") ? version6(text) : text.split(separator: ".").compactMap { UInt8($0) }
        }

        /// The bytes of an address in the form that the system writes (RFC 5952), so that it need not be checked again.
        private static func version6(_ text: String) -> [UInt8]? {
            let halves = text.split(separator: "%")[0].split(separator: "::", omittingEmptySubsequences: false)
            let groups = halves.map { half in
                half.split(separator: ":").flatMap { group -> [UInt8] in
                    if group.contains(".") { return group.split(separator: ".").compactMap { UInt8($0) } }
                    guard let number = UInt16(group, radix: 16) else { return [] }
                    return [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
                }
            }
            guard let head = groups.first, let tail = groups.last, groups.count == 2 else { return groups.first }
            return head + [UInt8](repeating: 0, count: max(0, 16 - head.count - tail.count)) + tail
        }
    }
}
