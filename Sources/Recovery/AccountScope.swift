/// A set of accounts: all of them, or some.
package enum AccountScope: Sendable, Hashable {
    case all
    case accounts(Set<AccountNumber>)

    package static let none = AccountScope.accounts([])

    /// All where no accounts are named, else those.
    package init(_ accounts: [AccountNumber]?) {
        self = accounts.map { .accounts(Set($0)) } ?? .all
    }

    package func covers(_ account: AccountNumber) -> Bool {
        switch self {
        case .all: true
        case .accounts(let accounts): accounts.contains(account)
        }
    }

    /// Whether every one of the accounts is in it.
    package func covers(all accounts: some Collection<AccountNumber>) -> Bool {
        accounts.allSatisfy { covers($0) }
    }

    /// The accounts to look in, for the `ANY` of a statement; nil: everywhere.
    package var limit: [AccountNumber]? {
        switch self {
        case .all: nil
        case .accounts(let accounts): accounts.sorted()
        }
    }

    /// Whether an object of these accounts may be seen: any of them suffices, and one of no account may.
    package func shows(_ accounts: some Collection<AccountNumber>) -> Bool {
        accounts.isEmpty || accounts.contains { covers($0) }
    }

    package func union(_ other: AccountScope) -> AccountScope {
        switch (self, other) {
        case (.all, _), (_, .all): .all
        case (.accounts(let left), .accounts(let right)): .accounts(left.union(right))
        }
    }
}
