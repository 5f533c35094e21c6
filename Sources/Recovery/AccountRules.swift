/// What must hold of an account beyond its form.
package struct AccountRules: Sendable {
    let account: Account

    package init(_ account: Account) {
        self.account = account
    }

    /// The answer to the caller; nil when every rule holds.
    package var refusal: Refusal? {
        let unknown = account.regions.enumerated().filter { !Region.withDRS.contains($0.element) }
        var pointers = unknown.map { Refusal.Pointer("/regions/\($0.offset)", "DRS is not offered in \($0.element)") }
        let repeated =
            repetitions(account.regions, at: "/regions") + repetitions(account.spokePrincipals, at: "/spokePrincipals")
        pointers += repeated
        guard let first = pointers.first else { return nil }
        let detail = pointers.count == 1 ? first.message : "\(pointers.count) rules are broken"
        return Refusal(repeated.isEmpty ? .unknownRegion : .ruleBroken, detail, .pointers(pointers))
    }

    private func repetitions<Element: Hashable>(_ elements: [Element], at pointer: String) -> [Refusal.Pointer] {
        var seen: Set<Element> = []
        return elements.enumerated().filter { !seen.insert($0.element).inserted }.map {
            Refusal.Pointer("\(pointer)/\($0.offset)", "\($0.element) is named twice")
        }
    }
}
