internal import ArgumentParser

/// What every list takes.
struct ListOptions: ParsableArguments {
    @Option(help: "At most so many; all unless said.") var limit: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1.") }
    }
}
