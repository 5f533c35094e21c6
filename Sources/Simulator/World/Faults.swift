internal import Ambient

/// What shall go wrong, with which calls, and how often.
package struct FaultRule: Sendable, Hashable {
    /// What goes wrong.
    package enum Action: Sendable, Hashable {
        /// The call is performed; its connection closes without an answer.
        case dropAnswer
        /// The connection closes before the call is performed.
        case dropRequest
        /// The call is performed; its answer comes late, by the wall clock.
        case delay(Duration)
        /// The call is not performed and refused.
        case refuse(status: Int, code: String, message: String)
        /// The call is not performed and throttled.
        case throttle(retryAfter: Int)
        /// The call is performed; half of its answer's body comes, then the connection closes.
        case truncate
    }

    package let action: Action
    /// Calls it is for; nil: any.
    package var service: String?
    package var operation: String?
    package var account: String?
    package var region: String?
    /// How many calls are let through first.
    package var skip = 0
    /// How many calls it hits at most; nil: no end.
    package var count: Int?
    /// How probable it hits a call that it is for, 0 to 1.
    package var probability: Double = 1

    package init(_ action: Action) {
        self.action = action
    }
}

/// The rules in force, of which the first that hits a call decides its fate.
package struct FaultBook: Sendable {
    /// A rule with what has become of it.
    package struct Entry: Sendable {
        package let id: Int
        package let rule: FaultRule
        package fileprivate(set) var seen = 0
        package fileprivate(set) var hits = 0
    }

    package private(set) var entries: [Entry] = []
    private var nextID = 1
    private let chance: any Chance

    init(chance: any Chance) {
        self.chance = chance
    }

    /// Adds a rule behind those there are, and answers its number.
    @discardableResult
    package mutating func add(_ rule: FaultRule) -> Int {
        entries.append(Entry(id: nextID, rule: rule))
        nextID += 1
        return nextID - 1
    }

    package mutating func clear() {
        entries = []
    }

    /// What happens to a call, counted.
    mutating func strike(service: String, operation: String, at place: Place) -> FaultRule.Action? {
        for index in entries.indices {
            let rule = entries[index].rule
            guard rule.service.map({ $0 == service }) ?? true, rule.operation.map({ $0 == operation }) ?? true,
                rule.account.map({ $0 == place.account }) ?? true, rule.region.map({ $0 == place.region }) ?? true
            else { continue }
            entries[index].seen += 1
            guard entries[index].seen > rule.skip, rule.count.map({ entries[index].hits < $0 }) ?? true,
                rule.probability >= 1 || fraction(chance) < rule.probability
            else { continue }
            entries[index].hits += 1
            return rule.action
        }
        return nil
    }

    private func fraction(_ chance: some Chance) -> Double { chance.fraction() }
}
