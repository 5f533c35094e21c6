import Ambient
import Console
import Contract
import Recovery

/// Models for pages: ordinary, empty and hostile.
enum Sample {
    /// What stands in every text of a hostile model.
    static let hostile = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

    static let now = instant("2026-11-23T07:46:25.000Z")

    static func instant(_ text: String) -> Instant {
        guard let instant = Instant(text) else { preconditionFailure("\(text) is no time") }
        return instant
    }

    static func label<Value: Label>(_ text: String) -> Value {
        guard let label = Value(rawValue: text) else { preconditionFailure("\(text) is no label") }
        return label
    }

    static func id<Subject>(_ number: Int) -> Identifier<Subject> {
        let digits = String(number)
        let text = "01950000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        guard let id = Identifier<Subject>(text) else { preconditionFailure("\(text) is no identifier") }
        return id
    }

    static func server(_ number: Int) -> SourceServerID {
        let digits = String(number)
        return label("s-" + String(repeating: "0", count: 17 - digits.count) + digits)
    }

    static func viewer(_ roles: [Role] = [.admin], needsYou: Int = 1) -> Viewer {
        Viewer(
            name: "ana@example.com",
            roles: roles,
            permissions: roles.reduce(into: []) { $0.formUnion($1.permissions) },
            now: now,
            activeExecutions: 1,
            needsYou: needsYou
        )
    }
}
