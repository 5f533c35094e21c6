internal import Synchronization

/// A source of random numbers that can be shared; a test gives a seeded one.
package protocol Chance: Sendable {
    /// The next 64 random bits.
    func next() -> UInt64
}

extension Chance {
    /// A number in `0..<1`.
    package func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Random bytes, as many as asked for; from `SystemChance` they are fit for secrets.
    package func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            let word = next()
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return Array(bytes.prefix(count))
    }
}

/// The operating system's generator (`getrandom`), fit for secrets.
package struct SystemChance: Chance {
    package init() {}

    package func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// A repeatable sequence from a seed (SplitMix64); never for secrets.
package final class SeededChance: Chance {
    private let state: Mutex<UInt64>

    package init(seed: UInt64) {
        state = Mutex(seed)
    }

    package func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
