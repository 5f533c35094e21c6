import AWS
import Ambient
import Synchronization
import Testing

/// Waits until a claim holds, at most three minutes: others may be busy.
func eventually(_ claim: @Sendable () -> Bool) async throws {
    let end = SystemTime().elapsed() + .seconds(180)
    while !claim() {
        try #require(SystemTime().elapsed() < end, "the claim did not come true in time")
        try await SystemTime().sleep(for: .milliseconds(2))
    }
}

/// A number that many tasks raise.
final class Counter: Sendable {
    private let value = Mutex(0)

    @discardableResult func increment() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }

    var count: Int { value.withLock { $0 } }
}

/// A source of credentials that knows how often it was asked.
struct CountedSource: CredentialSource {
    private let counter = Counter()
    private let give: @Sendable (_ number: Int) async throws -> Credentials

    init(_ give: @escaping @Sendable (_ number: Int) async throws -> Credentials) {
        self.give = give
    }

    func credentials() async throws -> Credentials {
        try await give(counter.increment())
    }

    var count: Int { counter.count }
}
