internal import NIOCore

/// The leading bits that the addresses of a network share: `10.0.0.0/8`, `::1/128`, or a single address.
struct Network: Sendable, Hashable {
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
