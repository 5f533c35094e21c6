internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

// The words of the domain as the command line takes them: checked where they enter.
extension AccountNumber: ExpressibleByArgument {}
extension Region: ExpressibleByArgument {}
extension SourceServerID: ExpressibleByArgument {}
extension RecoverySnapshotID: ExpressibleByArgument {}
extension Assignment: ExpressibleByArgument {}
extension ExecutionStatus: ExpressibleByArgument {}
extension Spoke.State: ExpressibleByArgument {}
extension Readiness.State: ExpressibleByArgument {}

extension Instant: ExpressibleByArgument {
    init?(argument: String) {
        self.init(argument)
    }
}

extension ExecutionType: ExpressibleByArgument {
    /// Of either case: people write `--type drill`.
    init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}

extension RecoveryPlan.Ordering: ExpressibleByArgument {
    init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}

/// A tag as `key=value`; the value may be empty and may hold further equals signs.
struct TagArgument: ExpressibleByArgument, Sendable {
    let key: String
    let value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        (key, value) = (String(parts[0]), String(parts[1]))
    }
}

extension [TagArgument] {
    /// - Throws: `ValidationError` for a key that is given twice.
    func tags() throws -> [String: String] {
        var tags: [String: String] = [:]
        for tag in self {
            guard tags.updateValue(tag.value, forKey: tag.key) == nil else {
                throw ValidationError("The tag \(tag.key) is given twice.")
            }
        }
        return tags
    }
}
