/// The three things no code takes from the air: time, identity, chance.
///
/// A program makes one from the machine; a test makes one from a seed and a clock it moves by hand.
package struct Ambient: Sendable {
    package let time: any TimeSource
    package let chance: any Chance
    /// Where a test may end the process.
    package let failpoints: Failpoints

    package init(
        time: any TimeSource = SystemTime(),
        chance: any Chance = SystemChance(),
        failpoints: Failpoints = .none
    ) {
        self.time = time
        self.chance = chance
        self.failpoints = failpoints
    }

    /// The wall clock now.
    package var now: Instant {
        time.now()
    }

    /// A new identifier that sorts by time.
    package func identifier<Subject>(for subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        func make(_ chance: some Chance) -> Identifier<Subject> { Identifier(at: now, by: chance) }
        return make(chance)
    }
}
