internal import COpenSSL

/// Secret bytes that are overwritten when nobody holds them any more.
///
/// A Swift array leaves its bytes behind in memory that is free again, for whoever gets it next or reads a dump. These lie
/// in memory of OpenSSL's, never move, and are overwritten (`OPENSSL_cleanse`) before they are given back. They have no
/// description, so that no log shows them.
@safe
package final class SecretBytes: Sendable, Equatable {
    package let count: Int

    // Safe to share: after `init` nothing writes there, and only `deinit` gives it back.
    nonisolated(unsafe) let start: UnsafeMutablePointer<UInt8>

    /// Takes bytes over: where nobody else holds the array, its own memory is overwritten, too.
    package init(taking bytes: consuming [UInt8]) {
        count = bytes.count
        // One byte more, so that there is an address for none.
        guard let memory = unsafe muster_secret_memory(count + 1) else {
            preconditionFailure("there is no memory for \(count) bytes")
        }
        unsafe start = unsafe memory
        unsafe start.update(from: bytes, count: count)
        Self.cleanse(&bytes)
    }

    deinit {
        unsafe muster_give_back(start, count + 1)
    }

    /// Where they lie, for tests that look there afterwards.
    package var address: UInt { unsafe UInt(bitPattern: start) }

    /// In the same time wherever two of them differ.
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left.start, right.start, left.count) == 0
    }

    /// Overwrites an array; where somebody else holds it, too, only a copy.
    static func cleanse(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
