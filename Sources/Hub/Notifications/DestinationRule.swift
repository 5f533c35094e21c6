internal import NIOCore
internal import NIOPosix

/// Which addresses notifications may go to: those of the Internet, and networks that an operator allows.
///
/// A target's URL is written by a person and fetched by the hub, from inside. So that nobody reaches what only the hub
/// can reach (its own machine, the metadata of its cloud, the database's network), an internal address is refused
/// unless `MUSTER_NOTIFICATION_NETWORKS` names its network. The address that was looked at is the one that is connected to:
/// a name that answers differently the second time changes nothing.
package struct DestinationRule: Sendable, Hashable {
    private let allowed: [Network]

    /// Nil when one of the texts is no network.
    package init?(allowing texts: [String]) {
        var allowed: [Network] = []
        for text in texts {
            guard let network = Network(text) else { return nil }
            allowed.append(network)
        }
        self.allowed = allowed
    }

    /// Whether any internal network is allowed, without which plain http can lead nowhere.
    package var allowsAny: Bool { !allowed.isEmpty }

    /// What an address is to the rule.
    package enum Standing: Sendable, Hashable {
        case outside
        /// Internal, and allowed.
        case allowed
        case refused
    }

    /// Judges an address as text.
    package func standing(of address: String) -> Standing {
        guard var bytes = Network.bytes(of: address) else { return .refused }
        for prefix in Self.carriers where prefix.contains(bytes) { bytes = Array(bytes.suffix(4)) }
        if allowed.contains(where: { $0.contains(bytes) }) { return .allowed }
        if bytes.count == 4 { return Self.inside4.contains { $0.contains(bytes) } ? .refused : .outside }
        let isGlobal = Self.global6.contains { $0.contains(bytes) }
        return isGlobal && !Self.inside6.contains { $0.contains(bytes) } ? .outside : .refused
    }

    /// Looks a host up and answers the address that it may be reached by.
    ///
    /// - Throws: `DeliveryProblem`.
    func address(of host: String, port: Int) async throws -> (address: SocketAddress, standing: Standing) {
        let found: SocketAddress
        do {
            found = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
        } catch {
            throw DeliveryProblem("\(host) is not known")
        }
        let standing = found.ipAddress.map { self.standing(of: $0) } ?? .refused
        guard standing != .refused else {
            throw DeliveryProblem(
                "\(host) is an internal address, and MUSTER_NOTIFICATION_NETWORKS does not allow it",
                isFinal: true
            )
        }
        return (found, standing)
    }

    /// IPv6 that carries an IPv4 address in its last bytes: mapped (RFC 4291) and translated (RFC 6052).
    private static let carriers = ["::ffff:0:0/96", "64:ff9b::/96"].compactMap { Network($0) }
    /// What of IPv4 is not the Internet (IANA IPv4 Special-Purpose Address Registry), multicast and reserved included.
    private static let inside4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3",
    ].compactMap { Network($0) }
    /// Global unicast; all else is link-local, unique local, multicast or unassigned.
    private static let global6 = ["2000::/3"].compactMap { Network($0) }
    /// What of it is not the Internet: Teredo, documentation, 6to4 (IANA IPv6 Special-Purpose Address Registry).
    private static let inside6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].compactMap { Network($0) }
}

/// Why a message could not be delivered, in words that tell no secret and nothing of what a stranger's server answered.
struct DeliveryProblem: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String
    /// Whether trying again cannot help.
    let isFinal: Bool

    init(_ description: String, isFinal: Bool = false) {
        self.description = description
        self.isFinal = isFinal
    }
}
