internal import Foundation

/// The number a random test starts from: the same seed is the same test, on every machine.
///
/// `@Test(arguments: Seed.some)` runs 100 of them; `SEEDS=100000` runs more, `SEED=4` that one alone. The seed is the
/// test's argument, so that a failure names it.
package struct Seed: Sendable, Hashable, CustomStringConvertible {
    package let value: UInt64

    package init(_ value: UInt64) {
        self.value = value
    }

    package var description: String { "seed \(value)" }

    /// The seeds that the environment asks for.
    package static var some: [Seed] { some(100) }

    /// As `some`, with another number where the environment is silent.
    package static func some(_ count: UInt64) -> [Seed] {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["SEED"].flatMap(UInt64.init) { return [Seed(one)] }
        let asked = environment["SEEDS"].flatMap(UInt64.init) ?? count
        return (0..<asked).map(Seed.init)
    }
}

/// A repeatable stream of random numbers (SplitMix64), for the collections' own `shuffled(using:)` and `random(in:using:)`.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(_ seed: Seed) {
        state = seed.value &* 0xD134_2543_DE82_EF95 &+ 0x1234_5678_9ABC_DEF1
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True with the given probability.
    package mutating func happens(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    package mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }
}
