package import Ambient

/// Tokens whose signature has been verified, by their SHA-256, until they expire.
///
/// Bounded: a new one takes the place of the one that came first.
package struct VerifiedTokens {
    private let limit: Int
    private var tokens: [Digest: AccessToken] = [:]
    private var order: [Digest] = []
    private var next = 0
    private var generation = 0

    /// 32 bytes as four numbers: cheaper to hash and compare than an array.
    package struct Digest: Hashable {
        private let words: (UInt64, UInt64, UInt64, UInt64)

        package init(_ bytes: [UInt8]) {
            func word(_ index: Int) -> UInt64 {
                bytes.dropFirst(index * 8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            }
            words = (word(0), word(1), word(2), word(3))
        }

        package static func == (left: Digest, right: Digest) -> Bool {
            left.words == right.words
        }

        package func hash(into hasher: inout Hasher) {
            // A digest is as good as chance already; a part of it decides the bucket.
            hasher.combine(words.0)
        }
    }

    package init(limit: Int) {
        self.limit = limit
    }

    package var count: Int { tokens.count }

    /// The token of a digest, unless it has expired or the keys have changed since.
    package mutating func find(_ digest: Digest, at now: Instant, generation: Int) -> AccessToken? {
        forget(before: generation)
        guard let token = tokens[digest] else { return nil }
        guard now < token.expires else {
            tokens[digest] = nil
            return nil
        }
        return token
    }

    /// Keeps a token that was verified with the keys of a generation.
    package mutating func keep(_ token: AccessToken, as digest: Digest, generation: Int) {
        forget(before: generation)
        guard generation == self.generation, tokens.updateValue(token, forKey: digest) == nil else { return }
        if order.count < limit {
            order.append(digest)
        } else {
            tokens[order[next]] = nil
            order[next] = digest
            next = (next + 1) % limit
        }
    }

    private mutating func forget(before generation: Int) {
        guard generation > self.generation else { return }
        self.generation = generation
        tokens = [:]
        order = []
        next = 0
    }
}
