package import Ambient

/// Waits until something is so, with a deadline: what tests do instead of sleeping.
///
/// The condition is asked again every few milliseconds.
/// - Throws: `ConditionTimeout` at the deadline; what the condition throws.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(180),
    time: any TimeSource = SystemTime(),
    _ condition: () async throws -> Bool
) async throws {
    let end = time.elapsed() + limit
    while try await !condition() {
        guard time.elapsed() < end else { throw ConditionTimeout(what: what) }
        try await time.sleep(for: .milliseconds(5))
    }
}

/// Something did not happen in time.
package struct ConditionTimeout: Error, CustomStringConvertible {
    package let what: String
    package var description: String { "it did not happen in time: \(what)" }
}
