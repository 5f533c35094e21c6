import Foundation
import OpenSSL
import Testing

@Suite struct `Secret bytes` {
    /// What this process has at an address now, as the kernel tells it; nil where there is nothing any more.
    private static func memory(at address: UInt, count: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: "/proc/self/mem") else { return nil }
        defer { try? file.close() }
        do {
            try file.seek(toOffset: UInt64(address))
            return try file.read(upToCount: count).map { Array($0) }
        } catch { return nil }
    }

    /// A pattern of a length that memory is asked for by nobody else.
    private static func pattern() -> [UInt8] { (0..<6_007).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) } }

    @Test func `are overwritten when nobody holds them any more`() throws {
        var secret: SecretBytes? = SecretBytes(taking: Self.pattern())
        let address = try #require(secret?.address)
        #expect(Self.memory(at: address, count: 6_007) == Self.pattern())
        secret = nil
        // Where the memory is given back to the system, nothing is left of it either.
        let left = Self.memory(at: address, count: 6_007) ?? []
        let same = zip(left.dropFirst(16), Self.pattern().dropFirst(16)).count { $0 == $1 }
        #expect(same < 600, "\(same) bytes are as they were")
        #expect(secret == nil)
    }

    @Test func `leave nothing in the array that they came from`() throws {
        let bytes = Self.pattern()
        let address = unsafe bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        #expect(Self.memory(at: address, count: 6_007) == Self.pattern())
        let secret = SecretBytes(taking: consume bytes)
        let left = Self.memory(at: address, count: 6_007) ?? []
        let same = zip(left.dropFirst(16), Self.pattern().dropFirst(16)).count { $0 == $1 }
        #expect(same < 600, "\(same) bytes are as they were")
        #expect(secret == SecretBytes(taking: Self.pattern()))
    }

    @Test func `are compared whole`() {
        let secret = SecretBytes(taking: [1, 2, 3])
        #expect(secret == SecretBytes(taking: [1, 2, 3]))
        for other in [[], [1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0]] as [[UInt8]] {
            #expect(secret != SecretBytes(taking: other))
        }
        #expect(SecretBytes(taking: []) == SecretBytes(taking: []))
    }
}
